// tests/support/tcp_timer.hpp: what timer runs on a TCP connection of this machine.
#pragma once

#include <fstream>
#include <sstream>
#include <string>

namespace bkt::test {

// The column "tr:tm->when" of the connection to that port of 127.0.0.1, as proc(5) has it: "02:" before the time
// means that the kernel asks for the other end, "00:" that nothing is waited for.
inline std::string tcp_timer(std::uint16_t port) {
    std::ostringstream remote;
    remote << "0100007F:" << std::hex << std::uppercase;
    remote.width(4);
    remote.fill('0');
    remote << port;
    std::ifstream rows("/proc/net/tcp");
    for (std::string row; std::getline(rows, row);) {
        std::istringstream words(row);
        std::string number, from, to, state, queues, timer;
        words >> number >> from >> to >> state >> queues >> timer;
        if (to == remote.str() && state == "01") return timer;
    }
    return "no connection";
}

}  // namespace bkt::test
