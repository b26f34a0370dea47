// server_wait.hpp: waits, before a restore, until a server answers and is the real one: while an official
// image sets itself up, it runs a temporary server that listens on its socket only.
#pragma once

#include "baktainer/call.hpp"

namespace bkt {

// `answers(host)` -> Result<bool>: does anything speak there ("" = on the socket)? `ask()` -> Status or Result:
// does it serve a login? Code::unavailable of it is waited out, other errors are returned. `host`: of the
// settings; "" = the socket, and then 127.0.0.1 is looked at too. Code::unavailable after three minutes.
template <class Answers, class Ask>
Status wait_for_server(const Call& call, const std::string& host, Answers&& answers, Ask&& ask) {
    constexpr std::uint64_t kLimitMs = 180'000, kPauseMs = 300;
    // A server that answers on its socket only, for so long, is taken for the real one.
    constexpr std::uint64_t kSocketOnlyMs = 20'000;
    std::uint64_t socket_ms = 0;
    std::string last = "it does not answer";
    for (std::uint64_t waited_ms = 0; waited_ms < kLimitMs; waited_ms += kPauseMs) {
        BKT_LET(bool ready, answers(host.empty() ? "127.0.0.1" : host));
        if (!ready && host.empty()) {
            BKT_LET(const bool on_socket, answers(""));
            socket_ms = on_socket ? socket_ms + kPauseMs : 0;
            ready = socket_ms >= kSocketOnlyMs;
        }
        if (ready) {
            const auto asked = ask();
            if (asked) return {};
            if (asked.error().code != Code::unavailable) return asked.error();
            last = asked.error().message;
        }
        call.progress(waited_ms, kLimitMs, "waiting for the server");
        BKT_TRY(call.sleep_ms(kPauseMs));
    }
    return Error{
        Code::unavailable,
        "the server was not ready within " + std::to_string(kLimitMs / 1000) + " s: " + last,
        "look into the container's log"};
}

}  // namespace bkt
