#include "core/plugin_host/sandbox.hpp"

#include <fcntl.h>
#include <grp.h>
#include <linux/landlock.h>
#include <malloc.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <memory>

namespace bkt::plugin_host {
namespace {

constexpr rlim_t kAddressSpaceBytes = rlim_t{4} << 30;
constexpr rlim_t kFds = 256;
constexpr uid_t kNobody = 65534;
// Sanitizers take terabytes of address space, and read files of their own.
#ifdef BAKTAINER_SANITIZED
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

bool limit(__rlimit_resource what, rlim_t to) {
    rlimit now{};
    if (::getrlimit(what, &now) != 0) return false;
    if (now.rlim_max != RLIM_INFINITY && now.rlim_max < to) to = now.rlim_max;
    const rlimit wanted{to, to};
    return ::setrlimit(what, &wanted) == 0;
}

bool set_limits() {
    const bool set = limit(RLIMIT_CORE, 0) && limit(RLIMIT_NOFILE, kFds);
    return (kSanitized || limit(RLIMIT_AS, kAddressSpaceBytes)) && set;
}

// What a plugin has no business with: other processes, the kernel, mounts, keys, new programs. The contract
// forbids fork and exec: tools run through the exec service.
constexpr int kRefused[] = {
    SCMP_SYS(execve),
    SCMP_SYS(execveat),
    SCMP_SYS(fork),
    SCMP_SYS(vfork),
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(pivot_root),
    SCMP_SYS(chroot),
    SCMP_SYS(unshare),
    SCMP_SYS(setns),
    SCMP_SYS(bpf),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(keyctl),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(delete_module),
    SCMP_SYS(kexec_load),
    SCMP_SYS(reboot),
    SCMP_SYS(swapon),
    SCMP_SYS(swapoff),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(open_by_handle_at),
    SCMP_SYS(acct),
    SCMP_SYS(settimeofday),
    SCMP_SYS(clock_settime),
    SCMP_SYS(sethostname),
    SCMP_SYS(quotactl),
    SCMP_SYS(io_uring_setup),
};

struct ReleaseFilter {
    void operator()(void* filter) const { ::seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, ReleaseFilter>;

// Does `action` for what is refused; nothing when this kernel or library cannot.
Filter filter_that(std::uint32_t action) {
    Filter filter(::seccomp_init(SCMP_ACT_ALLOW));
    if (!filter) return nullptr;
    bool good = true;
    for (const int call : kRefused) {
        // The leak checker at the end of a process looks at it from a thread of its own.
        if (kSanitized && action == SCMP_ACT_NOTIFY && call == SCMP_SYS(ptrace)) continue;
        good = ::seccomp_rule_add(filter.get(), action, call, 0) == 0 && good;
    }
    // A new process; a new thread shares its memory. What asks by clone3 cannot be looked into: it is told
    // to ask by clone.
    const scmp_arg_cmp own_memory{0, SCMP_CMP_MASKED_EQ, CLONE_VM, 0};
    good = ::seccomp_rule_add_array(filter.get(), action, SCMP_SYS(clone), 1, &own_memory) == 0 &&
           good;
    good =
        ::seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0 && good;
    return good ? std::move(filter) : nullptr;
}

bool filter_calls() {
    const Filter filter = filter_that(SCMP_ACT_ERRNO(EPERM));
    return filter && ::seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_TSYNC, 1) == 0 &&
           ::seccomp_load(filter.get()) == 0;
}

std::string name_of(int call) {
    if (call == SCMP_SYS(clone)) return "fork";
    const std::unique_ptr<char, decltype(&::free)> name(
        ::seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, call), &::free);
    return name ? name.get() : std::to_string(call);
}

constexpr std::uint64_t kRead =
    LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t kWrite = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                                 LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
                                 LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
                                 LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
                                 LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;

bool allow(int rules, const char* path, std::uint64_t access) {
    const UniqueFd at(::open(path, O_PATH | O_CLOEXEC));
    if (!at) return true;  // what is not there need not be allowed
    landlock_path_beneath_attr rule{};
    rule.allowed_access = access;
    rule.parent_fd = at.get();
    struct stat st {};
    if (::fstat(at.get(), &st) == 0 && !S_ISDIR(st.st_mode))
        rule.allowed_access &= LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE |
                               LANDLOCK_ACCESS_FS_WRITE_FILE;
    return ::syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
}

// Debian 12's C library has no wrappers; the numbers are the same on every architecture.
bool restrict_files(const std::string& temp_dir) {
    landlock_ruleset_attr attributes{};
    attributes.handled_access_fs = kRead | kWrite;
    const UniqueFd rules(static_cast<int>(
        ::syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0)));
    if (!rules) return false;
    bool good = true;
    for (const char* path : {"/usr", "/lib", "/lib64", "/bin", "/sbin", "/etc/ld.so.cache",
                             "/etc/ssl", "/etc/localtime", "/etc/nsswitch.conf", "/etc/hosts",
                             "/etc/resolv.conf", "/etc/gai.conf", "/etc/services", "/proc/self",
                             "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu"})
        good = allow(rules.get(), path, kRead) && good;
    for (const char* path : {"/dev/null", "/dev/zero", "/dev/urandom", "/dev/random"})
        good = allow(rules.get(), path, kRead | kWrite) && good;
    if (!temp_dir.empty()) good = allow(rules.get(), temp_dir.c_str(), kRead | kWrite) && good;
    return good && ::syscall(SYS_landlock_restrict_self, rules.get(), 0) == 0;
}

// May any user come to `dir`? Below a private folder the rights of root are needed.
bool can_reach(const std::string& dir) {
    for (std::filesystem::path at = std::filesystem::path(dir).parent_path();
         !dir.empty() && at.has_relative_path(); at = at.parent_path()) {
        struct stat st {};
        if (::stat(at.c_str(), &st) != 0 || !(st.st_mode & S_IXOTH)) return false;
    }
    return true;
}

bool give_up_root(const std::string& temp_dir) {
    // What is not there need not be given: a probe (probe.hpp) names a folder nobody made.
    if (!temp_dir.empty() && ::chown(temp_dir.c_str(), kNobody, kNobody) != 0 && errno != ENOENT)
        return false;
    return ::setgroups(0, nullptr) == 0 && ::setresgid(kNobody, kNobody, kNobody) == 0 &&
           ::setresuid(kNobody, kNobody, kNobody) == 0;
}

}  // namespace

