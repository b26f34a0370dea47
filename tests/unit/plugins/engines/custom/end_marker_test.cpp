#include "plugins/engines/custom/end_marker.hpp"

#include <gtest/gtest.h>

#include "baktainer/testing/fake_host.hpp"

namespace bkt::custom {
namespace {

Status judge(std::string_view marker, std::string_view dump, std::size_t chunk_bytes,
             testing::FakeHost* host = nullptr) {
    testing::FakeHost own;
    testing::FakeCall fake((host ? *host : own).raw());
    Call call = fake.call();
    const auto tap = end_marker_tap(std::string(marker), host != nullptr);
    while (!dump.empty()) {
        const auto chunk = dump.substr(0, chunk_bytes);
        BKT_TRY(tap->feed(call, as_bytes(chunk)));
        dump.remove_prefix(chunk.size());
    }
    return tap->finish(call);
}

struct Row {
    const char* name;
    std::string marker, dump;
    const char* verdict;  // "" = whole, else a piece of the message
};
const Row kRows[] = {
    {"at the end", "-- end\n", "rows\n-- end\n", ""},
    {"the dump is the marker", "end", "end", ""},
    {"NUL and all", std::string("\0e", 2), std::string("x\0e", 3), ""},
    {"without its last byte", "-- end\n", "rows\n-- end", "does not end with"},
    {"with a line end more", "-- end", "rows\n-- end\n", "a line end after"},
    {"with a line end of DOS more", "-- end", "rows\r\n-- end\r\n", "a line end after"},
    {"with more after it", "-- end", "rows -- end\nx", "does not end with"},
    {"two line ends", "-- end", "rows -- end\n\n", "does not end with"},
    {"in the middle only", "-- end", "-- end" + std::string(5000, 'x'), "does not end with"},
    {"shorter than the marker", "-- end", "end", "does not end with"},
    {"nothing", "-- end", "", "wrote nothing"},
    {"nothing, and no marker", "", "", "wrote nothing"},
    {"anything, and no marker", "", "x", ""},
};

TEST(EndMarker, IsTheVeryEndHoweverTheBytesAreCut) {
    for (const auto& row : kRows)
        for (const std::size_t chunk_bytes : {1, 2, 7, 100'000}) {
            SCOPED_TRACE(std::string(row.name) + " by " + std::to_string(chunk_bytes));
            const auto judged = judge(row.marker, row.dump, chunk_bytes);
            if (!*row.verdict) {
                EXPECT_TRUE(judged) << judged.error().message;
                continue;
            }
            ASSERT_FALSE(judged);
            EXPECT_EQ(judged.error().code, Code::truncated);
            EXPECT_FALSE(judged.error().hint.empty());
            EXPECT_NE(judged.error().message.find(row.verdict), std::string::npos)
                << judged.error().message;
        }
}

TEST(EndMarker, SaysOfVerifyWhatItCannotProve) {
    testing::FakeHost without, with;
    ASSERT_TRUE(judge("", "dump", 99, &without));
    ASSERT_EQ(without.log_lines.size(), 1u);
    EXPECT_NE(without.log_lines[0].find("needs the target"), std::string::npos);
    ASSERT_TRUE(judge("dump", "dump", 99, &with));
    EXPECT_TRUE(with.log_lines.empty());
}

}  // namespace
}  // namespace bkt::custom
