// testing/conformance/notifier_kind.hpp: what a notifier must hold. The web it talks to is FakeHttp's: its
// requests are answered as the case wants.
#pragma once

#include "baktainer/testing/conformance/subject.hpp"

namespace bkt::testing::conformance {

namespace notifier_kind {

struct EventWords {
    std::string key = "k1", type = "run.failed", title = "a backup failed",
                text = "pg_dump ended with 1", json = R"({"type":"run.failed","severity":"error"})";
    std::int32_t severity = BKT_SEVERITY_ERROR;
    bkt_event raw() const {
        return {sizeof(bkt_event), 0,         severity,   0,         1'700'000'000'000'000'000,
                str(key),          str(type), str(title), str(text), str(json)};
    }
};

class Notifier final {
public:
    Notifier(const Subject& s, Findings& found)
        : ops_(ops_of<bkt_notifier_ops>(s)), found_(found), instance(s, found) {}
    Called notify(const EventWords& words) {
        const bkt_event event = words.raw();
        return call(instance.host, found_, "notify()",
                    [&](const bkt_call* c) { return ops_.notify(instance.self(), c, &event); });
    }
    Called digest(std::size_t count) {
        std::vector<EventWords> words(count);
        std::vector<bkt_event> events;
        std::vector<const bkt_event*> all;
        for (std::size_t i = 0; i < count; ++i) words[i].key = "k" + std::to_string(i);
        for (const auto& one : words) events.push_back(one.raw());
        for (const auto& event : events) all.push_back(&event);
        return call(instance.host, found_, "digest()", [&](const bkt_call* c) {
            return ops_.digest(instance.self(), c, all.data(), all.size());
        });
    }
    bool has_digest() const { return BKT_HAS(&ops_, bkt_notifier_ops, digest) && ops_.digest; }

private:
    const bkt_notifier_ops& ops_;
    Findings& found_;

public:
    Instance instance;
};

inline void delivers(const Subject& s, Findings& found) {
    Notifier notifier(s, found);
    if (!notifier.instance.must_open(found)) return;
    const auto told = notifier.notify({});
    found.expect(told.rc == BKT_OK, "notify() failed though all was well: " + told.said.message);
    found.expect(notifier.notify({}).rc == BKT_OK, "the same event a second time failed");
}

inline void delivers_any_text(const Subject& s, Findings& found) {
    Notifier notifier(s, found);
    if (!notifier.instance.must_open(found)) return;
    for (const std::string& text :
         {std::string(), std::string(1 << 20, 'x'), std::string("a\0b", 3),
          std::string("\x01\x1f\x7f"), std::string("<b>\"'&</b>"),
          std::string("\xF0\x9F\x90\x98 \xE2\x80\xAE")}) {
        EventWords words;
        words.title = words.text = words.key = text;
        notifier.notify(words);  // delivered, or an error that says why
    }
    EventWords odd;
    odd.severity = 4711;
    odd.type = "of.the.future";
    found.expect(notifier.notify(odd).rc == BKT_OK,
                 "an event type and a severity of the future are not delivered");
}

// The host retries what is unavailable, and nothing else.
inline void says_what_may_be_retried(const Subject& s, Findings& found) {
    const struct {
        std::uint32_t status;
        bool retried;
    } kCases[] = {{400, false}, {401, false}, {403, false}, {404, false},
                  {429, true},  {500, true},  {502, true},  {503, true}};
    for (const auto& c : kCases) {
        Notifier notifier(s, found);
        if (!notifier.instance.must_open(found)) return;
        notifier.instance.host.http.answer = [&](const FakeRequest&) -> Result<FakeAnswer> {
            return FakeAnswer{c.status, "no", {}};
        };
        const auto told = notifier.notify({});
        if (notifier.instance.host.http.requests.empty()) return;  // it does not speak HTTP
        const auto what = "answered " + std::to_string(c.status) + ", ";
        found.expect(told.rc != BKT_OK, what + "notify() is OK");
        found.expect((told.rc == BKT_UNAVAILABLE) == c.retried,
                     what + "it returns " + std::to_string(told.rc) +
                         (c.retried ? ", which is not retried" : ", which is retried"));
    }
}

inline void fails_with_its_host(const Subject& s, Findings& found) {
    for (const Code code : {Code::unavailable, Code::denied, Code::timeout, Code::cancelled}) {
        Notifier notifier(s, found);
        if (!notifier.instance.must_open(found)) return;
        notifier.instance.host.http.answer = [&](const FakeRequest&) -> Result<FakeAnswer> {
            return Error{code, "scripted"};
        };
        const auto told = notifier.notify({});
        if (notifier.instance.host.http.requests.empty()) return;
        found.expect(told.rc != BKT_OK, "a request that failed made notify() OK");
    }
}

inline void keeps_secrets(const Subject& s, Findings& found) {
    Subject other = s;
    for (auto& [key, value] : other.secrets) value = "canary-0f6d2c52099b";
    Notifier notifier(other, found);
    if (!notifier.instance.is_open()) return;
    notifier.instance.host.http.answer = [](const FakeRequest&) -> Result<FakeAnswer> {
        return FakeAnswer{500, "canary-0f6d2c52099b is wrong", {}};
    };
    const auto told = notifier.notify({});
    const auto holds = [](const std::string& text) { return text.find("canary-") != text.npos; };
    found.expect(other.secrets.empty() || (!holds(told.said.message) && !holds(told.said.hint)),
                 "an error tells a secret");
    for (const auto& line : notifier.instance.host.log_lines)
        found.expect(!holds(line), "the log tells a secret");
}

inline void digests(const Subject& s, Findings& found) {
    Notifier notifier(s, found);
    if (!notifier.instance.must_open(found) || !notifier.has_digest()) return;
    for (const std::size_t count : {1u, 2u, 500u})
        found.expect(notifier.digest(count).rc == BKT_OK,
                     "digest() of " + std::to_string(count) + " events failed");
}

}  // namespace notifier_kind

inline constexpr Case kNotifierKind[] = {
    {3, BKT_KIND_NOTIFIER, "DeliversAnEventAndItsRepetition", &notifier_kind::delivers},
    {3, BKT_KIND_NOTIFIER, "DeliversAnyTextOrSaysWhyNot", &notifier_kind::delivers_any_text},
    {3, BKT_KIND_NOTIFIER, "DigestsMany", &notifier_kind::digests},
    {4, BKT_KIND_NOTIFIER, "SaysWhatMayBeRetried", &notifier_kind::says_what_may_be_retried},
    {4, BKT_KIND_NOTIFIER, "FailsWithItsHost", &notifier_kind::fails_with_its_host},
    {4, BKT_KIND_NOTIFIER, "KeepsSecrets", &notifier_kind::keeps_secrets},
};

}  // namespace bkt::testing::conformance
