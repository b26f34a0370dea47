// Today's author layer in a host of the first days: what that host lacks is answered, never used.
#include <array>

#include "baktainer/testing/memory_parts.hpp"
#include "tests/unit/sdk/loaded.hpp"

namespace bkt::testing {
namespace {

template <class T>
std::optional<Code> code_of(const Result<T>& result) {
    if (result) return std::nullopt;
    return result.error().code;
}

struct OlderCase {
    const char* name;
    std::function<std::optional<Code>(Call&)> ask;
    std::optional<Code> today, then;
};

const OlderCase kOlderCases[] = {
    {"a setting", [](Call& c) { return code_of(Result<std::string>(c.config("url"))); }, {}, {}},
    {"a secret", [](Call& c) { return code_of(c.secret("token")); }, {}, {}},
    {"a folder", [](Call& c) { return code_of(c.temp_dir()); }, {}, {}},
    {"a nap", [](Call& c) { return code_of(c.sleep_ms(1)); }, {}, {}},
    {"a tool", [](Call& c) { return code_of(c.exec({"true"}).run()); }, {}, {}},
    {"a request", [](Call& c) { return code_of(c.post("http://x", "{}")); }, {}, Code::denied},
    {"a value kept", [](Call& c) { return code_of(c.kv_put("k", "v")); }, {}, Code::denied},
    {"a value read", [](Call& c) { return code_of(c.kv_get("k")); }, {}, Code::denied},
};

TEST(OlderHost, AnswersWhatItHasAndDeniesTheRest) {
    for (const bool older : {false, true})
        for (const OlderCase& c : kOlderCases) {
            SCOPED_TRACE(std::string(c.name) + (older ? ", then" : ", today"));
            FakeHost host;
            host.older = older;
            host.exec = [](Call&, const ExecRequest&) -> Result<ExecOutcome> {
                return ExecOutcome{0, BKT_EXIT_WAITED, 0, 0, ""};
            };
            FakeCall call(host.raw());
            Call view = call.call();
            EXPECT_EQ(c.ask(view), older ? c.then : c.today);
            // What is only told is lost without a word.
            view.event(Severity::info, "told", "");
            view.metric_add("told_total");
            EXPECT_EQ(host.events.size(), older ? 0u : 1u);
            EXPECT_EQ(view.thread(), older ? BKT_THREAD_OTHER : BKT_THREAD_OP);
        }
}

// The hash service is the one with an optional method that the author layer uses.
TEST(OlderHost, HasNoKeyedDigest) {
    static constexpr bkt_hash kHash = {
        sizeof kHash,
        0,
        [](const bkt_host*, bkt_str) noexcept -> void* { return nullptr; },
        [](void*, const void*, std::uint64_t) noexcept {},
        [](void*, std::uint8_t*) noexcept {},
        [](const bkt_host*, bkt_str, const void*, std::uint64_t) noexcept -> void* {
            static int state;
            return &state;
        }};
    OlderTables tables;
    for (const bool older : {false, true}) {
        std::pair<OlderTables*, bool> context{&tables, older};
        const bkt_host host{sizeof host,
                            0,
                            &context,
                            str(""),
                            str(""),
                            [](const bkt_host* h, bkt_str id) noexcept -> const void* {
                                auto& [old, age] =
                                    *static_cast<std::pair<OlderTables*, bool>*>(h->ctx);
                                return age ? old->age(view(id), &kHash) : &kHash;
                            }};
        FakeCall call(&host);
        EXPECT_EQ(code_of(call.call().hmac("sha256", "key")),
                  older ? std::optional(Code::unsupported) : std::nullopt);
    }
    unsigned char beyond[sizeof(void*)];
    std::memcpy(beyond,
                static_cast<const unsigned char*>(tables.age(BKT_SERVICE_HASH, &kHash)) +
                    offsetof(bkt_hash, begin_hmac),
                sizeof beyond);
    EXPECT_EQ(beyond[0], 0xa5) << "what is beyond the table is not poison";
}

TEST(OlderHost, RunsTodaysEngine) {
    const std::string dump = "rows\n-- Dump completed\n";
    FakeHost host;
    host.older = true;
    host.exec = [&](Call&, const ExecRequest& r) -> Result<ExecOutcome> {
        BKT_TRY(r.out->write(as_bytes(dump)));
        return ExecOutcome{0, BKT_EXIT_WAITED, 0, dump.size(), ""};
    };
    for (const std::string& way : kWays) {
        Opened<bkt_engine_ops> mini(load_module("sdk_mini" + way), host);
        ASSERT_EQ(mini.rc, BKT_OK);
        MemoryPlan plan;
        MemoryPartsOut out(plan);
        FakeCall call(host.raw());
        EXPECT_EQ(mini.ops->plan(mini.self, call.raw(), plan.raw()), BKT_OK);
        EXPECT_EQ(mini.ops->dump(mini.self, call.raw(), out.raw()), BKT_OK);
        EXPECT_TRUE(out.complete());
    }
}

TEST(OlderHost, IsToldByTodaysNotifierWhatItLacks) {
    FakeHost host;
    host.older = true;
    host.config["url"] = "http://x";
    for (const std::string& way : kWays) {
        Opened<bkt_notifier_ops> hello(load_module("sdk_hello" + way), host);
        ASSERT_EQ(hello.rc, BKT_OK);
        FakeCall call(host.raw());
        bkt_event event{};
        event.size = sizeof event;
        EXPECT_EQ(hello.ops->notify(hello.self, call.raw(), &event), BKT_DENIED);
        ASSERT_TRUE(call.failure());
        EXPECT_EQ(call.failure()->message, "'bkt.http/1' is not granted");
    }
}

}  // namespace
}  // namespace bkt::testing
