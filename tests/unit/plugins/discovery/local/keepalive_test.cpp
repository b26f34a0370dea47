#include "plugins/discovery/local/keepalive.hpp"

#include <gtest/gtest.h>
#include <poll.h>

#include "plugins/discovery/local/child.hpp"
#include "tests/support/tcp_listener.hpp"
#include "tests/support/tcp_timer.hpp"

namespace bkt::local_host {
namespace {

Child connected(const std::string& script, std::uint16_t port) {
    auto child = Child::start(
        {"bash", "-c", script, "bash", "/dev/tcp/127.0.0.1/" + std::to_string(port)}, {}, false);
    EXPECT_TRUE(child) << child.error().message;
    pollfd said{child->out.get(), POLLIN, 0};
    EXPECT_EQ(::poll(&said, 1, 10'000), 1) << "it never connected";
    return *std::move(child);
}

TEST(Keepalive, IsSetOnTheConnectionOfAToolAndOfWhatItStarted) {
    const struct {
        const char* name;
        const char* script;
    } kCases[] = {
        {"its own", R"(exec 3<>"$1"; echo up; read -ru 3)"},
        {"of what it started", R"((exec 3<>"$1"; echo up; read -ru 3); :)"},
    };
    for (const auto& c : kCases) {
        SCOPED_TRACE(c.name);
        const test::TcpListener server(test::TcpListener::Kind::echo);
        const auto child = connected(c.script, server.port());
        EXPECT_EQ(test::tcp_timer(server.port()).substr(0, 3), "00:");
        EXPECT_EQ(keep_connections_alive(child.pid()), 1u);
        EXPECT_EQ(test::tcp_timer(server.port()).substr(0, 3), "02:");
    }
}

TEST(Keepalive, LeavesOtherToolsAlone) {
    const test::TcpListener server(test::TcpListener::Kind::echo);
    const auto child = connected(R"(exec 3<>"$1"; echo up; read -ru 3)", server.port());
    const auto other = Child::start({"sleep", "60"}, {}, false);
    ASSERT_TRUE(other);
    EXPECT_EQ(keep_connections_alive(other->pid()), 0u);
    EXPECT_EQ(test::tcp_timer(server.port()).substr(0, 3), "00:");
}

}  // namespace
}  // namespace bkt::local_host
