// A kernel, or a container's filter, that lacks or forbids system calls: runs a program in which each of
// CALL,CALL... (by name or number) ends with ENOSYS.
//
//   refusing_kernel CALL[,CALL...] PROGRAM [ARGUMENT...]
#include <seccomp.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string>

int main(int argc, char** argv) {
    if (argc < 3) return 2;
    scmp_filter_ctx filter = ::seccomp_init(SCMP_ACT_ALLOW);
    if (!filter) return 3;
    std::istringstream names(argv[1]);
    for (std::string name; std::getline(names, name, ',');) {
        // Debian 12's libseccomp may not know the youngest by name.
        const int number = name.find_first_not_of("0123456789") == name.npos
                               ? std::atoi(name.c_str())
                               : ::seccomp_syscall_resolve_name(name.c_str());
        if (number < 0 || ::seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), number, 0) != 0) {
            std::fprintf(stderr, "no system call '%s'\n", name.c_str());
            return 3;
        }
    }
    if (::seccomp_load(filter) != 0) return 3;
    ::execv(argv[2], argv + 2);
    std::perror(argv[2]);
    return 3;
}
