// testing/conformance/engine_kind.hpp: what an engine must hold without a server: that it believes no tool
// that failed, no dump that is cut, and no store that is full. Round trips need a real server and are the
// author's own tests.
#pragma once

#include "baktainer/testing/conformance/subject.hpp"
#include "baktainer/testing/memory_parts.hpp"

namespace bkt::testing::conformance {

namespace engine_kind {

// How every tool this engine runs ends in a case.
using Tool = std::function<Result<ExecOutcome>(Call&, const ExecRequest&)>;

inline Tool exits(std::int32_t code, std::string text) {
    return [=](Call&, const ExecRequest& request) -> Result<ExecOutcome> {
        if (request.out && !text.empty()) BKT_TRY(request.out->write(as_bytes(text)));
        ExecOutcome outcome{};
        outcome.exit_code = code;
        outcome.how = BKT_EXIT_WAITED;
        outcome.stdout_bytes = request.out ? text.size() : 0;
        outcome.stderr_tail = code ? "scripted failure" : "";
        return outcome;
    };
}
inline Tool fails(Code code) {
    return [=](Call&, const ExecRequest&) -> Result<ExecOutcome> {
        return Error{code, "scripted failure"};
    };
}

class Engine final {
public:
    Engine(const Subject& s, Findings& found)
        : ops_(ops_of<bkt_engine_ops>(s)), found_(found), instance(s, found) {}

