// Streams of a plugin in its own process: whole or an error, whatever the plugin does in the middle.
#include <atomic>
#include <thread>

#include "baktainer/testing/memory_parts.hpp"
#include "baktainer/testing/memory_stream.hpp"
#include "tests/fault/worker/isolated.hpp"
#include "tests/support/process.hpp"

namespace bkt::test {
namespace {

constexpr std::size_t kBytes = 10'000'000;

std::string content() {
    std::string text(kBytes, '\0');
    for (std::size_t i = 0; i < text.size(); ++i)
        text[i] = static_cast<char>(i * 2'654'435'761u >> 24);
    return text;
}

struct Done {
    bkt_rc rc;
    Error said;
};

Done put(const std::string& mode, const bkt_source* source) {
    auto plugin = store(mode);
    testing::FakeCall call(plugin.host.raw());
    const bkt_rc rc = plugin.ops().put(plugin.self(), call.raw(), str("key"), 0, source);
    return {rc, call.failure().value_or(Error{Code::bug, ""})};
}

TEST(WorkerSource, IsReadToItsEndInAnyPieces) {
    for (const char* mode : {"", "read by bytes", "read after the end", "read nothing"}) {
        const std::string text =
            std::string(mode) == "read by bytes" ? std::string(20'000, 'x') : content();
        const testing::MemorySource source(text);
        EXPECT_EQ(put(mode, source.raw()).rc, BKT_OK) << mode;
    }
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
                  {"stop in mid-stream", BKT_NO_SPACE},
                  {"hang in mid-stream", BKT_FAULT}};
    for (const auto& c : kCases) {
        const testing::MemorySource source(content());
        EXPECT_EQ(put(c.mode, source.raw()).rc, c.rc) << c.mode;
    }
}

Done get(const std::string& mode, std::uint64_t length, const bkt_sink* sink) {
    auto plugin = store(mode);
    testing::FakeCall call(plugin.host.raw());
    const bkt_rc rc = plugin.ops().get(plugin.self(), call.raw(), str("key"), 0, length, sink);
    return {rc, call.failure().value_or(Error{Code::bug, ""})};
}

TEST(WorkerSink, GetsEveryByte) {
    for (const std::uint64_t length :
         {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{65'536}, std::uint64_t{kBytes}}) {
        testing::MemorySink sink;
        EXPECT_EQ(get("", length, sink.raw()).rc, BKT_OK);
        EXPECT_EQ(sink.text, std::string(length, 'x'));
    }
    testing::MemorySink bytewise, empty;
    EXPECT_EQ(get("write by bytes", 3000, bytewise.raw()).rc, BKT_OK);
    EXPECT_EQ(bytewise.text.size(), 3000u);
    EXPECT_EQ(get("write nothing at the end", 0, empty.raw()).rc, BKT_OK);
}

TEST(WorkerSink, ThatFailsStopsThePlugin) {
    for (const std::size_t at : {std::size_t{0}, std::size_t{1}, std::size_t{65'535}, kBytes - 1})
        for (const char* mode : {"", "ignore a failed sink"}) {
            testing::MemorySink sink;
            sink.fail_at_byte = at;
            EXPECT_EQ(get(mode, kBytes, sink.raw()).rc, BKT_NO_SPACE) << at << " " << mode;
        }
}

TEST(WorkerSink, OfAPluginThatCrashesIsAnError) {
    testing::MemorySink sink;
    EXPECT_EQ(get("crash in mid-stream", kBytes, sink.raw()).rc, BKT_FAULT);
}

// 2.5 s without a byte are too long for a plugin; its host may take longer, and it may be slow.
TEST(WorkerSilence, EndsAProducerThatStopsAndSaysSo) {
    testing::MemorySink sink;
    const auto done = get("hang in mid-stream", kBytes, sink.raw());
    EXPECT_EQ(done.rc, BKT_FAULT);
    EXPECT_NE(done.said.message.find("broke a rule: it moved no byte"), std::string::npos)
        << done.said.message;
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
    const auto done = put("", &source);
    EXPECT_EQ(done.rc, BKT_OK) << done.said.message;
}

// A descriptor that is kept would hold the stream open for ever.
// KiB at the last byte of a stream of so many MiB: here and in the plugin's process.
std::pair<long, long> peaks(const char* mebibytes) {
    const auto ended = run({WORKER_HOLDER, ROGUE_PLUGIN, "get", "", "slowly", mebibytes});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    const auto after = [&](const std::string& words) {
        const auto at = ended.out.find(words);
        return at == std::string::npos ? 0 : std::stol("0" + ended.out.substr(at + words.size()));
    };
    return {after("peak here "), after("peak there ")};
}

TEST(WorkerStream, IsHeldInBoundedMemoryHoweverSlowItsConsumer) {
    const auto [few_here, few_there] = peaks("8");
    const auto [many_here, many_there] = peaks("256");
    ASSERT_GT(few_here, 0);
    ASSERT_GT(few_there, 0);
    constexpr long kSlackKib = 16 * 1024;
    EXPECT_LT(many_here, few_here + kSlackKib);
    EXPECT_LT(many_there, few_there + kSlackKib);
}

TEST(WorkerSink, ThatIsHeldOpenIsABrokenRule) {
    testing::MemorySink sink;
    const auto done = get("copy the descriptor", 200'000, sink.raw());
    EXPECT_EQ(done.rc, BKT_FAULT);
    EXPECT_NE(done.said.message.find("left a stream open"), std::string::npos) << done.said.message;
}

struct Dumped {
    bkt_rc rc;
    Error said;
    bool complete;
};

Dumped dump(const std::string& mode) {
    Rogue<bkt_engine_ops> engine(BKT_KIND_ENGINE, mode);
    testing::FakeCall call(engine.host.raw());
    testing::MemoryPlan plan;
    plan.parts["p"] = {};
    testing::MemoryPartsOut out(plan);
    const bkt_rc rc = engine.ops().dump(engine.self(), call.raw(), out.raw());
    return {rc, call.failure().value_or(Error{Code::bug, ""}), out.complete()};
}

TEST(WorkerParts, AreWholeOnBothSidesOrNotAtAll) {
    const auto good = dump("");
    EXPECT_EQ(good.rc, BKT_OK);
    EXPECT_TRUE(good.complete);
    const auto crash = dump("crash before the end of a part");
    EXPECT_EQ(crash.rc, BKT_FAULT);
    EXPECT_FALSE(crash.complete);
    const auto lie = dump("lie about the tool's bytes");
    EXPECT_EQ(lie.rc, BKT_TRUNCATED);
    EXPECT_FALSE(lie.complete);
}

// The host's sink is gone by then; a handle must never lead back to it.
TEST(WorkerParts, ThatAreOverCannotBeWrittenTo) {
    const auto done = dump("use a part that is over");
    EXPECT_EQ(done.rc, BKT_FAULT);
    EXPECT_NE(done.said.message.find("used a stream that was over"), std::string::npos)
        << done.said.message;
}

struct Listed {
    std::vector<std::string> keys;
    std::size_t stop_at = SIZE_MAX;
    static bkt_rc object(const bkt_object_out* out, const bkt_object* o) noexcept {
        auto& self = *static_cast<Listed*>(out->ctx);
        self.keys.emplace_back(view(o->key));
        return self.keys.size() < self.stop_at ? BKT_OK : BKT_CONFLICT;
    }
};

Done list(const std::string& mode, Listed& into) {
    auto plugin = store(mode);
    testing::FakeCall call(plugin.host.raw());
    const bkt_object_out out{sizeof out, 0, &into, &Listed::object};
    const bkt_rc rc = plugin.ops().list(plugin.self(), call.raw(), str("p/"), &out);
    return {rc, call.failure().value_or(Error{Code::bug, ""})};
}

TEST(WorkerList, ArrivesInOrderAndWholeOrNotWell) {
    Listed all, some, cut;
    EXPECT_EQ(list("", all).rc, BKT_OK);
    ASSERT_EQ(all.keys.size(), 1000u);
    EXPECT_EQ(all.keys.front(), "p/0");
    EXPECT_EQ(all.keys.back(), "p/999");
    some.stop_at = 100;
    EXPECT_EQ(list("", some).rc, BKT_CONFLICT);
    EXPECT_EQ(some.keys.size(), 100u);
    EXPECT_EQ(list("crash in mid-list", cut).rc, BKT_FAULT);
}

TEST(WorkerCalls, AnswerWithNumbersAndText) {
    auto plugin = store("");
    testing::FakeCall call(plugin.host.raw());
    std::uint64_t n = 0;
    EXPECT_EQ(plugin.ops().sweep(plugin.self(), call.raw(), str(""), &n), BKT_OK);
    EXPECT_EQ(n, 3u);
    EXPECT_EQ(plugin.ops().free_bytes(plugin.self(), call.raw(), &n), BKT_OK);
    EXPECT_EQ(n, 1234u);
    bkt_str text{};
    EXPECT_EQ(plugin.ops().health(plugin.self(), call.raw(), &text), BKT_OK);
    EXPECT_EQ(view(text), "fine");
}

}  // namespace
}  // namespace bkt::test
