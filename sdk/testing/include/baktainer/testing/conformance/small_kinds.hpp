// testing/conformance/small_kinds.hpp: what a hook, a secrets provider, a transform and a discovery source
// must hold.
#pragma once

#include "baktainer/testing/conformance/subject.hpp"
#include "baktainer/testing/memory_stream.hpp"

namespace bkt::testing::conformance {

namespace small_kinds {

// ---- hook ----
struct Decision {
    std::int32_t decision = BKT_DECISION_CONTINUE;
    static void decide(const bkt_hook_out* out, std::int32_t decision, bkt_str) noexcept {
        static_cast<Decision*>(out->ctx)->decision = decision;
    }
    static void annotate(const bkt_hook_out*, bkt_str, bkt_str) noexcept {}
};

inline void takes_every_phase(const Subject& s, Findings& found) {
    const auto& ops = ops_of<bkt_hook_ops>(s);
    Instance instance(s, found);
    if (!instance.must_open(found)) return;
    for (const std::int32_t phase : {0, 1, 2, 3, 4711})
        for (const bkt_rc outcome : {bkt_rc{BKT_OK}, bkt_rc{BKT_FAILED}}) {
            Decision into;
            const bkt_hook_out out{sizeof out, 0, &into, &Decision::decide, &Decision::annotate};
            const bkt_hook_event event{sizeof event, 0,          phase,     outcome,
                                       str("shop"),  str("job"), str("id"), str("{}")};
            if (ops.before)
                call(instance.host, found, "before()", [&](const bkt_call* c) {
                    return ops.before(instance.self(), c, &event, &out);
                });
            if (ops.after)
                call(instance.host, found, "after()", [&](const bkt_call* c) {
                    return ops.after(instance.self(), c, &event, &out);
                });
            found.expect(into.decision >= 0 && into.decision <= 2,
                         "it decided what is no decision");
        }
}

// ---- secrets ----
struct Value {
    bool given = false;
    std::uint64_t len = 0;
    static bkt_rc value(const bkt_secret_out* out, const void*, std::uint64_t len,
                        std::uint64_t) noexcept {
        *static_cast<Value*>(out->ctx) = {true, len};
        return BKT_OK;
    }
};

inline void gives_no_empty_secret(const Subject& s, Findings& found) {
    const auto& ops = ops_of<bkt_secrets_ops>(s);
    Instance instance(s, found);
    if (!instance.must_open(found)) return;
    for (const std::string& ref :
         {std::string(), std::string("conformance/nothing"), std::string("../../etc/shadow"),
          std::string("a\0b", 3), std::string(100'000, 'x')}) {
        Value into;
        const bkt_secret_out out{sizeof out, 0, &into, &Value::value};
        const auto told = call(instance.host, found, "resolve()", [&](const bkt_call* c) {
            return ops.resolve(instance.self(), c, str(ref), &out);
        });
        found.expect(told.rc != BKT_OK || (into.given && into.len > 0),
                     "resolve() is OK and gave no secret");
    }
}

// ---- transform ----
struct Header {
    std::string bytes;
    static bkt_rc header(const bkt_header_out* out, const void* bytes, std::uint64_t len) noexcept {
        static_cast<Header*>(out->ctx)->bytes.assign(static_cast<const char*>(bytes), len);
        return len <= 4096 ? BKT_OK : BKT_INVALID;
    }
};

class Transform final {
public:
    Transform(const Subject& s, Findings& found)
        : ops_(ops_of<bkt_transform_ops>(s)), found_(found), instance(s, found) {}
    std::string encode(const std::string& plain) {
        const MemorySource source(plain);
        MemorySink sink;
        header.bytes.clear();
        const bkt_header_out out{sizeof out, 0, &header, &Header::header};
        const auto told = call(instance.host, found_, "encode()", [&](const bkt_call* c) {
            return ops_.encode(instance.self(), c, source.raw(), sink.raw(), &out);
        });
        found_.expect(told.rc == BKT_OK, "encode() failed: " + told.said.message);
        return sink.text;
    }
    bkt_rc decode(const std::string& coded, std::string& plain) {
        const MemorySource source(coded);
        MemorySink sink;
        const auto told = call(instance.host, found_, "decode()", [&](const bkt_call* c) {
            return ops_.decode(instance.self(), c, header.bytes.data(), header.bytes.size(),
                               source.raw(), sink.raw());
        });
        plain = sink.text;
        return told.rc;
    }
    std::uint64_t caps() {
        std::uint64_t caps = 0;
        call(instance.host, found_, "caps()",
             [&](const bkt_call* c) { return ops_.caps(instance.self(), c, &caps); });
        return caps;
    }

private:
    const bkt_transform_ops& ops_;
    Findings& found_;

public:
    Instance instance;
    Header header;
};

inline void reverses(const Subject& s, Findings& found) {
    Transform transform(s, found);
    if (!transform.instance.must_open(found)) return;
    std::mt19937_64 random(s.seed);
    for (const std::size_t n : {0u, 1u, 65'537u, 3'000'000u}) {
        std::string plain(n, '\0'), back;
        for (auto& c : plain) c = static_cast<char>(random() % 7);
        const auto coded = transform.encode(plain);
        found.expect(transform.decode(coded, back) == BKT_OK && back == plain,
                     std::to_string(n) + " bytes do not come back");
    }
}

inline void finds_damage(const Subject& s, Findings& found) {
    Transform transform(s, found);
    if (!transform.instance.must_open(found)) return;
    const std::string plain(200'000, 'x');
    const auto coded = transform.encode(plain);
    const bool authenticated = transform.caps() & BKT_TRANSFORM_AUTHENTICATED;
    std::mt19937_64 random(s.seed);
    std::string back;
    for (int i = 0; i < 20 && !coded.empty(); ++i) {
        const auto cut = coded.substr(0, random() % coded.size());
        found.expect(transform.decode(cut, back) != BKT_OK,
                     "bytes that end early decode to a whole");
        auto flipped = coded;
        flipped[random() % flipped.size()] ^= 1;
        const bkt_rc rc = transform.decode(flipped, back);
        found.expect(!authenticated || rc != BKT_OK, "a flipped bit was not found");
    }
}

// ---- discovery ----
struct Targets {
    std::vector<std::string> ids;
    std::size_t stop_after = SIZE_MAX;
    static bkt_rc target(const bkt_target_out* out, const bkt_target* t) noexcept {
        auto& self = *static_cast<Targets*>(out->ctx);
        self.ids.emplace_back(view(t->id));
        return self.ids.size() < self.stop_after ? BKT_OK : BKT_CONFLICT;
    }
};

inline void scans(const Subject& s, Findings& found) {
    const auto& ops = ops_of<bkt_discovery_ops>(s);
    Instance instance(s, found);
    if (!instance.must_open(found)) return;
    const auto scan = [&](Targets& into) {
        const bkt_target_out out{sizeof out, 0, &into, &Targets::target};
        return call(instance.host, found, "scan()",
                    [&](const bkt_call* c) { return ops.scan(instance.self(), c, &out); })
            .rc;
    };
    Targets all, again, one;
    if (scan(all) != BKT_OK) return;  // there is nothing to scan here, and it said so
    found.expect(scan(again) == BKT_OK && again.ids == all.ids,
                 "a second scan finds something else");
    auto sorted = all.ids;
    std::sort(sorted.begin(), sorted.end());
    found.expect(std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end(),
                 "two targets have one id");
    one.stop_after = 1;
    if (!all.ids.empty())
        found.expect(scan(one) == BKT_CONFLICT && one.ids.size() == 1,
                     "scan() goes on though it was told to stop");
}

inline void refuses_strange_targets(const Subject& s, Findings& found) {
    const auto& ops = ops_of<bkt_discovery_ops>(s);
    Instance instance(s, found);
    if (!instance.must_open(found)) return;
    const bkt_str argv[] = {str("true")};
    struct Report {
        int told = 0;
        static void exited(const bkt_exec_report* r, const bkt_exec_result*) noexcept {
            ++static_cast<Report*>(r->ctx)->told;
        }
    } into;
    const bkt_exec_report report{sizeof report, 0, &into, &Report::exited};
    const bkt_exec_request request{
        sizeof request, 0,      str("conformance-nothing"), argv, 1, nullptr, 0, str(""), nullptr,
        nullptr,        str("")};
    const auto told = call(instance.host, found, "exec()", [&](const bkt_call* c) {
        return ops.exec(instance.self(), c, &request, &report);
    });
    found.expect(told.rc != BKT_OK && into.told == 0, "a tool ran in a target that is not there");
    if (ops.remove_clone)
        found.expect(call(instance.host, found, "remove_clone()",
                          [&](const bkt_call* c) {
                              return ops.remove_clone(instance.self(), c,
                                                      str("conformance-nothing"));
                          }).rc != BKT_OK,
                     "remove_clone() of what is not there is OK");
}

}  // namespace small_kinds

inline constexpr Case kSmallKinds[] = {
    {3, BKT_KIND_HOOK, "TakesEveryPhase", &small_kinds::takes_every_phase},
    {3, BKT_KIND_SECRETS, "GivesNoEmptySecret", &small_kinds::gives_no_empty_secret},
    {3, BKT_KIND_TRANSFORM, "GivesBackWhatItTook", &small_kinds::reverses},
    {4, BKT_KIND_TRANSFORM, "FindsDamage", &small_kinds::finds_damage},
    {3, BKT_KIND_DISCOVERY, "ScansTheSameTwice", &small_kinds::scans},
    {4, BKT_KIND_DISCOVERY, "RefusesStrangeTargets", &small_kinds::refuses_strange_targets},
};

}  // namespace bkt::testing::conformance