    Called make_plan() {
        auto told = call(instance.host, found_, "plan()", [&](const bkt_call* c) {
            return ops_.plan(instance.self(), c, plan.raw());
        });
        for (const auto& [name, part] : plan.parts)
            found_.hear(name + " " + part.media_type + " " + std::to_string(part.estimate_bytes));
        return told;
    }
    // `streams_failed`: with what code the parts fail, if they do (subject.hpp).
    Called dump(MemoryPartsOut& out, bkt_rc streams_failed = BKT_OK) {
        auto told = call(
            instance.host, found_, "dump()",
            [&](const bkt_call* c) { return ops_.dump(instance.self(), c, out.raw()); }, false,
            streams_failed);
        for (const auto& [name, part] : out.parts) {
            found_.hear(name + (part->finished ? " finished" : " not finished"));
            found_.hear_bytes(part->sink.text);
        }
        return told;
    }
    Called restore(const MemoryPartsIn& in, bkt_rc streams_failed = BKT_OK) {
        return call(
            instance.host, found_, "restore()",
            [&](const bkt_call* c) { return ops_.restore(instance.self(), c, in.raw()); }, false,
            streams_failed);
    }
    // The verdict on `text` as part `name`, fed in pieces of `chunk` bytes; nullopt = no validator.
    std::optional<bkt_rc> verdict(const std::string& name, const std::string& type,
                                  const std::string& text, std::size_t chunk) {
        FakeCall c(instance.host.raw());
        const bkt_tap* tap = nullptr;
        if (ops_.validator(instance.self(), c.raw(), str(name), str(type), 0, &tap) != BKT_OK ||
            !tap)
            return std::nullopt;
        const auto tail = BKT_HAS(tap, bkt_tap, tail_bytes) ? tap->tail_bytes : 0;
        const std::string seen =
            tail && text.size() > tail ? text.substr(text.size() - tail) : text;
        bkt_rc rc = BKT_OK;
        for (std::size_t at = 0; rc == BKT_OK && at < seen.size(); at += chunk)
            rc = tap->feed(tap, c.raw(), seen.data() + at, std::min(chunk, seen.size() - at));
        if (rc == BKT_OK) rc = tap->finish(tap, c.raw());
        tap->release(tap);
        found_.hear("verdict " + std::to_string(rc));
        return rc;
    }

private:
    const bkt_engine_ops& ops_;
    Findings& found_;

public:
    Instance instance;
    MemoryPlan plan;
};

struct Score {
    std::uint32_t score = 0;
    static void set(const bkt_recognition* out, std::uint32_t score, bkt_str) noexcept {
        static_cast<Score*>(out->ctx)->score = score;
    }
    static void setting(const bkt_recognition*, bkt_str, bkt_str, bkt_str) noexcept {}
    static void modes(const bkt_recognition*, std::uint32_t) noexcept {}
};

inline void recognises_purely(const Subject& s, Findings& found) {
    const auto& ops = ops_of<bkt_engine_ops>(s);
    FakeHost host;
    for (const std::string& image :
         {std::string(), std::string("nginx"), std::string("registry:5000/a/b@sha256:00"),
          std::string(100'000, 'x'), std::string("\xff\xfe:latest"), std::string(":::")}) {
        const bkt_pair odd[] = {{str("POSTGRES_USER"), str("")}, {str(""), str("=")}};
        const bkt_str programs[] = {str("postgres"), str(""), str("\xff")};
        const bkt_target target{sizeof target,
                                0,
                                str("id"),
                                str("name"),
                                str(image),
                                str(""),
                                str("running"),
                                odd,
                                std::size(odd),
                                odd,
                                std::size(odd),
                                0,
                                {},
                                programs,
                                std::size(programs),
                                {},
                                {}};
        Score score;
        const bkt_recognition out{sizeof out,   0, &score, &Score::set, &Score::setting,
                                  &Score::modes};
        const auto told = call(host, found, "recognise()",
                               [&](const bkt_call* c) { return ops.recognise(c, &target, &out); });
        found.expect(told.rc == BKT_OK, "recognise() of a strange target failed");
        found.expect(score.score <= 100, "recognise() scores above 100");
    }
    found.expect(host.requests.empty(), "recognise() runs tools");
}

// Plans while every tool answers as a healthy server might; false when that is not enough for this engine.
inline bool plans(Engine& engine) {
    if (!engine.instance.is_open()) return false;
    engine.instance.host.exec = exits(0, "1\n");
    return engine.make_plan().rc == BKT_OK && !engine.plan.parts.empty();
}

inline void plans_soundly(const Subject& s, Findings& found) {
    Engine engine(s, found);
    if (!engine.instance.must_open(found) || !plans(engine)) return;
    for (const auto& violation : engine.plan.violations) found.expect(false, violation);
}

inline void believes_no_failed_tool(const Subject& s, Findings& found) {
    const struct {
        const char* name;
        Tool tool;
    } kCases[] = {{"exits 1 after plausible output", exits(1, "-- a dump\n-- Dump completed\n")},
                  {"exits 1 at once", exits(1, "")},
                  {"is killed", exits(137, "-- a dump\n")},
                  {"is not there", fails(Code::not_found)},
                  {"has its stream cut", fails(Code::truncated)},
                  {"goes away with its container", fails(Code::unavailable)},
                  {"is cancelled", fails(Code::cancelled)}};
    for (const auto& c : kCases) {
        Engine engine(s, found);
        if (!plans(engine)) return;
        const auto tools = engine.instance.host.requests.size();
        engine.instance.host.exec = c.tool;
        MemoryPartsOut out(engine.plan);
        const auto told = engine.dump(out);
        if (engine.instance.host.requests.size() == tools) return;  // it runs no tools
        const std::string what = std::string("the tool ") + c.name + ", ";
        found.expect(told.rc != BKT_OK, what + "and dump() is OK");
        found.expect(!out.complete(), what + "and every part was finished");
        for (const auto& violation : out.violations) found.expect(false, what + violation);
    }
}

inline void stops_at_a_full_store(const Subject& s, Findings& found) {
    Engine engine(s, found);
    if (!plans(engine)) return;
    engine.instance.host.exec = exits(0, std::string(100'000, 'x') + "\n-- Dump completed\n");
    MemoryPartsOut out(engine.plan);
    for (const auto& [name, part] : engine.plan.parts) out.fail_at_byte[name] = 0;
    const auto told = engine.dump(out, MemorySink().fail_rc);
    bool written = false;
    for (const auto& [name, part] : out.parts) {
        found.expect(!part->sink.written_after_failure, "it writes on into a sink that failed");
        written = true;
    }
    if (written) found.expect(told.rc != BKT_OK, "the store was full, and dump() is OK");
}

inline void judges_whole_dumps_only(const Subject& s, Findings& found) {
    Engine engine(s, found);
    if (!plans(engine)) return;
    for (const auto& [name, part] : engine.plan.parts) {
        const auto empty = engine.verdict(name, part.media_type, "", 1);
        found.expect(empty.has_value(), "part '" + name + "' has no validator");
        if (!empty) continue;
        found.expect(*empty != BKT_OK, "an empty '" + name + "' passes for whole");
        found.expect(engine.verdict(name, part.media_type, "half a dump", 64) != BKT_OK,
                     "half a '" + name + "' passes for whole");
        std::mt19937_64 random(s.seed);
        std::string noise(50'000, '\0');
        for (auto& c : noise) c = static_cast<char>(random());
        const auto at_once = engine.verdict(name, part.media_type, noise, noise.size());
        found.expect(at_once != BKT_OK, "noise passes for a whole '" + name + "'");
        found.expect(at_once == engine.verdict(name, part.media_type, noise, 1),
                     "the verdict on '" + name + "' depends on how the bytes are cut");
    }
}

inline void restores_no_cut_part(const Subject& s, Findings& found) {
    for (const std::uint64_t at : {0u, 1u, 50'000u}) {
        Engine engine(s, found);
        if (!plans(engine)) return;
        std::map<std::string, std::string> parts;
        for (const auto& [name, part] : engine.plan.parts) parts[name] = std::string(100'000, 'x');
        MemoryPartsIn in(parts);
        for (const auto& [name, text] : parts) in.fail_at_byte[name] = at;
        // A tool that reads what it is given.
        engine.instance.host.exec = [](Call&, const ExecRequest& r) -> Result<ExecOutcome> {
            ExecOutcome outcome{};
            outcome.how = BKT_EXIT_WAITED;
            std::vector<std::byte> buffer(4096);
            while (r.in) {
                BKT_LET(const std::size_t n, r.in->read(buffer));
                if (n == 0) break;
                outcome.stdin_bytes += n;
            }
            return outcome;
        };
        const auto told = engine.restore(in, MemorySource("").fail_rc);
        found.expect(told.rc != BKT_OK, "a part that ends in an error at byte " +
                                            std::to_string(at) +
                                            " was restored, and restore() is OK");
    }
}

}  // namespace engine_kind

inline constexpr Case kEngineKind[] = {
    {3, BKT_KIND_ENGINE, "RecognisesWithoutTouchingAnything", &engine_kind::recognises_purely},
    {3, BKT_KIND_ENGINE, "PlansSoundly", &engine_kind::plans_soundly},
    {3, BKT_KIND_ENGINE, "JudgesWholeDumpsOnly", &engine_kind::judges_whole_dumps_only},
    {4, BKT_KIND_ENGINE, "BelievesNoFailedTool", &engine_kind::believes_no_failed_tool},
    {4, BKT_KIND_ENGINE, "StopsAtAFullStore", &engine_kind::stops_at_a_full_store},
    {4, BKT_KIND_ENGINE, "RestoresNoCutPart", &engine_kind::restores_no_cut_part},
};

}  // namespace bkt::testing::conformance
