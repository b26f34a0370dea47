// What each base class puts into its table, and what an author's class may leave out.
#include "baktainer/testing/memory_stream.hpp"
#include "tests/unit/sdk/loaded.hpp"

namespace bkt::testing {
namespace {

std::vector<std::string> listed(const char* const* words, std::uint64_t count) {
    return {words, words + count};
}

TEST(Module, NeedsWhatItsBaseNeedsUnlessItSaysOtherwise) {
    struct Case {
        const char* built;
        const char* kind;
        std::vector<std::string> needs;
    };
    const Case cases[] = {
        {"sdk_hello",
         BKT_KIND_NOTIFIER,
         {"bkt.http/1", "bkt.secret/1", "bkt.kv/1", "bkt.metrics/1", "bkt.events/1"}},
        {"sdk_mini",
         BKT_KIND_ENGINE,
         {"bkt.exec/1", "bkt.secret/1", "bkt.temp/1", "bkt.kv/1", "bkt.metrics/1", "bkt.events/1"}},
        {"sdk_table_secrets",
         BKT_KIND_SECRETS,
         {"bkt.http/1", "bkt.exec/1", "bkt.secret/1", "bkt.metrics/1", "bkt.events/1"}},
        {"sdk_reversing_transform", BKT_KIND_TRANSFORM, {"bkt.metrics/1", "bkt.events/1"}},
        {"sdk_answering_hook", BKT_KIND_HOOK, {"bkt.metrics/1"}},
        {"sdk_counting_notifier", BKT_KIND_NOTIFIER, {"bkt.kv/1", "bkt.events/1"}},
    };
    for (const Case& c : cases)
        for (const std::string& way : kWays) {
            SCOPED_TRACE(c.built + way);
            const bkt_module* module = load_module(c.built + way);
            ASSERT_TRUE(module);
            EXPECT_EQ(module->size, sizeof(bkt_module));
            EXPECT_STREQ(module->components[0]->kind, c.kind);
            EXPECT_EQ(listed(module->needs, module->need_count), c.needs);
        }
}

TEST(Module, TellsItsTitleAndItsExperiments) {
    const bkt_module* counting = load_module("sdk_counting_notifier");
    EXPECT_STREQ(counting->components[0]->title, "Counts what it is told");
    EXPECT_EQ(listed(counting->experimental, counting->experimental_count),
              std::vector<std::string>{"com.acme.peek/1"});
    const bkt_module* hello = load_module("sdk_hello");
    EXPECT_STREQ(hello->components[0]->title, "hello");
    EXPECT_EQ(hello->experimental_count, 0u);
}

TEST(Module, LeavesOptionalSlotsEmptyUnlessOverridden) {
    const auto* hello =
        static_cast<const bkt_notifier_ops*>(load_module("sdk_hello")->components[0]->ops);
    EXPECT_EQ(hello->digest, nullptr);
    EXPECT_EQ(hello->extension, nullptr);
    const auto* counting = static_cast<const bkt_notifier_ops*>(
        load_module("sdk_counting_notifier")->components[0]->ops);
    EXPECT_NE(counting->digest, nullptr);
    EXPECT_NE(counting->extension, nullptr);
    const auto* hook =
        static_cast<const bkt_hook_ops*>(load_module("sdk_answering_hook")->components[0]->ops);
    EXPECT_NE(hook->before, nullptr);
    EXPECT_EQ(hook->after, nullptr);
}

bkt_event event_of(std::string_view type) {
    bkt_event event{};
    event.size = sizeof event;
    event.type = str(type);
    return event;
}

TEST(Notifier, CountsOneByOneAndInADigest) {
    for (const std::string& way : kWays) {
        FakeHost host;
        Opened<bkt_notifier_ops> counting(load_module("sdk_counting_notifier" + way), host);
        ASSERT_EQ(counting.rc, BKT_OK);
        FakeCall call(host.raw());
        const bkt_event one = event_of("a"), two = event_of("b");
        const bkt_event* const both[] = {&one, &two};
        EXPECT_EQ(counting.ops->notify(counting.self, call.raw(), &one), BKT_OK);
        EXPECT_EQ(counting.ops->digest(counting.self, call.raw(), both, 2), BKT_OK);
        EXPECT_EQ(host.kv["count"], "3");
        const std::vector<FakeEvent> told{{Severity::info, "counted", "a"},
                                          {Severity::info, "counted", "a"}};
        EXPECT_EQ(host.events, told);
        EXPECT_EQ(counting.ops->extension(counting.self, str("com.acme.other/1")), nullptr);
        EXPECT_NE(counting.ops->extension(counting.self, str("com.acme.peek/1")), nullptr);
    }
}

struct Answers {
    std::vector<std::pair<std::int32_t, std::string>> decisions;
    std::vector<std::pair<std::string, std::string>> notes;
    bkt_hook_out raw{sizeof raw, 0, this, &decide, &annotate};
    static void decide(const bkt_hook_out* o, std::int32_t d, bkt_str reason) noexcept {
        static_cast<Answers*>(o->ctx)->decisions.emplace_back(d, view(reason));
    }
    static void annotate(const bkt_hook_out* o, bkt_str key, bkt_str value) noexcept {
        static_cast<Answers*>(o->ctx)->notes.emplace_back(view(key), view(value));
    }
};

TEST(Hook, SkipsAbortsAnnotatesAndIgnoresANewPhase) {
    FakeHost host;
    Opened<bkt_hook_ops> hook(load_module("sdk_answering_hook"), host);
    const auto ask = [&](std::int32_t phase, std::string_view target) {
        Answers answers;
        FakeCall call(host.raw());
        bkt_hook_event event{};
        event.size = sizeof event;
        event.phase = phase;
        event.target = str(target);
        event.job = str("nightly");
        EXPECT_EQ(hook.ops->before(hook.self, call.raw(), &event, &answers.raw), BKT_OK);
        return std::pair(answers.decisions, answers.notes);
    };
    using Decisions = std::vector<std::pair<std::int32_t, std::string>>;
    EXPECT_EQ(ask(BKT_PHASE_BACKUP, "idle").first,
              (Decisions{{BKT_DECISION_SKIP, "nothing changed"}}));
    EXPECT_EQ(ask(BKT_PHASE_BACKUP, "bad").first, (Decisions{{BKT_DECISION_ABORT, "not today"}}));
    const auto [decisions, notes] = ask(BKT_PHASE_RESTORE, "web-db");
    EXPECT_TRUE(decisions.empty());
    EXPECT_EQ(notes, (std::vector<std::pair<std::string, std::string>>{{"asked", "nightly"}}));
    EXPECT_TRUE(ask(77, "bad").first.empty());
    EXPECT_EQ(host.metrics["asked_total"], 3);
}

struct Handed {
    std::string value;
    std::uint64_t ttl_s = 0;
    bkt_secret_out raw{sizeof raw, 0, this, &take};
    static bkt_rc take(const bkt_secret_out* o, const void* bytes, std::uint64_t len,
                       std::uint64_t ttl_s) noexcept {
        auto* self = static_cast<Handed*>(o->ctx);
        self->value.assign(static_cast<const char*>(bytes), len);
        self->ttl_s = ttl_s;
        return BKT_OK;
    }
};

TEST(Secrets, ResolvesAndFailsWithoutThrowing) {
    for (const std::string& way : kWays) {
        const bkt_module* module = load_module("sdk_table_secrets" + way);
        FakeHost bare;
        Opened<bkt_secrets_ops> refused(module, bare);
        EXPECT_EQ(refused.rc, BKT_INVALID);
        EXPECT_EQ(refused.failure->message, "no 'name' is set");

        FakeHost host;
        host.config["name"] = "db";
        Opened<bkt_secrets_ops> table(module, host);
        Handed handed;
        FakeCall call(host.raw());
        EXPECT_EQ(table.ops->resolve(table.self, call.raw(), str("db"), &handed.raw), BKT_OK);
        EXPECT_EQ(handed.value, "swordfish");
        EXPECT_EQ(handed.ttl_s, 60u);
        EXPECT_EQ(table.ops->resolve(table.self, call.raw(), str("x"), &handed.raw), BKT_NOT_FOUND);
    }
}

struct Header {
    std::string bytes;
    bkt_header_out raw{sizeof raw, 0, this, &take};
    static bkt_rc take(const bkt_header_out* o, const void* bytes, std::uint64_t len) noexcept {
        static_cast<Header*>(o->ctx)->bytes.assign(static_cast<const char*>(bytes), len);
        return BKT_OK;
    }
};

TEST(Transform, GivesBackWhatItTook) {
    for (const std::string& way : kWays) {
        FakeHost host;
        Opened<bkt_transform_ops> reversing(load_module("sdk_reversing_transform" + way), host);
        FakeCall call(host.raw());
        std::uint64_t caps = 0;
        EXPECT_EQ(reversing.ops->caps(reversing.self, call.raw(), &caps), BKT_OK);
        EXPECT_EQ(caps, BKT_TRANSFORM_DETERMINISTIC);

        const std::string text = "a text that does not fit into chunks of seven";
        MemorySource plain(text);
        MemorySink turned;
        Header header;
        EXPECT_EQ(reversing.ops->encode(reversing.self, call.raw(), plain.raw(), turned.raw(),
                                        &header.raw),
                  BKT_OK);
        EXPECT_NE(turned.text, text);
        MemorySource stored(turned.text), stored_again(turned.text);
        MemorySink back;
        EXPECT_EQ(reversing.ops->decode(reversing.self, call.raw(), header.bytes.data(),
                                        header.bytes.size(), stored.raw(), back.raw()),
                  BKT_OK);
        EXPECT_EQ(back.text, text);
        EXPECT_EQ(reversing.ops->decode(reversing.self, call.raw(), "zip", 3, stored_again.raw(),
                                        back.raw()),
                  BKT_CORRUPT);
    }
}

}  // namespace
}  // namespace bkt::testing
