#include "plugins/discovery/docker/exec_end.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/random.h>
#include <sys/syscall.h>

#include <charconv>
#include <filesystem>

#include "baktainer/unique_fd.hpp"
#include "plugins/discovery/docker/json_read.hpp"

namespace bkt::docker {
namespace {

using nlohmann::json;

constexpr auto kBeginLimit = std::chrono::seconds(3);
constexpr auto kTopLimit = std::chrono::milliseconds(400);
constexpr auto kAskEvery = std::chrono::milliseconds(400);
constexpr auto kClearLimit = std::chrono::seconds(2);
constexpr std::size_t kMaxEnvironBytes = 256 * 1024;
// Our words only; the mark and the signal arrive as arguments.
constexpr const char* kKillScript =
    "for p in /proc/[0-9]*; do if grep -q \"$1\" $p/environ 2>/dev/null; then "
    "kill -s \"$2\" \"${p#/proc/}\" 2>/dev/null; fi; done; :";

bool has_mark(pid_t pid, const std::string& mark) {
    const UniqueFd fd(
        ::open(("/proc/" + std::to_string(pid) + "/environ").c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd) return false;
    std::string text;
    char buffer[4096];
    for (ssize_t n;
         text.size() < kMaxEnvironBytes && (n = ::read(fd.get(), buffer, sizeof buffer)) > 0;)
        text.append(buffer, static_cast<std::size_t>(n));
    return text.find(mark) != std::string::npos;
}

// Hands a pidfd of every process of this machine that carries the mark to `visit`. It is taken before the
// look, so that the one that is visited is the one that was looked at.
template <class Visit>
void for_each_here(const std::string& mark, Visit&& visit) {
    std::error_code ec;
    for (const auto& entry : std::filesystem::directory_iterator("/proc", ec)) {
        const auto name = entry.path().filename().string();
        pid_t pid = 0;
        const auto [end, bad] = std::from_chars(name.data(), name.data() + name.size(), pid);
        if (bad != std::errc{} || end != name.data() + name.size()) continue;
        const UniqueFd process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
        if (process && has_mark(pid, mark)) visit(process.get());
    }
}

bool signal_here(const std::string& mark, int number) {
    bool any = false;
    for_each_here(mark, [&](int process) {
        any = ::syscall(SYS_pidfd_send_signal, process, number, nullptr, 0) == 0 || any;
    });
    return any;
}

std::string marked(const RunningExec& exec) { return std::string(kExecMark) + "=" + exec.mark; }

void signal_as(Api& api, const RunningExec& exec, const std::string& user, const std::string& mark,
               const char* name, const Wait& wait) {
    json body = {{"AttachStdout", false},
                 {"AttachStderr", false},
                 {"Tty", false},
                 {"Cmd", {"/bin/sh", "-c", kKillScript, "sh", mark, name}}};
    if (!user.empty()) body["User"] = user;
    const auto made = api.post("/containers/" + encoded(exec.container) + "/exec", body, wait);
    const auto id = made ? text_at(*made, "Id") : std::string();
    if (id.empty()) return;
    static_cast<void>(
        api.post("/exec/" + encoded(id) + "/start", {{"Detach", true}, {"Tty", false}}, wait));
}

// As root too: a tool that changed its user is out of reach of the one it was started as. Only as root
// would not do: an engine or a profile may refuse that.
void signal_inside(Api& api, const RunningExec& exec, const std::string& mark, const char* name,
                   const Wait& wait) {
    signal_as(api, exec, exec.user, mark, name, wait);
    signal_as(api, exec, "0", mark, name, wait);
}

// The engine answers a start before it has started anything, so that a tool just asked for may be still
// to come: it has neither begun nor ended then.
enum class Stage { to_come, running, ended, unknown };

Stage stage_of(Api& api, const RunningExec& exec) {
    const auto state = api.get("/exec/" + encoded(exec.id) + "/json",
                               Wait::uncancelled().within(std::chrono::seconds(2)));
    if (!state)  // gone with its container, or nobody answers
        return state.error().code == Code::not_found ? Stage::ended : Stage::unknown;
    if (flag_at(*state, "Running").value_or(true)) return Stage::running;
    return at(*state, "ExitCode").is_number() ? Stage::ended : Stage::to_come;
}

// The stage once it is another than `stage`, or `stage` when it lasts longer than `limit`.
Stage stage_after(Api& api, const RunningExec& exec, Stage stage, std::chrono::milliseconds limit) {
    const Wait wait = Wait::uncancelled().within(limit);
    for (;;) {
        const Stage now = stage_of(api, exec);
        if (now != stage || !wait.check() || !wait.sleep(std::chrono::milliseconds(50))) return now;
    }
}

Wait signal_limit() { return Wait::uncancelled().within(std::chrono::seconds(3)); }

// Kills until nothing here carries the mark any more.
bool clear_here(const std::string& mark) {
    const Wait wait = Wait::uncancelled().within(kClearLimit);
    while (signal_here(mark, SIGKILL))
        if (!wait.check() || !wait.sleep(std::chrono::milliseconds(20))) return false;
    return true;
}

}  // namespace

std::string random_mark() {
    unsigned char bytes[16];
    if (::getrandom(bytes, sizeof bytes, 0) != sizeof bytes)
        throw Error{Code::bug, "no random bytes"};
    std::string mark;
    for (const unsigned char b : bytes)
        (mark += "0123456789abcdef"[b >> 4]) += "0123456789abcdef"[b & 15];
    return mark;
}

bool is_running_here(const RunningExec& exec) {
    bool any = false;
    for_each_here(marked(exec), [&](int) { any = true; });
    return any;
}

std::string pid_of(const json& state) {
    const auto& pid = at(state, "Pid");
    return pid.is_number_integer() && pid.get<std::int64_t>() > 0
               ? std::to_string(pid.get<std::int64_t>())
               : std::string();
}

bool is_gone_from(Api& api, const std::string& container, const std::string& pid) {
    const auto top = api.get("/containers/" + encoded(container) + "/top?ps_args=-eo%20pid,stat",
                             Wait::uncancelled().within(kTopLimit));
    if (!top) return true;
    const auto& processes = at(*top, "Processes");
    if (!processes.is_array()) return false;
    const auto text = [](const json& row, std::size_t i) {
        return row.is_array() && row.size() > i && row[i].is_string()
                   ? row[i].get_ref<const std::string&>()
                   : std::string();
    };
    for (const auto& row : processes)
        if (!text(row, 0).empty() && (pid.empty() || text(row, 0) == pid) &&
            !text(row, 1).starts_with('Z'))
            return false;
    return true;
}

// Any of its processes that ends is taken for the main one: it costs a look, and no more.
bool EndWatch::has_ended() {
    if (here_.empty() && !is_elsewhere_) {
        for_each_here(marked(exec_), [&](int process) {
            here_.emplace_back(::fcntl(process, F_DUPFD_CLOEXEC, 0));
        });
        is_elsewhere_ = here_.empty();
    }
    for (const auto& process : here_) {
        pollfd ended{process.get(), POLLIN, 0};
        if (::poll(&ended, 1, 0) > 0) return true;
    }
    return is_elsewhere_ && engine_says_ended();
}

// Asked seldom: the engine starts a ps for it. An engine that is busy with the end of a container answers nobody
// about it, so no answer is taken for one.
bool EndWatch::engine_says_ended() {
    const auto now = std::chrono::steady_clock::now();
    if (now < ask_again_) return false;
    ask_again_ = now + kAskEvery;
    if (!exec_.id.empty() && pid_.empty()) {
        const auto state =
            api_.get("/exec/" + encoded(exec_.id) + "/json", Wait::uncancelled().within(kTopLimit));
        if (!state || !flag_at(*state, "Running").value_or(true)) return true;
        pid_ = pid_of(*state);
        if (pid_.empty()) return false;
    }
    return is_gone_from(api_, exec_.container, pid_);
}

bool end_exec(Api& api, const RunningExec& exec) {
    const std::string mark = marked(exec);
    const struct {
        int number;
        const char* name;
        std::chrono::milliseconds patience;
    } kSteps[] = {{SIGTERM, "TERM", std::chrono::seconds(2)},
                  {SIGKILL, "KILL", std::chrono::seconds(5)}};
    bool ended = stage_after(api, exec, Stage::to_come, kBeginLimit) == Stage::ended;
    bool is_elsewhere = false;
    for (const auto& step : kSteps) {
        if (ended) break;
        is_elsewhere = !signal_here(mark, step.number);
        if (is_elsewhere) signal_inside(api, exec, mark, step.name, signal_limit());
        ended = stage_after(api, exec, Stage::running, step.patience) == Stage::ended;
    }
    // The engine knows of the tool only; its children carry the mark too and may outlive it.
    if (is_elsewhere) signal_inside(api, exec, mark, "KILL", signal_limit());
    return ended && clear_here(mark);
}

}  // namespace bkt::docker
