#include "core/plugin/worker/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#include "core/plugin/wire/pipe.hpp"

namespace bkt::plugin::worker {
namespace {

constexpr std::size_t kTailBytes = 4096;
constexpr int kPatienceMs = 2000;  // for a process that was killed

std::vector<std::string> environment() {
    std::vector<std::string> made{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8"};
    for (const char* name : {"TZ", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"})
        if (const char* value = std::getenv(name))
            made.push_back(name + ("=" + std::string(value)));
    return made;
}

// posix_spawn's preparations, freed whatever happens.
struct Plan {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    Plan() {
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawnattr_init(&attributes);
        sigset_t none, all;
        ::sigemptyset(&none);
        ::sigfillset(&all);
        ::posix_spawnattr_setsigmask(&attributes, &none);
        ::posix_spawnattr_setsigdefault(&attributes, &all);
        // A session of its own: Ctrl-C is for the host, which ends its plugins in order.
        ::posix_spawnattr_setflags(
            &attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
    }
    ~Plan() {
        ::posix_spawn_file_actions_destroy(&actions);
        ::posix_spawnattr_destroy(&attributes);
    }
};

}  // namespace

Result<std::unique_ptr<Process>> Process::start(const std::string& program, std::string argument,
                                                UniqueFd socket) {
    BKT_LET(wire::Pipe output, wire::make_pipe());
    // dup2 onto itself would leave close-on-exec set; out of the way first.
    UniqueFd high(::fcntl(socket.get(), F_DUPFD_CLOEXEC, 10));
    UniqueFd out(::fcntl(output.write.get(), F_DUPFD_CLOEXEC, 10));
    if (!high || !out) return Error{Code::unavailable, "no descriptors left"};
    Plan plan;
    ::posix_spawn_file_actions_addopen(&plan.actions, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&plan.actions, out.get(), 1);
    ::posix_spawn_file_actions_adddup2(&plan.actions, out.get(), 2);
    ::posix_spawn_file_actions_adddup2(&plan.actions, high.get(), 3);
    auto variables = environment();
    std::vector<char*> env;
    for (auto& variable : variables) env.push_back(variable.data());
    env.push_back(nullptr);
    std::string name = "baktainer-plugin-host";
    char* argv[] = {name.data(), argument.data(), nullptr};
    pid_t pid = 0;
    if (const int error =
            ::posix_spawn(&pid, program.c_str(), &plan.actions, &plan.attributes, argv, env.data());
        error != 0)
        return Error{Code::unavailable, "cannot start '" + program + "': " + std::strerror(error),
                     "it is part of Baktainer's installation: install it again"};
    UniqueFd handle(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    if (!handle) {
        ::kill(pid, SIGKILL);  // a child not waited for keeps its number
        ::waitpid(pid, nullptr, 0);
        return Error{Code::unsupported, "this kernel has no pidfd_open", "use Linux 5.3 or newer"};
    }
    return std::unique_ptr<Process>(new Process(pid, std::move(handle), std::move(output.read)));
}

Process::Process(pid_t pid, UniqueFd handle, UniqueFd output)
    : pid_(pid),
      life_(std::make_shared<Life>(std::move(handle), std::move(output))),
      reader_([life = life_] { life->read_output(); }) {}

Process::~Process() {
    kill();
    if (!life_->end(kPatienceMs).empty()) {
        reader_.join();
    } else {
        reader_.detach();
        std::thread([life = life_] { life->end(-1); }).detach();
    }
}

void Process::kill() noexcept {
    ::syscall(SYS_pidfd_send_signal, life_->handle.get(), SIGKILL, nullptr, 0);
}

std::string Process::end(int ms) { return life_->end(ms); }

std::string Process::Life::end(int ms) {
    pollfd ended{handle.get(), POLLIN, 0};
    while (::poll(&ended, 1, ms) < 0 && errno == EINTR) {
    }
    const std::lock_guard lock(mutex);
    if (!how_it_ended.empty()) return how_it_ended;
    siginfo_t info{};
    if (::waitid(P_PIDFD, static_cast<id_t>(handle.get()), &info, WEXITED | WNOHANG) != 0 ||
        info.si_pid == 0)
        return {};
    how_it_ended = info.si_code == CLD_EXITED
                       ? "exited with " + std::to_string(info.si_status)
                       : "was killed by signal " + std::to_string(info.si_status) + " (" +
                             ::strsignal(info.si_status) + ")";
    return how_it_ended;
}

void Process::Life::read_output() {
    char buffer[4096];
    for (ssize_t n; (n = wire::read_some(output.get(), buffer, sizeof buffer)) > 0;) {
        const std::lock_guard lock(mutex);
        tail.append(buffer, static_cast<std::size_t>(n));
        if (tail.size() <= kTailBytes) continue;
        tail.erase(0, tail.size() - kTailBytes);
        // Whole lines only: half a line may be half a secret, which nothing would recognise.
        if (const auto at = tail.find('\n'); at != tail.npos) tail.erase(0, at + 1);
    }
    const std::lock_guard lock(mutex);
    output_ended = true;
    output_end.notify_all();
}

std::string Process::last_words() {
    std::unique_lock lock(life_->mutex);
    if (!life_->how_it_ended.empty())
        life_->output_end.wait_for(lock, std::chrono::milliseconds(500),
                                   [&] { return life_->output_ended; });
    return life_->tail;
}

}  // namespace bkt::plugin::worker
