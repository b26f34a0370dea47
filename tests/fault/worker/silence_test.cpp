// Who is silent too long: the plugin, never its host, and nobody who is only slow.
#include <atomic>
#include <thread>

#include "baktainer/testing/memory_stream.hpp"
#include "tests/fault/worker/content.hpp"
#include "tests/fault/worker/isolated.hpp"

namespace bkt::test {
namespace {

// 2.5 s without a byte are too long for a plugin; its host may take longer, and it may be slow.
TEST(WorkerSilence, EndsAProducerThatStopsAndSaysSo) {
    testing::MemorySink sink;
    const auto ended = get("hang in mid-stream", kBytes, sink.raw());
    EXPECT_EQ(ended.rc, BKT_FAULT);
    EXPECT_NE(ended.said.message.find("broke a rule: it moved no byte"), std::string::npos)
        << ended.said.message;
}

TEST(WorkerSilence, IsNotASlowProducers) {
    testing::MemorySink sink;
    EXPECT_EQ(get("take its time", 10 * 65'536, sink.raw()).rc, BKT_OK);
    EXPECT_EQ(sink.text.size(), 10u * 65'536);
}

TEST(WorkerSilence, IsNotASlowHosts) {
    static std::atomic<bool> waited;
    static const auto kNap = [] {
        if (!waited.exchange(true)) std::this_thread::sleep_for(std::chrono::milliseconds(3'500));
    };
    waited = false;
    const bkt_sink sink{sizeof sink,
                        0,
                        nullptr,
                        [](const bkt_sink*, const void*, std::uint64_t) noexcept -> bkt_rc {
                            kNap();
                            return BKT_OK;
                        },
                        nullptr,
                        nullptr};
    const auto got = get("", kBytes, &sink);
    EXPECT_EQ(got.rc, BKT_OK) << got.said.message;
    waited = false;
    const bkt_source source{
        sizeof source, 0, nullptr,
        [](const bkt_source*, void*, std::uint64_t, std::uint64_t* n) noexcept -> bkt_rc {
            kNap();
            *n = 0;
            return BKT_OK;
        },
        0};
    const auto ended = put("", &source);
    EXPECT_EQ(ended.rc, BKT_OK) << ended.said.message;
}

}  // namespace
}  // namespace bkt::test
