#include "core/base/timestamp.hpp"

#include <gtest/gtest.h>

namespace bkt::base {
namespace {

TEST(Timestamp, ComesBackFromItsText) {
    const auto time = parse_rfc3339("2026-11-24T02:03:04Z");
    ASSERT_TRUE(time);
    EXPECT_EQ(rfc3339(*time), "2026-11-24T02:03:04Z");
    EXPECT_EQ(compact(*time), "20261124T020304Z");
}

TEST(Timestamp, RefusesOtherForms) {
    for (const char* text : {"", "2026-11-24", "2026-11-24T02:03:04", "2026-11-24T02:03:04+01:00",
                             "2026-13-01T00:00:00Z", "2026-11-24T02:03:04Zx"})
        EXPECT_FALSE(parse_rfc3339(text)) << text;
}

}  // namespace
}  // namespace bkt::base
