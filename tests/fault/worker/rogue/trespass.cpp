// What the rogue's sandbox must keep it from: each is OK when it was kept from it.
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdlib>

#include "tests/fault/worker/rogue/instance.hpp"

namespace rogue {
namespace {

bkt_rc cannot_open(const char* path, int flags) {
    return ::open(path, flags, 0644) < 0 ? BKT_OK : BKT_FAILED;
}

bkt_rc does_much(Instance&, const bkt_call*, const bkt_event*) {
    if (const pid_t child = ::fork(); child == 0) ::_exit(0);
    static_cast<void>(!std::system("true"));
    ::execl("/bin/true", "true", nullptr);
    sockaddr_in nobody{};
    nobody.sin_family = AF_INET, nobody.sin_port = htons(1);
    nobody.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    static_cast<void>(!::connect(fd, reinterpret_cast<const sockaddr*>(&nobody), sizeof nobody));
    ::close(fd);
    return BKT_OK;
}

const Deed kTrespass[] = {
    {"fork",
     [](Instance&, const bkt_call*, const bkt_event*) -> bkt_rc {
         const pid_t child = ::fork();
         if (child == 0) hang();
         return child < 0 ? BKT_OK : BKT_FAILED;
     }},
    {"exec",
     [](Instance&, const bkt_call*, const bkt_event*) -> bkt_rc {
         ::execl("/bin/true", "true", nullptr);
         return BKT_OK;  // it was refused
     }},
    {"read a private file",
     [](Instance&, const bkt_call*, const bkt_event*) -> bkt_rc {
         const bkt_rc rc = cannot_open("/etc/shadow", O_RDONLY);
         return rc == BKT_OK ? cannot_open("/root", O_RDONLY) : rc;
     }},
    {"write a file",
     [](Instance&, const bkt_call*, const bkt_event*) -> bkt_rc {
         return cannot_open("/var/tmp/bkt-rogue", O_CREAT | O_WRONLY);
     }},
    {"fork, spawn, exec and connect", &does_much},
};

}  // namespace

std::span<const Deed> trespass() { return kTrespass; }

}  // namespace rogue
