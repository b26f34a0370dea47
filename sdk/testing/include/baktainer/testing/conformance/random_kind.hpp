// testing/conformance/random_kind.hpp: every method of a component with inputs and faults out of the seed, for as
// long as the subject allows. What breaks is told with its round: the same seed comes to the same round again.
#pragma once

#include <algorithm>

#include "baktainer/testing/conformance/engine_kind.hpp"
#include "baktainer/testing/conformance/notifier_kind.hpp"
#include "baktainer/testing/conformance/random_inputs.hpp"
#include "baktainer/testing/conformance/small_kinds.hpp"
#include "baktainer/testing/conformance/storage_kind.hpp"

namespace bkt::testing::conformance {

namespace random_kind {

// A message may quote it, cut anywhere, and has no full stop at its end.
inline std::string said_by_others(RandomInputs& random) {
    auto text = random.text();
    std::replace(text.begin(), text.end(), '.', ',');
    return text;
}

inline void open_somehow(const Subject& s, RandomInputs& random, Findings& found) {
    Subject other = s;
    for (auto& [key, value] : other.config)
        if (random.one_in(3)) value = random.one_in(2) ? random.mutated(value) : random.text();
    if (random.one_in(4)) other.config[random.text()] = random.text();
    const Instance instance(other, found);
}

inline void notify(const Subject& s, RandomInputs& random, Findings& found) {
    notifier_kind::Notifier notifier(s, found);
    if (!notifier.instance.is_open()) return;
    notifier.instance.host.http.answer = [&](const FakeRequest&) -> Result<FakeAnswer> {
        if (random.one_in(3)) return random.fault();
        return FakeAnswer{static_cast<std::uint32_t>(100 + random.below(500)),
                          said_by_others(random),
                          {{random.word(8), random.text()}}};
    };
    notifier_kind::EventWords words;
    words.key = random.text(), words.type = random.text(), words.title = random.text();
    words.text = random.text();
    words.json = random.one_in(2) ? random.mutated(words.json) : random.text();
    words.severity = static_cast<std::int32_t>(random.below(7)) - 1;
    notifier.notify(words);
    if (notifier.has_digest()) notifier.digest(1 + random.below(20));
}

inline void dump(const Subject& s, RandomInputs& random, Findings& found) {
    const auto& ops = ops_of<bkt_engine_ops>(s);
    engine_kind::Engine engine(s, found);
    auto& host = engine.instance.host;
    const auto image = random.text(), name = random.text(), value = random.text();
    const bkt_pair pairs[] = {{str(name), str(value)}, {str("POSTGRES_USER"), str(value)}};
    const bkt_target target{sizeof target,
                            0,
                            str(name),
                            str(name),
                            str(image),
                            str(""),
                            str("running"),
                            pairs,
                            2,
                            pairs,
                            2,
                            0,
                            {},
                            nullptr,
                            0,
                            {},
                            {}};
    engine_kind::Score score;
    const bkt_recognition out{sizeof out,
                              0,
                              &score,
                              &engine_kind::Score::set,
                              &engine_kind::Score::setting,
                              &engine_kind::Score::modes};
    call(host, found, "recognise()",
         [&](const bkt_call* c) { return ops.recognise(c, &target, &out); });
    if (!engine.instance.is_open()) return;
    host.exec = [&](Call&, const ExecRequest& request) -> Result<ExecOutcome> {
        if (random.one_in(6)) return random.fault();
        const auto said = random.one_in(2) ? std::string("1\n") : random.text();
        if (request.out && !said.empty()) BKT_TRY(request.out->write(as_bytes(said)));
        ExecOutcome outcome{};
        outcome.exit_code = random.one_in(3) ? static_cast<std::int32_t>(random.below(256)) : 0;
        outcome.how = BKT_EXIT_WAITED;
        outcome.stdout_bytes = request.out ? said.size() : 0;
        outcome.stderr_tail = said_by_others(random);
        return outcome;
    };
    if (engine.make_plan().rc != BKT_OK) return;
    for (const auto& violation : engine.plan.violations) found.expect(false, violation);
    MemoryPartsOut parts(engine.plan);
    engine.dump(parts);
    for (const auto& violation : parts.violations) found.expect(false, violation);
    for (const auto& [part, planned] : engine.plan.parts) {
        const auto text = random.one_in(2) ? random.text() : random.bytes(5000);
        const auto at_once = engine.verdict(part, planned.media_type, text, text.size() + 1);
        const auto cut = engine.verdict(part, planned.media_type, text, 1 + random.below(64));
        found.expect((at_once == BKT_OK) == (cut == BKT_OK),
                     "the verdict on '" + part + "' depends on how the bytes are cut");
    }
}

// Held against what a store of names and texts would say.
inline void store(const Subject& s, RandomInputs& random, Findings& found) {
    storage_kind::Store store(s, found);
    if (!store.is_open()) return;
    std::map<std::string, std::string> model;
    for (auto steps = 5 + random.below(20); steps > 0; --steps) {
        const auto key = "conformance/random/" +
                         std::string(1, static_cast<char>('a' + random.below(4))) +
                         std::string(random.below(2), '-');
        const auto at = model.find(key);
        const auto what = "'" + key + "': ";
        switch (random.below(4)) {
            case 0: {
                const auto text = random.bytes(random.one_in(4) ? 200'000 : 100);
                const bool replace = random.one_in(2);
                const bool may = replace || at == model.end();
                const bkt_rc rc =
                    store.put(key, text, replace ? std::uint32_t{BKT_PUT_REPLACE} : 0u);
                found.expect(rc == (may ? BKT_OK : BKT_EXISTS),
                             what + "put() returned " + std::to_string(rc));
                if (may) model[key] = text;
                break;
            }
            case 1:
                found.expect(store.remove(key) == BKT_OK, what + "remove() failed");
                model.erase(key);
                break;
            case 2: {
                if (at == model.end() || at->second.empty()) break;
                const auto offset = random.below(at->second.size());
                const auto length = 1 + random.below(at->second.size() - offset);
                found.expect(
                    store.content(key, offset, length) == at->second.substr(offset, length),
                    what + "get() of " + std::to_string(length) + " bytes at " +
                        std::to_string(offset) + " gives back something else");
                break;
            }
            default: {
                std::vector<std::pair<std::string, std::uint64_t>> wanted;
                for (const auto& [known, text] : model) wanted.emplace_back(known, text.size());
                found.expect(store.list("conformance/random/").objects == wanted,
                             "list() is not what was put and not removed");
            }
        }
    }
}

inline void hook(const Subject& s, RandomInputs& random, Findings& found) {
    const auto& ops = ops_of<bkt_hook_ops>(s);
    Instance instance(s, found);
    if (!instance.is_open()) return;
    const auto target = random.text(), job = random.text(), id = random.text(),
               json = random.text();
    small_kinds::Decision into;
    const bkt_hook_out out{sizeof out, 0, &into, &small_kinds::Decision::decide,
                           &small_kinds::Decision::annotate};
    const bkt_hook_event event{sizeof event,
                               0,
                               static_cast<std::int32_t>(random.below(8)) - 1,
                               -static_cast<bkt_rc>(random.below(20)),
                               str(target),
                               str(job),
                               str(id),
                               str(json)};
    for (const auto step : {ops.before, ops.after})
        if (step)
            call(instance.host, found, "a hook",
                 [&](const bkt_call* c) { return step(instance.self(), c, &event, &out); });
}

inline void secret(const Subject& s, RandomInputs& random, Findings& found) {
    const auto& ops = ops_of<bkt_secrets_ops>(s);
    Instance instance(s, found);
    if (!instance.is_open()) return;
    const auto ref = random.text();
    small_kinds::Value into;
    const bkt_secret_out out{sizeof out, 0, &into, &small_kinds::Value::value};
    const auto told = call(instance.host, found, "resolve()", [&](const bkt_call* c) {
        return ops.resolve(instance.self(), c, str(ref), &out);
    });
    found.expect(told.rc != BKT_OK || (into.given && into.len > 0),
                 "resolve() is OK and gave no secret");
}

inline void transform(const Subject& s, RandomInputs& random, Findings& found) {
    small_kinds::Transform transform(s, found);
    if (!transform.instance.is_open()) return;
    const auto plain = random.one_in(2) ? random.bytes(100'000) : random.text();
    const auto coded = transform.encode(plain);
    std::string back;
    found.expect(transform.decode(coded, back) == BKT_OK && back == plain,
                 std::to_string(plain.size()) + " bytes do not come back");
    if (random.one_in(2)) transform.header.bytes = random.mutated(transform.header.bytes);
    transform.decode(random.one_in(2) ? random.mutated(coded) : random.bytes(5000), back);
}

inline void discover(const Subject& s, RandomInputs& random, Findings& found) {
    const auto& ops = ops_of<bkt_discovery_ops>(s);
    Instance instance(s, found);
    if (!instance.is_open()) return;
    struct Report {
        int told = 0;
        static void exited(const bkt_exec_report* r, const bkt_exec_result*) noexcept {
            ++static_cast<Report*>(r->ctx)->told;
        }
    } into;
    const bkt_exec_report report{sizeof report, 0, &into, &Report::exited};
    // Never the name of something real.
    const auto name = "conformance-" + random.text(), tool = random.text(), user = random.text();
    const bkt_str argv[] = {str("true"), str(tool)};
    const bkt_exec_request request{sizeof request, 0,       str(name), argv,   2, nullptr, 0,
                                   str(user),      nullptr, nullptr,   str("")};
    const auto told = call(instance.host, found, "exec()", [&](const bkt_call* c) {
        return ops.exec(instance.self(), c, &request, &report);
    });
    found.expect(told.rc != BKT_OK && into.told == 0, "a tool ran in a target that is not there");
}

inline void one_round(const Subject& s, RandomInputs& random, Findings& found) {
    const std::string_view kind = s.component.kind;
    open_somehow(s, random, found);
    if (kind == BKT_KIND_NOTIFIER) notify(s, random, found);
    if (kind == BKT_KIND_ENGINE) dump(s, random, found);
    if (kind == BKT_KIND_STORAGE) store(s, random, found);
    if (kind == BKT_KIND_HOOK) hook(s, random, found);
    if (kind == BKT_KIND_SECRETS) secret(s, random, found);
    if (kind == BKT_KIND_TRANSFORM) transform(s, random, found);
    if (kind == BKT_KIND_DISCOVERY) discover(s, random, found);
}

// Ends with the first round that finds something.
inline void survives(const Subject& s, Findings& found) {
    const auto until = std::chrono::steady_clock::now() + s.random_time;
    for (std::uint64_t round = 0; std::chrono::steady_clock::now() < until; ++round) {
        if (s.on_round) s.on_round(round);
        RandomInputs random(s.seed, round);
        Findings here;
        one_round(s, random, here);
        for (const auto& finding : here.all())
            found.expect(false, "round " + std::to_string(round) + " of seed " +
                                    std::to_string(s.seed) + ": " + finding);
        if (!here.all().empty()) return;
    }
}

}  // namespace random_kind

inline constexpr Case kRandomKind[] = {
    {4, "", "SurvivesRandomInputs", &random_kind::survives},
};

}  // namespace bkt::testing::conformance
