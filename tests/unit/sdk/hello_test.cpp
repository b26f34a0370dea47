// The hello plugins stay as short as the guide promises, and do what it says, however they are built.
#include <fstream>

#include "baktainer/testing/memory_parts.hpp"
#include "tests/unit/sdk/loaded.hpp"

namespace bkt::testing {
namespace {

std::size_t lines_of(const std::string& example) {
    std::ifstream file(std::string(BAKTAINER_EXAMPLES) + "/" + example);
    EXPECT_TRUE(file) << example;
    std::size_t count = 0;
    for (std::string line; std::getline(file, line);)
        if (line.find_first_not_of(" \t\r") != std::string::npos) ++count;
    return count;
}

TEST(HelloPlugins, StayAsShortAsPromised) {
    EXPECT_EQ(lines_of("hello-notifier/hello.cpp"), 8u);
    EXPECT_LE(lines_of("mini-engine/mini.cpp"), 12u);
}

bkt_event event_of(std::string_view type, std::string_view json) {
    bkt_event event{};
    event.size = sizeof event;
    event.severity = BKT_SEVERITY_ERROR;
    event.type = str(type);
    event.json = str(json);
    return event;
}

struct Case {
    const char* name;
    Result<FakeAnswer> answer;
    std::optional<Code> fails_with;
    std::uint64_t retry_after_ms;
};

const Case kCases[] = {
    {"delivered", FakeAnswer{200, "", {}}, std::nullopt, 0},
    {"accepted, nothing to say", FakeAnswer{204, "", {}}, std::nullopt, 0},
    {"down for a while", FakeAnswer{503, "", {{"retry-after", "7"}}}, Code::unavailable, 7000},
    {"down until a date", FakeAnswer{503, "", {{"retry-after", "Fri, 01 Jan"}}}, Code::unavailable,
     0},
    {"too many", FakeAnswer{429, "", {}}, Code::unavailable, 0},
    {"moved", FakeAnswer{302, "", {}}, Code::invalid, 0},
    {"bad credentials", FakeAnswer{401, "", {}}, Code::denied, 0},
    {"no such page", FakeAnswer{404, "", {}}, Code::not_found, 0},
    {"no connection", Error{Code::unavailable, "no connection"}, Code::unavailable, 0},
};

TEST(HelloNotifier, PostsTheEventAndNamesWhatTheAnswerMeans) {
    for (const std::string& way : kWays) {
        const bkt_module* module = load_module("sdk_hello" + way);
        ASSERT_TRUE(module);
        for (const Case& c : kCases) {
            SCOPED_TRACE(c.name + (" sdk_hello" + way));
            FakeHost host;
            host.config["url"] = "https://example.test/hook";
            host.http.answer = [&](const FakeRequest&) { return c.answer; };
            Opened<bkt_notifier_ops> hello(module, host);
            ASSERT_EQ(hello.rc, BKT_OK);

            FakeCall call(host.raw());
            const bkt_event event = event_of("run.failed", R"({"type":"run.failed"})");
            const bkt_rc rc = hello.ops->notify(hello.self, call.raw(), &event);

            EXPECT_EQ(rc, c.fails_with ? static_cast<bkt_rc>(*c.fails_with) : BKT_OK);
            EXPECT_EQ(call.failure().has_value(), c.fails_with.has_value());
            if (call.failure()) {
                EXPECT_EQ(call.failure()->retry_after_ms, c.retry_after_ms);
            }
            ASSERT_EQ(host.http.requests.size(), 1u);
            EXPECT_EQ(host.http.requests[0].method, "POST");
            EXPECT_EQ(host.http.requests[0].url, "https://example.test/hook");
            EXPECT_EQ(host.http.requests[0].body, R"({"type":"run.failed"})");
            EXPECT_EQ(host.http.requests[0].header("Content-Type"), "application/json");
        }
    }
}

TEST(HelloNotifier, IsDeniedWhatItWasNotGranted) {
    FakeHost host;
    host.granted = {BKT_SERVICE_CONFIG};
    Opened<bkt_notifier_ops> hello(load_module("sdk_hello"), host);
    FakeCall call(host.raw());
    const bkt_event event = event_of("run.failed", "{}");
    EXPECT_EQ(hello.ops->notify(hello.self, call.raw(), &event), BKT_DENIED);
    ASSERT_TRUE(call.failure());
    EXPECT_EQ(call.failure()->message, "'bkt.http/1' is not granted");
}

TEST(MiniEngine, FailsADumpThatWasCut) {
    for (const std::string& way : kWays)
        for (const char* built : {"sdk_mini", "sdk_documented_mini"})
            for (const bool whole : {true, false}) {
                SCOPED_TRACE(built + way + (whole ? ", whole" : ", cut"));
                const std::string dump = whole ? "rows\n-- Dump completed\n" : "rows\n-- Dump com";
                FakeHost host;
                host.config["container"] = "db";
                host.exec = [&](Call&, const ExecRequest& r) -> Result<ExecOutcome> {
                    BKT_TRY(r.out->write(as_bytes(dump)));
                    return ExecOutcome{0, BKT_EXIT_WAITED, 0, dump.size(), ""};
                };
                Opened<bkt_engine_ops> mini(load_module(built + way), host);
                ASSERT_EQ(mini.rc, BKT_OK);
                MemoryPlan plan;
                MemoryPartsOut out(plan);
                FakeCall call(host.raw());

                ASSERT_EQ(mini.ops->plan(mini.self, call.raw(), plan.raw()), BKT_OK);
                ASSERT_EQ(mini.ops->dump(mini.self, call.raw(), out.raw()), BKT_OK);
                EXPECT_TRUE(out.complete());
                const bkt_tap* tap = nullptr;
                ASSERT_EQ(
                    mini.ops->validator(mini.self, call.raw(), str("all.sql"), str(""), 0, &tap),
                    BKT_OK);
                EXPECT_EQ(tap->feed(tap, call.raw(), dump.data(), dump.size()), BKT_OK);
                EXPECT_EQ(tap->finish(tap, call.raw()), whole ? BKT_OK : BKT_TRUNCATED);
                tap->release(tap);
            }
}

}  // namespace
}  // namespace bkt::testing
