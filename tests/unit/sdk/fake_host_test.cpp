// The fake host keeps the bounds of the real one, and says why it does not do what it is asked.
#include "baktainer/testing/fake_host.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

namespace bkt::testing {
namespace {

class FakeHostTest : public ::testing::Test {
protected:
    FakeHost host_;
    FakeCall call_{host_.raw()};
    Call at_ = call_.call();
};

TEST_F(FakeHostTest, HoldsTheStateToItsBounds) {
    EXPECT_TRUE(at_.kv_put(std::string(200, 'k'), std::string(65'536, 'v')));
    const struct {
        std::string key, value;
        Code code;
    } kCases[] = {{"", "v", Code::invalid},
                  {std::string(201, 'k'), "v", Code::invalid},
                  {"k", std::string(65'537, 'v'), Code::invalid}};
    for (const auto& c : kCases) {
        const auto put = at_.kv_put(c.key, c.value);
        ASSERT_FALSE(put) << c.key.size() << " " << c.value.size();
        EXPECT_EQ(put.error().code, c.code);
        EXPECT_TRUE(call_.failure() && !call_.failure()->message.empty());
    }
    for (int i = 0; i < 999; ++i) ASSERT_TRUE(at_.kv_put(std::to_string(i), "v")) << i;
    EXPECT_EQ(at_.kv_put("one more", "v").error().code, Code::no_space);
    EXPECT_TRUE(at_.kv_put("0", "other")) << "one that is there may change";
}

TEST_F(FakeHostTest, SaysThatTheStateChanged) {
    ASSERT_TRUE(at_.kv_swap("k", std::nullopt, "1"));
    const auto late = at_.kv_swap("k", std::nullopt, "2");
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, Code::conflict);
    EXPECT_TRUE(call_.failure() && !call_.failure()->message.empty());
    EXPECT_EQ(host_.kv["k"], "1");
}

TEST_F(FakeHostTest, ConnectsToWhatTheTestPutsThere) {
    const auto* net =
        static_cast<const bkt_net*>(host_.raw()->service(host_.raw(), str(BKT_SERVICE_NET)));
    ASSERT_NE(net, nullptr);
    std::int32_t fd = -1;
    EXPECT_EQ(net->dial(host_.raw(), call_.raw(), str("db"), 5432, &fd), BKT_UNAVAILABLE);
    EXPECT_TRUE(call_.failure() && !call_.failure()->message.empty());
    int ends[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    const UniqueFd mine(ends[0]);
    std::string asked;
    host_.dial = [&](Call&, std::string_view name, std::uint32_t port) -> Result<UniqueFd> {
        asked = std::string(name) + ":" + std::to_string(port);
        return UniqueFd(ends[1]);
    };
    ASSERT_EQ(net->dial(host_.raw(), call_.raw(), str("db"), 5432, &fd), BKT_OK);
    const UniqueFd theirs(fd);
    EXPECT_EQ(asked, "db:5432");
    EXPECT_EQ(theirs.get(), ends[1]);
}

}  // namespace
}  // namespace bkt::testing
