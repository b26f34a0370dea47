#include "plugins/discovery/docker/exec_end.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>

#include <charconv>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "plugins/discovery/docker/fd.hpp"

namespace bkt::docker {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxEnvironBytes = 256 * 1024;
// Our words only; the mark and the signal arrive as arguments.
constexpr const char* kKillScript =
    "for p in /proc/[0-9]*; do if grep -q \"$1\" $p/environ 2>/dev/null; then "
    "kill -s \"$2\" \"${p#/proc/}\" 2>/dev/null; fi; done; :";

bool has_mark(pid_t pid, const std::string& mark) {
    const Fd fd(
        ::open(("/proc/" + std::to_string(pid) + "/environ").c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd) return false;
    std::string text(kMaxEnvironBytes, '\0');
    std::size_t filled = 0;
    for (ssize_t n; filled < text.size() &&
                    (n = ::read(fd.get(), text.data() + filled, text.size() - filled)) > 0;)
        filled += static_cast<std::size_t>(n);
    text.resize(filled);
    return text.find(mark) != std::string::npos;
}

// Signals every process of this machine that carries the mark. A pidfd is taken before the look, so that
// the one that is signalled is the one that was looked at.
bool signal_here(const std::string& mark, int number) {
    bool any = false;
    std::error_code ec;
    for (const auto& entry : std::filesystem::directory_iterator("/proc", ec)) {
        const auto name = entry.path().filename().string();
        pid_t pid = 0;
        const auto [end, bad] = std::from_chars(name.data(), name.data() + name.size(), pid);
        if (bad != std::errc{} || end != name.data() + name.size()) continue;
        const Fd process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
        if (!process || !has_mark(pid, mark)) continue;
        any = ::syscall(SYS_pidfd_send_signal, process.get(), number, nullptr, 0) == 0 || any;
    }
    return any;
}

void signal_inside(Api& api, const RunningExec& exec, const std::string& mark, const char* name,
                   const Wait& wait) {
    json body = {{"AttachStdout", false},
                 {"AttachStderr", false},
                 {"Tty", false},
                 {"Cmd", {"/bin/sh", "-c", kKillScript, "sh", mark, name}}};
    if (!exec.user.empty()) body["User"] = exec.user;
    const auto made = api.post("/containers/" + encoded(exec.container) + "/exec", body, wait);
    if (!made || !made->contains("Id")) return;
    static_cast<void>(api.post("/exec/" + made->at("Id").get<std::string>() + "/start",
                               {{"Detach", true}, {"Tty", false}}, wait));
}

bool ended(Api& api, const RunningExec& exec, std::chrono::milliseconds limit) {
    const Wait wait = Wait::uncancelled().within(limit);
    for (;;) {
        const auto state = api.get("/exec/" + exec.id + "/json",
                                   Wait::uncancelled().within(std::chrono::seconds(2)));
        if (!state) return state.error().code == Code::not_found;  // gone with its container
        if (!state->value("Running", true)) return true;
        if (!wait.check() || !wait.sleep(std::chrono::milliseconds(50))) return false;
    }
}

}  // namespace

bool end_exec(Api& api, const RunningExec& exec) {
    const std::string mark = std::string(kMarkVariable) + "=" + exec.mark;
    const struct {
        int number;
        const char* name;
        std::chrono::milliseconds patience;
    } kSteps[] = {{SIGTERM, "TERM", std::chrono::seconds(2)},
                  {SIGKILL, "KILL", std::chrono::seconds(5)}};
    if (ended(api, exec, std::chrono::milliseconds(1))) return true;
    for (const auto& step : kSteps) {
        if (!signal_here(mark, step.number))
            signal_inside(api, exec, mark, step.name,
                          Wait::uncancelled().within(std::chrono::seconds(3)));
        if (ended(api, exec, step.patience)) return true;
    }
    return false;
}

}  // namespace bkt::docker
