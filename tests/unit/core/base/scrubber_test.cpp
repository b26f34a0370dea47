#include "core/base/scrubber.hpp"

#include <gtest/gtest.h>

namespace bkt::base {
namespace {

TEST(Scrubber, ErasesEveryOccurrenceOfEverySecret) {
    Scrubber scrubber;
    scrubber.add(Secret("hunter2"));
    scrubber.add(Secret("hunter2-and-more"));
    EXPECT_EQ(scrubber.scrub("a hunter2 b hunter2-and-more c hunter2"), "a *** b *** c ***");
}

TEST(Scrubber, LeavesOtherTextAlone) {
    Scrubber scrubber;
    scrubber.add(Secret("hunter2"));
    EXPECT_EQ(scrubber.scrub("nothing to hide"), "nothing to hide");
}

TEST(Scrubber, IgnoresSecretsTooShortToTellFromText) {
    Scrubber scrubber;
    scrubber.add(Secret("ab"));
    scrubber.add(Secret(""));
    EXPECT_EQ(scrubber.scrub("abba"), "abba");
}

// A secret that is part of its own replacement must not loop for ever.
TEST(Scrubber, TakesASecretOfStars) {
    Scrubber scrubber;
    scrubber.add(Secret("***"));
    EXPECT_EQ(scrubber.scrub("x***y"), "x***y");
}

}  // namespace
}  // namespace bkt::base
