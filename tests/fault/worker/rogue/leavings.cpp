// What the rogue leaves behind in its process, in its folder, and in its process's state.
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>

#include <clocale>
#include <cstdlib>
#include <thread>

#include "baktainer/abi/services/temp.h"
#include "tests/fault/worker/rogue/instance.hpp"

namespace rogue {
namespace {

// Called for a thread that ends: a process that waited for this would never end.
void never_returns(void*) { hang(); }

bkt_rc leaks(Instance&, const bkt_call*, const bkt_event*) {
    for (int n = 0; n < 50; ++n) static_cast<void>(::open("/dev/null", O_RDONLY));
    static_cast<void>(new char[1 << 20]);
    std::thread(hang).detach();
    pthread_key_t key{};
    if (::pthread_key_create(&key, &never_returns) == 0) ::pthread_setspecific(key, &key);
    std::atexit([] { hang(); });
    return BKT_OK;
}

bkt_rc writes_its_folder(const Instance& i, const bkt_call* call, const char* name) {
    bkt_str dir{};
    if (service<bkt_temp>(i.host, BKT_SERVICE_TEMP)->dir(i.host, call, &dir) != BKT_OK)
        return BKT_FAILED;
    const std::string path = std::string(dir.ptr, dir.len) + "/" + name;
    return ::open(path.c_str(), O_CREAT | O_WRONLY, 0600) >= 0 ? BKT_OK : BKT_FAILED;
}

bkt_rc changes_the_process(Instance&, const bkt_call*, const bkt_event*) {
    ::umask(0);
    ::setenv("PATH", "/nowhere", 1);
    ::setenv("LC_ALL", "C.UTF-8", 1);
    std::setlocale(LC_ALL, "C.UTF-8");
    static_cast<void>(::chdir("/"));
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
    for (const int one : {SIGTERM, SIGINT, SIGCHLD, SIGPIPE}) ::signal(one, SIG_IGN);
    return BKT_OK;
}

const Deed kLeavings[] = {
    {"leak", &leaks},
    {"write its folder",
     [](Instance& i, const bkt_call* call, const bkt_event*) -> bkt_rc {
         return writes_its_folder(i, call, "file");
     }},
    {"write its folder and crash",
     [](Instance& i, const bkt_call* call, const bkt_event*) -> bkt_rc {
         if (const bkt_rc rc = writes_its_folder(i, call, "left"); rc != BKT_OK) return rc;
         ::raise(SIGSEGV);
         return BKT_OK;
     }},
    {"change the process", &changes_the_process},
};

}  // namespace

std::span<const Deed> leavings() { return kLeavings; }

}  // namespace rogue
