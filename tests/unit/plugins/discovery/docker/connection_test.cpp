#include "plugins/discovery/docker/connection.hpp"

#include <gtest/gtest.h>

#include "tests/support/tcp_listener.hpp"
#include "tests/support/tcp_timer.hpp"

namespace bkt::docker {
namespace {

// A dump's stream may be silent for hours; an engine's machine that lost its power must not look like that.
TEST(Connection, OverTcpFindsOutThatTheEnginesMachineIsGone) {
    const test::TcpListener engine(test::TcpListener::Kind::echo);
    Endpoint there;
    there.host = "127.0.0.1";
    there.port = std::to_string(engine.port());
    const auto connection =
        Connection::open(there, Wait::uncancelled().within(std::chrono::seconds(20)));
    ASSERT_TRUE(connection) << connection.error().message;
    EXPECT_EQ(test::tcp_timer(engine.port()).substr(0, 3), "02:");
}

}  // namespace
}  // namespace bkt::docker
