// A source read by a plugin in its own process: whole or an error, whatever the plugin does in the middle.
#include "baktainer/testing/memory_stream.hpp"
#include "tests/fault/worker/content.hpp"
#include "tests/fault/worker/isolated.hpp"

namespace bkt::test {
namespace {

TEST(WorkerSource, IsReadToItsEndInAnyPieces) {
    for (const char* mode :
         {"", "by bytes", "in one piece", "read after the end", "read nothing"}) {
        const std::string text =
            std::string(mode) == "by bytes" ? std::string(20'000, 'x') : content();
        const testing::MemorySource source(text);
        EXPECT_EQ(put(mode, source.raw()).rc, BKT_OK) << mode;
    }
}

// What the host gave and the plugin did not read is nowhere, whatever it says.
TEST(WorkerSource, ThatWasNotReadToItsEndIsNotStored) {
    for (const std::size_t size : {std::size_t{101}, std::size_t{50'000}, kBytes}) {
        const testing::MemorySource source(std::string(size, 'x'));
        const auto ended = put("read a little", source.raw());
        EXPECT_EQ(ended.rc, BKT_FAULT) << size;
        EXPECT_NE(ended.said.message.find("before it had read all of it"), std::string::npos)
            << ended.said.message;
    }
    const testing::MemorySource little(std::string(100, 'x'));
    EXPECT_EQ(put("read a little", little.raw()).rc, BKT_OK);
}

TEST(WorkerSource, ThatFailsIsNeverAnEnd) {
    for (const std::size_t at : {std::size_t{0}, std::size_t{1}, kBytes / 2, kBytes - 1}) {
        testing::MemorySource source(content());
        source.fail_at_byte = at;
        EXPECT_EQ(put("", source.raw()).rc, source.fail_rc) << at;
    }
}

TEST(WorkerSource, OfAPluginThatGoesAwayIsAnError) {
    const struct {
        const char* mode;
        bkt_rc rc;
    } kCases[] = {{"crash in mid-stream", BKT_FAULT},
                  {"exit in mid-stream", BKT_FAULT},
                  {"be killed in mid-stream", BKT_FAULT},
                  {"be full in mid-stream", BKT_NO_SPACE},
                  {"hang in mid-stream", BKT_FAULT}};
    for (const auto& c : kCases) {
        const testing::MemorySource source(content());
        EXPECT_EQ(put(c.mode, source.raw()).rc, c.rc) << c.mode;
    }
}

}  // namespace
}  // namespace bkt::test
