#include "plugins/discovery/local/child.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <system_error>

extern char** environ;

namespace bkt::local_host {
namespace {

constexpr int kPipeBytes = 1 << 20;  // fewer turns of the loop; the kernel may refuse, no harm

struct Pipe {
    UniqueFd read, write;
};

Result<Pipe> make_pipe() {
    int fds[2];
    if (::pipe2(fds, O_CLOEXEC) != 0)
        return Error{Code::unavailable, "making a pipe: " + std::generic_category().message(errno),
                     "raise the limit of open files (ulimit -n)"};
    ::fcntl(fds[0], F_SETPIPE_SZ, kPipeBytes);
    return Pipe{UniqueFd(fds[0]), UniqueFd(fds[1])};
}

void set_nonblocking(const UniqueFd& fd) {
    if (fd) ::fcntl(fd.get(), F_SETFL, ::fcntl(fd.get(), F_GETFL) | O_NONBLOCK);
}

std::string name_of(const std::string& word) { return word.substr(0, word.find('=')); }

// Our environment, with the words of `added` in place of those of the same name. Borrows from both.
std::vector<char*> merged_environment(const std::vector<std::string>& added) {
    std::vector<char*> env;
    for (char** e = environ; *e; ++e) {
        const std::string name = name_of(*e);
        bool replaced = false;
        for (const auto& a : added) replaced = replaced || name_of(a) == name;
        if (!replaced) env.push_back(*e);
    }
    for (const auto& a : added) env.push_back(const_cast<char*>(a.c_str()));
    env.push_back(nullptr);
    return env;
}

// posix_spawn's two option objects, freed together.
struct SpawnOptions {
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;

    SpawnOptions() {
        ::posix_spawn_file_actions_init(&files);
        ::posix_spawnattr_init(&attributes);
        sigset_t none, all;
        ::sigemptyset(&none);
        ::sigfillset(&all);
        ::posix_spawnattr_setsigmask(&attributes, &none);
        ::posix_spawnattr_setsigdefault(&attributes, &all);
        ::posix_spawnattr_setpgroup(&attributes, 0);
        ::posix_spawnattr_setflags(
            &attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    }
    SpawnOptions(const SpawnOptions&) = delete;
    SpawnOptions& operator=(const SpawnOptions&) = delete;
    ~SpawnOptions() {
        ::posix_spawn_file_actions_destroy(&files);
        ::posix_spawnattr_destroy(&attributes);
    }
};

Error cannot_start(const std::string& tool, int e) {
    if (e == ENOENT)
        return {Code::not_found, "there is no '" + tool + "' on this machine",
                "install the package that has it, or add its folder to PATH"};
    if (e == EACCES)
        return {Code::denied, "'" + tool + "' may not be executed", "check its permissions"};
    return {Code::unavailable, "starting '" + tool + "': " + std::generic_category().message(e)};
}

bool has_nul(const std::vector<std::string>& words) {
    for (const auto& w : words)
        if (w.find('\0') != std::string::npos) return true;
    return false;
}

}  // namespace

Result<Child> Child::start(const std::vector<std::string>& argv,
                           const std::vector<std::string>& env, bool with_stdin) {
    if (argv.empty() || argv.front().empty()) return Error{Code::invalid, "no tool was named"};
    if (has_nul(argv) || has_nul(env))
        return Error{Code::invalid, "an argument of '" + argv.front() + "' holds a NUL byte"};
    BKT_LET(Pipe out, make_pipe());
    BKT_LET(Pipe err, make_pipe());
    Pipe in;
    if (with_stdin) {
        BKT_LET(in, make_pipe());
    } else {
        in.read = UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    }

    SpawnOptions options;
    // An end that happens to be the wanted number already would keep its close-on-exec: glibc's dup2
    // action clears it then.
    ::posix_spawn_file_actions_adddup2(&options.files, in.read.get(), 0);
    ::posix_spawn_file_actions_adddup2(&options.files, out.write.get(), 1);
    ::posix_spawn_file_actions_adddup2(&options.files, err.write.get(), 2);
    ::posix_spawn_file_actions_addclosefrom_np(&options.files, 3);

    std::vector<char*> words;
    for (const auto& a : argv) words.push_back(const_cast<char*>(a.c_str()));
    words.push_back(nullptr);
    auto environment = merged_environment(env);
    Child child;
    pid_t pid = -1;
    const int e = ::posix_spawnp(&pid, words[0], &options.files, &options.attributes, words.data(),
                                 environment.data());
    if (e != 0) return cannot_start(argv.front(), e);
    child.pid_ = pid;
    child.pid_fd_ = UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    child.in = std::move(in.write);
    child.out = std::move(out.read);
    child.err = std::move(err.read);
    set_nonblocking(child.in);
    set_nonblocking(child.out);
    set_nonblocking(child.err);
    return child;
}

Child::Child(Child&& other) noexcept
    : in(std::move(other.in)),
      out(std::move(other.out)),
      err(std::move(other.err)),
      pid_(std::exchange(other.pid_, -1)),
      pid_fd_(std::move(other.pid_fd_)) {}

Child::~Child() {
    if (pid_ < 0) return;
    signal(SIGKILL);
    reap();
}

bool Child::ended() const {
    siginfo_t info{};
    return pid_ < 0 ||
           (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
            info.si_pid == pid_);
}

void Child::signal(int number) const {
    if (pid_ > 0) ::kill(-pid_, number);
}

int Child::reap() {
    siginfo_t info{};
    const auto id = static_cast<id_t>(pid_);
    while (::waitid(P_PID, id, &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
    }
    // The zombie still holds the group's number, so this reaches only what the tool left behind.
    signal(SIGKILL);
    while (::waitid(P_PID, id, &info, WEXITED) != 0 && errno == EINTR) {
    }
    pid_ = -1;
    return info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
}

}  // namespace bkt::local_host
