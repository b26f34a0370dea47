// What the rogue says, and with what code it returns.
#include <sys/mman.h>

#include <cstdio>
#include <cstdlib>

#include "tests/fault/worker/rogue/instance.hpp"

namespace rogue {
namespace {

bkt_rc denied(const bkt_call* call, bkt_str message) {
    call->fail(call, BKT_DENIED, message, {nullptr, 0}, 0);
    return BKT_DENIED;
}

const Deed kWords[] = {
    {"unknown code", [](Instance&, const bkt_call*, const bkt_event*) -> bkt_rc { return -4711; }},
    {"positive code", [](Instance&, const bkt_call*, const bkt_event*) -> bkt_rc { return 7; }},
    {"error without fail",
     [](Instance&, const bkt_call*, const bkt_event*) -> bkt_rc { return BKT_DENIED; }},
    {"fail and then fine",
     [](Instance&, const bkt_call* call, const bkt_event*) -> bkt_rc {
         denied(call, str("no"));
         return BKT_OK;
     }},
    {"fail with wild text",
     [](Instance&, const bkt_call* call, const bkt_event*) -> bkt_rc {
         return denied(call, {"\xff\xfe\0 secret", 10});
     }},
    {"fail with much text",
     [](Instance&, const bkt_call* call, const bkt_event*) -> bkt_rc {
         const std::string much(20u << 20, 'x');
         return denied(call, {much.data(), much.size()});
     }},
    {"fail with a gibibyte",
     [](Instance&, const bkt_call* call, const bkt_event*) -> bkt_rc {
         constexpr std::size_t kBytes = std::size_t{1} << 30;
         void* zeros =
             ::mmap(nullptr, kBytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
         if (zeros == MAP_FAILED) return BKT_NO_SPACE;
         return denied(call, {static_cast<const char*>(zeros), kBytes});
     }},
    {"print",
     [](Instance&, const bkt_call*, const bkt_event*) -> bkt_rc {
         std::printf("a word on stdout\n");
         std::fprintf(stderr, "a word on stderr\n");
         std::fflush(stdout);
         return BKT_OK;
     }},
    {"flood of output",
     [](Instance&, const bkt_call*, const bkt_event*) -> bkt_rc {
         for (int n = 0; n < 100'000; ++n) std::fprintf(stderr, "line %d\n", n);
         return BKT_OK;
     }},
    {"last words",
     [](Instance&, const bkt_call*, const bkt_event*) -> bkt_rc {
         std::fprintf(stderr, "assertion failed: left > right\n");
         std::abort();
     }},
    {"die of an odd text",
     [](Instance&, const bkt_call*, const bkt_event* event) -> bkt_rc {
         for (std::uint64_t n = 0; n < event->text.len; ++n)
             if (event->text.ptr[n] == '\xff') std::abort();
         return BKT_OK;
     }},
    {"speak of tomorrow",
     [](Instance& i, const bkt_call* call, const bkt_event*) -> bkt_rc {
         service<bkt_log>(i.host, BKT_SERVICE_LOG)->log(i.host, 99, str("a level of tomorrow"));
         call->fail(call, -99, str("a code of tomorrow"), str(""), 0);
         return -99;
     }},
    {"say the event",
     [](Instance& i, const bkt_call* call, const bkt_event* event) -> bkt_rc {
         service<bkt_log>(i.host, BKT_SERVICE_LOG)->log(i.host, BKT_LOG_INFO, event->json);
         call->progress(call, 1, 2, str("half"));
         return BKT_OK;
     }},
    {"wait for cancel",
     [](Instance&, const bkt_call* call, const bkt_event*) -> bkt_rc {
         call->progress(call, 0, 0, str("waiting"));
         while (!call->cancelled(call)) ::usleep(1000);
         return BKT_CANCELLED;
     }},
    {"ignore cancel", [](Instance&, const bkt_call*, const bkt_event*) -> bkt_rc { hang(); }},
};

}  // namespace

std::span<const Deed> words() { return kWords; }

}  // namespace rogue
