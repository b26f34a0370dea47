// Tools that run at once: all end, the first failure is the one told, and a throw is a failure.
#include "baktainer/together.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "baktainer/testing/memory_stream.hpp"

namespace bkt {
namespace {

Status until_stopped(const Stop& stop) {
    while (!stop.requested()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return Error{Code::cancelled, "told to stop"};
}

TEST(Together, IsWellWhenAllAre) {
    std::atomic<int> ran = 0;
    const Task one = [&](const Stop&) -> Status { return ++ran, Status{}; };
    EXPECT_TRUE(run_together({one, one, one}));
    EXPECT_EQ(ran, 3);
    EXPECT_TRUE(run_together({}));
}

TEST(Together, TellsTheFirstFailureAndStopsTheOthers) {
    const auto done = run_together({until_stopped, until_stopped, [](const Stop&) -> Status {
                                        return Error{Code::truncated, "the first"};
                                    }});
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::truncated);
    EXPECT_EQ(done.error().message, "the first");
}

TEST(Together, TakesWhatIsThrownForAFailure) {
    const auto done = run_together(
        {until_stopped, [](const Stop&) -> Status { throw std::runtime_error("thrown"); }});
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::bug);
    EXPECT_NE(done.error().message.find("thrown"), std::string::npos);
    EXPECT_FALSE(run_together({[](const Stop&) -> Status { throw 7; }}));
}

TEST(Together, ASinkRefusesOnceStopped) {
    testing::MemorySink memory;
    Stop stop;
    const Sink real(memory.raw());
    const StoppableSink sink(real, stop);
    EXPECT_TRUE(sink.sink().write(as_bytes("before")));
    stop.request();
    const auto refused = sink.sink().write(as_bytes("after"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::cancelled);
    EXPECT_EQ(memory.text, "before");
}

}  // namespace
}  // namespace bkt
