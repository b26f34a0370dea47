// What outlives a call of an isolated plugin: nothing that is used, nothing that is left.
#include <thread>

#include "tests/fault/worker/isolated.hpp"
#include "tests/fault/worker/processes.hpp"

namespace bkt::test {
namespace {

TEST(WorkerContract, AServiceAfterTheCallIsABrokenRule) {
    auto plugin = notifier("late thread");
    EXPECT_EQ(notify(plugin).rc, BKT_OK);
    // The thread asks when it likes; the first call after that tells.
    Done told{BKT_OK, Error{Code::bug, ""}};
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    for (; told.rc == BKT_OK && std::chrono::steady_clock::now() < until; told = notify(plugin))
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    EXPECT_EQ(told.rc, BKT_FAULT);
    EXPECT_NE(told.said.message.find("used a call after it had returned"), std::string::npos)
        << told.said.message;
}

TEST(WorkerContract, WhatIsLeftBehindEndsWithTheInstance) {
    const auto fds = [] {
        std::size_t n = 0;
        for ([[maybe_unused]] const auto& e : std::filesystem::directory_iterator("/proc/self/fd"))
            ++n;
        return n;
    };
    { auto warm = notifier(""); }
    const auto before = fds();
    for (int i = 0; i < 3; ++i) {
        auto plugin = notifier("leak");
        EXPECT_EQ(notify(plugin).rc, BKT_OK);
    }
    EXPECT_EQ(fds(), before);
}

}  // namespace
}  // namespace bkt::test
