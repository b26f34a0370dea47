#include <gtest/gtest.h>

#include "core/stream/budget.hpp"
#include "core/stream/digest.hpp"
#include "core/stream/tap_stage.hpp"
#include "core/stream/tee.hpp"
#include "core/stream/throttle.hpp"
#include "tests/support/stages.hpp"

namespace bkt::stream {
namespace {

TEST(DigestStage, CountsAndHashesWhatPasses) {
    test::CollectingStage end;
    DigestStage digest(end);
    ASSERT_TRUE(test::feed(digest, "abc", 1));
    ASSERT_TRUE(digest.finish());
    EXPECT_EQ(digest.digest(),
              (Digest{3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}));
    EXPECT_EQ(end.text, "abc");
}

class Refusing final : public Validator {
public:
    Status feed(Bytes) override { return {}; }
    Status finish() override { return Error{Code::truncated, "no end"}; }
};

TEST(TapStage, LetsNoRefusedPartReachItsEnd) {
    test::CollectingStage end;
    Refusing refusing;
    TapStage tap(end, refusing);
    ASSERT_TRUE(test::feed(tap, "text", 2));
    EXPECT_FALSE(tap.finish());
    EXPECT_FALSE(end.finished);
    EXPECT_EQ(end.text, "text");
}

TEST(Tee, GoesOnWhileOneRingIsLeft) {
    Ring good(1024, 4), bad(1024, 4);
    bad.close({Code::no_space, "full"});
    Tee tee({&good, &bad});
    ASSERT_TRUE(test::feed(tee, test::sample(2000), 500));
    ASSERT_TRUE(tee.finish());
    good.close({Code::cancelled, "enough"});
    Tee both({&good, &bad});
    const auto outcome = test::feed(both, test::sample(2000), 500);
    ASSERT_FALSE(outcome);
}

TEST(Throttle, HoldsTheRate) {
    base::Cancel cancel;
    test::CollectingStage end;
    Rate rate(1'000'000);
    Throttle throttle(end, rate, cancel);
    const auto began = std::chrono::steady_clock::now();
    ASSERT_TRUE(test::feed(throttle, test::sample(200'000), 65536));
    // Only the lower bound is a claim: a busy machine may take longer.
    EXPECT_GE(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(150));
    EXPECT_EQ(end.text.size(), 200'000u);
}

TEST(Throttle, IsOneLimitForAllWhoShareIt) {
    Rate rate(1'000'000);
    const auto first = rate.pass(300'000), second = rate.pass(300'000);
    EXPECT_EQ(second - first, std::chrono::milliseconds(300));
}

TEST(Throttle, EndsAtOnceWhenCancelled) {
    base::Cancel cancel;
    cancel.request();
    test::CollectingStage end;
    Rate rate(1);
    Throttle throttle(end, rate, cancel);
    const auto outcome = test::feed(throttle, test::sample(1'000'000), 65536);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, Code::cancelled);
}

TEST(Budget, FitsItsShareOrIsAsSmallAsItCanBe) {
    const auto small = Budget::of(16u << 20, 1, 2), large = Budget::of(64u << 20, 1, 2);
    EXPECT_LT(small.chunk_bytes, large.chunk_bytes);
    EXPECT_GE(small.chunk_bytes, 64u << 10);
    EXPECT_EQ(large.chunk_bytes, 1u << 20);
}

}  // namespace
}  // namespace bkt::stream
