// What the rogue sends to the host past the host's own library. The wire is a datagram socket; a message is
// a CBOR array [type, id, method, body]: type 0 a request, 1 a reply, 2 a notice.
#include <fcntl.h>
#include <sys/socket.h>

#include <cerrno>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "tests/fault/worker/rogue/instance.hpp"

namespace rogue {
namespace {

using nlohmann::json;

// The one socket there is: the host's.
constexpr int kSocket = 3;
// Calls are numbered from 1: "load", "open", and the call this is.
constexpr unsigned kThisCall = 3;

void send(const void* bytes, std::size_t len) { ::send(kSocket, bytes, len, 0); }
void send(unsigned type, std::uint64_t id, const char* method, const json& body) {
    const auto bytes = json::to_cbor(json::array({type, id, method, body}));
    send(bytes.data(), bytes.size());
}

// `count` copies of a descriptor beside one message; false when the kernel holds enough of ours on their way.
bool send_descriptors(const std::vector<std::uint8_t>& message, std::size_t count) {
    static const int null = ::open("/dev/null", O_RDONLY);
    const std::vector<int> fds(count, null);
    alignas(cmsghdr) char control[CMSG_SPACE(32 * sizeof(int))] = {};
    iovec data{const_cast<std::uint8_t*>(message.data()), message.size()};
    msghdr header{};
    header.msg_iov = &data, header.msg_iovlen = 1;
    header.msg_control = control, header.msg_controllen = CMSG_SPACE(count * sizeof(int));
    cmsghdr* c = CMSG_FIRSTHDR(&header);
    c->cmsg_level = SOL_SOCKET, c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(count * sizeof(int));
    std::memcpy(CMSG_DATA(c), fds.data(), count * sizeof(int));
    return ::sendmsg(kSocket, &header, 0) >= 0 || errno != ETOOMANYREFS;
}

void flood_with_descriptors() {
    const auto notice = json::to_cbor(json::array({2u, 0u, "progress", {{"op", 999'999u}}}));
    for (int n = 0; n < 1000; ++n)
        while (!send_descriptors(notice, 4)) ::usleep(100);
}

// Replies that nobody waits for: to calls long over, to calls still to come, to one twice. Once: what it says of
// a call that is waited for is its own word.
void reply_unasked() {
    static bool has_replied = false;
    if (std::exchange(has_replied, true)) return;
    for (const std::uint64_t id :
         {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{1000}, UINT64_MAX})
        for (int twice = 0; twice < 2; ++twice) send(1, id, "", {{"rc", BKT_BUG}});
    for (std::uint64_t next = kThisCall + 1; next < kThisCall + 50; ++next)
        send(1, next, "", {{"rc", BKT_BUG}});
}

void ask_of(std::uint64_t op, const char* method) {
    send(0, 999'999, method, {{"op", op}, {"handle", 1}});
}

}  // namespace

void ask_for_a_stream_that_is_over() {
    ask_of(2, "sink.open");
    hang();
}

void attack_the_wire(const Instance& i) {
    if (is(i, "garbage on the socket")) {
        send("garbage", 7);
        hang();
    }
    if (is(i, "huge on the socket")) {
        const std::string big(100'000, 'x');
        send(big.data(), big.size());
        hang();
    }
    if (is(i, "nothing but a type on the socket")) {
        const auto bytes = json::to_cbor(json::array({0}));
        send(bytes.data(), bytes.size());
        hang();
    }
    if (is(i, "a type of tomorrow on the socket")) {
        send(3, 1, "", {});
        hang();
    }
    if (is(i, "descriptors on the socket")) {
        send_descriptors({'x'}, 30);
        hang();
    }
    if (is(i, "a flood of descriptors")) flood_with_descriptors();
    if (is(i, "replies nobody waits for")) reply_unasked();
    if (is(i, "a request nobody knows")) {
        ask_of(2, "no.such");
        hang();
    }
    if (is(i, "a request of no call")) {
        ask_of(999'999, "secret");
        hang();
    }
    // The host's secret never comes: each takes one of its threads.
    if (is(i, "a flood of requests")) {
        for (int n = 0; n < 1000; ++n) ask_of(2, "secret");
        hang();
    }
    // While the host still answers.
    if (is(i, "crash while it asks")) {
        ask_of(2, "secret");
        ::usleep(200'000);
        std::abort();
    }
}

}  // namespace rogue
