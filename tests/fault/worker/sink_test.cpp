// A sink written by a plugin in its own process: whole or an error, whatever the plugin does in the middle.
#include "baktainer/testing/memory_stream.hpp"
#include "tests/fault/worker/content.hpp"
#include "tests/fault/worker/isolated.hpp"

namespace bkt::test {
namespace {

TEST(WorkerSink, GetsEveryByte) {
    for (const std::uint64_t length :
         {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{65'536}, std::uint64_t{kBytes}}) {
        testing::MemorySink sink;
        EXPECT_EQ(get("", length, sink.raw()).rc, BKT_OK);
        EXPECT_EQ(sink.text, std::string(length, 'x'));
    }
    testing::MemorySink bytewise, empty;
    EXPECT_EQ(get("by bytes", 3000, bytewise.raw()).rc, BKT_OK);
    EXPECT_EQ(bytewise.text.size(), 3000u);
    EXPECT_EQ(get("write nothing at the end", 0, empty.raw()).rc, BKT_OK);
    testing::MemorySink whole;
    EXPECT_EQ(get("in one piece", kBytes, whole.raw()).rc, BKT_OK);
    EXPECT_EQ(whole.text, std::string(kBytes, 'x'));
}

TEST(WorkerSink, ThatFailsStopsThePlugin) {
    for (const std::size_t at :
         {std::size_t{0}, std::size_t{1}, std::size_t{65'535}, std::size_t{65'536}, kBytes - 1})
        for (const char* mode : {"", "ignore a failed sink"}) {
            testing::MemorySink sink;
            sink.fail_at_byte = at;
            EXPECT_EQ(get(mode, kBytes, sink.raw()).rc, BKT_NO_SPACE) << at << " " << mode;
        }
}

TEST(WorkerSink, OfAPluginThatCrashesIsAnError) {
    for (const char* mode :
         {"crash in mid-stream", "exit in mid-stream", "be killed in mid-stream"}) {
        testing::MemorySink sink;
        EXPECT_EQ(get(mode, kBytes, sink.raw()).rc, BKT_FAULT) << mode;
    }
}

// The reply tells how many bytes there were. More came, fewer came, or some came after it.
TEST(WorkerSink, WithAnotherCountThanTheReplysIsABrokenRule) {
    const struct {
        const char* mode;
        std::uint64_t length;
        const char* rule;
    } kCases[] = {
        {"write beside the count", 65'536, "told 65536 bytes of a stream that had 65542"},
        {"count what goes nowhere", 131'072, "told 131072 bytes of a stream that had 65536"},
        {"write after OK", 65'536, "told 65536 bytes of a stream that had 65540"}};
    for (const auto& c : kCases) {
        testing::MemorySink sink;
        const auto ended = get(c.mode, c.length, sink.raw());
        EXPECT_EQ(ended.rc, BKT_FAULT) << c.mode;
        EXPECT_NE(ended.said.message.find(c.rule), std::string::npos) << ended.said.message;
    }
}

// The end of the bytes is no reply.
TEST(WorkerSink, ThatEndedIsNoReply) {
    testing::MemorySink sink;
    const auto ended = get("end the stream and never reply", 131'072, sink.raw());
    EXPECT_EQ(ended.rc, BKT_FAULT);
    EXPECT_NE(ended.said.message.find("moved no byte"), std::string::npos) << ended.said.message;
}

TEST(WorkerSink, ThatIsHeldOpenIsABrokenRule) {
    testing::MemorySink sink;
    const auto ended = get("copy the descriptor", 200'000, sink.raw());
    EXPECT_EQ(ended.rc, BKT_FAULT);
    EXPECT_NE(ended.said.message.find("left a stream open"), std::string::npos)
        << ended.said.message;
}

}  // namespace
}  // namespace bkt::test
