#include "core/base/units.hpp"

#include <gtest/gtest.h>

namespace bkt::base {
namespace {

TEST(Size, IsReadWithItsUnit) {
    const struct {
        const char* text;
        std::uint64_t bytes;
    } kCases[] = {{"0", 0},
                  {"512", 512},
                  {"1kB", 1000},
                  {"64MiB", 64ull << 20},
                  {"10 GB", 10'000'000'000},
                  {"2TiB", 2ull << 40}};
    for (const auto& c : kCases) {
        const auto size = parse_size(c.text);
        ASSERT_TRUE(size) << c.text;
        EXPECT_EQ(*size, c.bytes) << c.text;
    }
}

TEST(Size, RefusesWhatIsNone) {
    for (const char* text :
         {"", "MiB", "-1", "1.5GiB", "10XB", "1mib", "99999999999999999999", "20000000TiB"})
        EXPECT_FALSE(parse_size(text)) << text;
}

TEST(Duration, IsReadWithItsUnits) {
    const struct {
        const char* text;
        long seconds;
    } kCases[] = {{"30s", 30},    {"15m", 900},    {"6h", 21600},
                  {"2d", 172800}, {"1h30m", 5400}, {"1w", 604800}};
    for (const auto& c : kCases) {
        const auto duration = parse_duration(c.text);
        ASSERT_TRUE(duration) << c.text;
        EXPECT_EQ(duration->count(), c.seconds) << c.text;
    }
}

TEST(Duration, RefusesWhatHasNoUnit) {
    for (const char* text : {"", "30", "h", "-5m", "5 m", "1h30", "99999999999999999d", "5x"})
        EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(HumanText, IsShort) {
    EXPECT_EQ(human_size(312), "312 B");
    EXPECT_EQ(human_size(1536), "1.5 KiB");
    EXPECT_EQ(human_duration(std::chrono::milliseconds(850)), "850 ms");
    EXPECT_EQ(human_duration(std::chrono::milliseconds(250'000)), "4 min 10 s");
    EXPECT_EQ(human_age(std::chrono::seconds(59)), "just now");
    EXPECT_EQ(human_age(std::chrono::seconds(86400)), "1 day ago");
}

}  // namespace
}  // namespace bkt::base
