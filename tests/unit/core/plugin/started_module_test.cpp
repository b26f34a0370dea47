#include "core/plugin/started_module.hpp"

#include <gtest/gtest.h>

#include <string>

#include "baktainer/call.hpp"

namespace bkt::plugin {
namespace {

std::string done;
bkt_rc answer = BKT_OK;

bkt_rc init(const bkt_host* host, const bkt_call* call) noexcept {
    done += host->service(host, str("bkt.log/1")) ? "init " : "init without a log ";
    if (answer != BKT_OK) call->fail(call, answer, str("it will not"), str("ask nicely"), 0);
    return answer;
}
void deinit() noexcept { done += "deinit"; }

bkt_module module_with(decltype(bkt_module::init) start) {
    bkt_module m{};
    m.size = sizeof m;
    m.id = "test.module", m.version = "1";
    m.init = start, m.deinit = &deinit;
    return m;
}

TEST(StartedModule, IsStartedOnceAndEndedOnce) {
    done.clear(), answer = BKT_OK;
    const auto module = module_with(&init);
    {
        const auto started = StartedModule::start(module, {});
        ASSERT_TRUE(started) << started.error().message;
        EXPECT_EQ(done, "init ");
    }
    EXPECT_EQ(done, "init deinit");
}

TEST(StartedModule, ThatRefusesIsNotEndedAndSaysWhy) {
    done.clear(), answer = BKT_DENIED;
    const auto module = module_with(&init);
    const auto started = StartedModule::start(module, {});
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, Code::denied);
    EXPECT_EQ(started.error().message, "it will not");
    EXPECT_EQ(done, "init ");
}

TEST(StartedModule, NeedsNeither) {
    done.clear();
    auto module = module_with(nullptr);
    EXPECT_TRUE(StartedModule::start(module, {}));
    module.size = offsetof(bkt_module, needs);  // of the first days
    module.init = &init;
    EXPECT_TRUE(StartedModule::start(module, {}));
    EXPECT_EQ(done, "");
}

}  // namespace
}  // namespace bkt::plugin