Result<std::string> close_sandbox(const std::string& temp_dir, bool trusted) {
    std::string layers;
    const auto add = [&](const char* layer, bool stands) {
        if (stands) layers += (layers.empty() ? "" : " ") + std::string(layer);
    };
    if (!trusted) {
        const bool needed = ::geteuid() == 0 && can_reach(temp_dir);
        if (needed && !give_up_root(temp_dir))
            return Error{Code::denied, "the plugin's process could not give up root's rights",
                         "run Baktainer with CAP_SETUID and CAP_SETGID, or as another user"};
        add("user", ::geteuid() != 0);
    }
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return Error{Code::unsupported, "this kernel has no PR_SET_NO_NEW_PRIVS",
                     "use Linux 3.5 or newer"};
    add("no_new_privs", true);
    // A change of user hides /proc/self too, by which the library is opened.
    ::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    ::mallopt(M_ARENA_MAX, 4);  // arenas reserve address space, which is limited
    add("rlimits", set_limits());
    if (!trusted && !kSanitized) add("landlock", restrict_files(temp_dir));
    add("seccomp", filter_calls());
    return layers;
}

Result<WatchedCalls> watch_calls() {
    const Error cannot{Code::unsupported, "this kernel or container does not tell refused calls",
                       "use Linux 5.0 or newer, and no seccomp listener around this"};
    const Filter filter = filter_that(SCMP_ACT_NOTIFY);
    if (!filter || ::seccomp_load(filter.get()) != 0) return cannot;
    const int listener = ::seccomp_notify_fd(filter.get());
    if (listener < 0) return cannot;
    WatchedCalls watched;
    // The filter closes its own when it is released.
    watched.listener = UniqueFd(::fcntl(listener, F_DUPFD_CLOEXEC, 3));
    if (!watched.listener) return cannot;
    for (const int call : kRefused)
        if (call >= 0) watched.names[call] = name_of(call);  // below 0: not on this architecture
    watched.names[SCMP_SYS(clone)] = name_of(SCMP_SYS(clone));
    return watched;
}

void hide_memory() { ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

}  // namespace bkt::plugin_host
