#include "core/run/engine.hpp"

#include <algorithm>

#include "baktainer/call.hpp"
#include "core/plugin/read_struct.hpp"

namespace bkt::run {

namespace {

constexpr std::size_t kMaxParts = 4096;
constexpr std::size_t kMaxPartNameBytes = 200;

bool is_part_name(std::string_view name) {
    const auto ok = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("._%+=@,-").find(c) != std::string_view::npos;
    };
    return !name.empty() && name.size() <= kMaxPartNameBytes && name.front() != '.' &&
           std::all_of(name.begin(), name.end(), ok);
}

struct PlanCollector {
    DumpPlan plan{};
    static PlanCollector& of(const bkt_plan* p) { return *static_cast<PlanCollector*>(p->ctx); }
    static bkt_rc part(const bkt_plan* p, bkt_str name, bkt_str media_type,
                       std::uint64_t estimate) noexcept {
        try {
            auto& plan = of(p).plan;
            if (!is_part_name(view(name)) || plan.parts.size() >= kMaxParts) return BKT_INVALID;
            if (plan.find(view(name))) return BKT_EXISTS;
            plan.parts.push_back(
                {std::string(view(name)), std::string(view(media_type)), estimate});
            return BKT_OK;
        } catch (...) {
            return BKT_BUG;
        }
    }
    static void consistency(const bkt_plan* p, std::int32_t c) noexcept {
        static constexpr const char* kWords[] = {"none", "crash", "snapshot", "transactional"};
        if (c >= 0 && c <= 3) of(p).plan.consistency = kWords[c];
    }
    static void note(const bkt_plan* p, bkt_str text) noexcept {
        try {
            of(p).plan.notes.emplace_back(view(text));
        } catch (...) {
            // A note is a courtesy.
        }
    }
    // Lost, it is as if it had not been said: then the plan is refused.
    static void gone(const bkt_plan* p, bkt_str what) noexcept {
        try {
            of(p).plan.gone.emplace_back(view(what));
        } catch (...) {
        }
    }
};

struct RecognitionCollector {
    target::Recognised& into;
    static RecognitionCollector& of(const bkt_recognition* r) {
        return *static_cast<RecognitionCollector*>(r->ctx);
    }
    static void score(const bkt_recognition* r, std::uint32_t score, bkt_str reason) noexcept {
        try {
            of(r).into.score = score;
            of(r).into.reason = view(reason);
        } catch (...) {
            of(r).into.score = 0;
        }
    }
    static void setting(const bkt_recognition* r, bkt_str key, bkt_str value,
                        bkt_str reason) noexcept {
        try {
            of(r).into.settings[std::string(view(key))] = {std::string(view(value)),
                                                           std::string(view(reason))};
        } catch (...) {
            // The setting stays unset; the engine says so when it needs it.
        }
    }
    static void modes(const bkt_recognition* r, std::uint32_t modes) noexcept {
        of(r).into.modes = modes;
    }
};

class TapValidator final : public stream::Validator {
public:
    TapValidator(const plugin::CallScope& scope, std::string plugin, const bkt_tap* tap)
        : call_(scope, std::move(plugin)), tap_(tap) {
        if (BKT_HAS(tap, bkt_tap, tail_bytes))
            tail_bytes_ = std::min<std::uint64_t>(tap->tail_bytes, kMaxTailBytes);
    }
    ~TapValidator() override { tap_->release(tap_); }
    Status feed(Bytes bytes) override {
        if (tail_bytes_ == 0) return pass(bytes);
        tail_.append(as_text(bytes.last(std::min(bytes.size(), tail_bytes_))));
        if (tail_.size() > 2 * tail_bytes_) tail_.erase(0, tail_.size() - tail_bytes_);
        return {};
    }
    Status finish() override {
        if (!tail_.empty())
            BKT_TRY(pass(as_bytes(tail_).last(std::min(tail_.size(), tail_bytes_))));
        return call_.outcome(tap_->finish(tap_, call_.raw()));
    }

private:
    static constexpr std::uint64_t kMaxTailBytes = 1 << 20;

    Status pass(Bytes bytes) {
        return call_.outcome(tap_->feed(tap_, call_.raw(), bytes.data(), bytes.size()));
    }

    plugin::CallContext call_;
    const bkt_tap* tap_;
    std::size_t tail_bytes_ = 0;  // 0 = every byte is passed on
    std::string tail_;
};

}  // namespace

std::uint64_t DumpPlan::estimate_bytes() const {
    std::uint64_t sum = 0;
    for (const auto& part : parts) sum += part.estimate_bytes;
    return sum;
}

const PlannedPart* DumpPlan::find(std::string_view name) const {
    for (const auto& part : parts)
        if (part.name == name) return &part;
    return nullptr;
}

std::vector<target::Recognised> recognise(const plugin::Registry& registry, const target::Target& t,
                                          const plugin::CallScope& scope) {
    std::vector<bkt_pair> labels, env;
    for (const auto& [key, value] : t.labels) labels.push_back({str(key), str(value)});
    for (const auto& [key, value] : t.env) env.push_back({str(key), str(value.reveal())});
    std::vector<bkt_str> programs;
    for (const auto& program : t.programs) programs.push_back(str(program));
    const bkt_target raw{sizeof raw,
                         t.host_files ? static_cast<std::uint32_t>(BKT_TARGET_HOST_FILES) : 0u,
                         str(t.id),
                         str(t.name),
                         str(t.image),
                         str(t.image_digest),
                         str(t.state),
                         labels.data(),
                         labels.size(),
                         env.data(),
                         env.size(),
                         t.memory_limit_bytes,
                         str(t.address),
                         programs.data(),
                         programs.size(),
                         str(t.transport),
                         str(t.transport_reason)};
    std::vector<target::Recognised> all;
    for (const auto* component : registry.all(BKT_KIND_ENGINE)) {
        const auto* ops = static_cast<const bkt_engine_ops*>(component->ops);
        target::Recognised mine;
        mine.engine = component->name;
        RecognitionCollector collector{mine};
        const bkt_recognition out{sizeof out,
                                  0,
                                  &collector,
                                  &RecognitionCollector::score,
                                  &RecognitionCollector::setting,
                                  &RecognitionCollector::modes};
        plugin::CallContext call(scope, component->module);
        // An engine that cannot say whether a target is its own does not claim it.
        if (!call.outcome(ops->recognise(call.raw(), &raw, &out))) mine.score = 0;
        all.push_back(std::move(mine));
    }
    return all;
}

namespace {

// Where the job's mode has the engine's tools run.
auto exec_by_mode(const EngineAccess& access) {
    const auto mode = access.settings.find("mode");
    const bool remote = mode != access.settings.end() && mode->second == "remote";
    const bool beside = mode != access.settings.end() && mode->second == "sidecar";
    return
        [source = remote ? access.this_machine : access.source,
         id = remote ? std::string() : access.target->id, beside](
            const bkt_call* call, const bkt_exec_request* request, const bkt_exec_report* report) {
            bkt_exec_request own = plugin::read_struct(request);
            own.target = str(id);
            const bool brings_program = own.program.len > 0;
            own.flags = beside || brings_program ? static_cast<std::uint32_t>(BKT_EXEC_BESIDE) : 0u;
            return source->exec(call, &own, report);
        };
}

}  // namespace

Result<Engine> Engine::open(const plugin::Registry& registry, EngineAccess access,
                            const plugin::CallScope& scope) {
    BKT_LET(const auto* component, registry.find(BKT_KIND_ENGINE, access.engine));
    plugin::Grants grants;
    grants.scrubber = access.scrubber;
    grants.temp_root = access.temp_root;
    if (access.target) {
        access.settings["target.id"] = access.target->id;
        access.settings["target.name"] = access.target->name;
        access.settings["target.image"] = access.target->image;
        access.settings["target.host_files"] = access.target->host_files ? "true" : "false";
        grants.exec = exec_by_mode(access);
        grants.secret = secret_source(*access.target, *access.source, access.settings,
                                      access.password, std::move(access.provider));
    }
    // A plugin sees only references resolved for it, and never where a secret would come from.
    access.settings.erase("db.secret");
    access.settings.erase("db.password");
    const auto safety = access.settings.find("restore.safety");
    const bool is_safety = safety != access.settings.end() && safety->second == "true";
    grants.config = std::move(access.settings);
    BKT_LET(auto opened, Opened::open(*component, std::move(grants), scope));
    return Engine(*component, std::move(opened), is_safety);
}

Result<DumpPlan> Engine::plan(const plugin::CallScope& scope) const {
    BKT_LET(auto plan, ask_plan(scope));
    const std::string plugin = "plugin '" + opened_.plugin() + "'";
    if (!is_safety_ && !plan.gone.empty())
        return Error{Code::fault,
                     plugin + " leaves out what is to be backed up: " + plan.gone.front()};
    if (!plan.parts.empty() || !plan.gone.empty()) return plan;
    if (is_safety_)
        return Error{Code::fault,
                     plugin + " plans to save nothing and does not say that nothing is there",
                     "update it, or restore into a new container"};
    return Error{Code::not_found, "there is nothing to back up",
                 "name the database with the label baktainer.db.name"};
}

Result<DumpPlan> Engine::ask_plan(const plugin::CallScope& scope) const {
    PlanCollector collector;
    const bkt_plan out{sizeof out,
                       0,
                       &collector,
                       &PlanCollector::part,
                       &PlanCollector::consistency,
                       &PlanCollector::note,
                       &PlanCollector::gone};
    BKT_TRY(opened_.call(scope, [&](const auto& ops, void* self, const bkt_call* call) {
        return ops.plan(self, call, &out);
    }));
    for (auto* words : {&collector.plan.notes, &collector.plan.gone})
        for (auto& text : *words) text = scope.scrubber.scrub(text);
    return std::move(collector.plan);
}

Status Engine::dump(const plugin::CallScope& scope, const bkt_parts_out& out) const {
    return opened_.call(scope, [&](const auto& ops, void* self, const bkt_call* call) {
        return ops.dump(self, call, &out);
    });
}

Result<std::unique_ptr<stream::Validator>> Engine::validator(const plugin::CallScope& scope,
                                                             const std::string& part,
                                                             const std::string& media_type,
                                                             bool deep) const {
    const bkt_tap* tap = nullptr;
    BKT_TRY(opened_.call(scope, [&](const auto& ops, void* self, const bkt_call* call) {
        return ops.validator(self, call, str(part), str(media_type),
                             deep ? static_cast<std::uint32_t>(BKT_VALIDATE_DEEP) : 0u, &tap);
    }));
    if (!tap)
        return Error{Code::fault,
                     "plugin '" + opened_.plugin() + "' gave no validator and did not say why"};
    std::unique_ptr<stream::Validator> made =
        std::make_unique<TapValidator>(scope, opened_.plugin(), tap);
    return made;
}

Status Engine::restore(const plugin::CallScope& scope, const bkt_parts_in& in) const {
    return opened_.call(scope, [&](const auto& ops, void* self, const bkt_call* call) {
        return ops.restore(self, call, &in);
    });
}

Result<std::string> Engine::recipe(const plugin::CallScope& scope,
                                   const std::vector<std::string>& parts) const {
    std::vector<bkt_str> names;
    for (const auto& part : parts) names.push_back(str(part));
    std::string text;
    BKT_TRY(opened_.call(scope, [&](const auto& ops, void* self, const bkt_call* call) {
        bkt_str said{nullptr, 0};
        const bkt_rc rc = ops.recipe(self, call, names.data(), names.size(), &said);
        if (rc == BKT_OK) text = view(said);
        return rc;
    }));
    return text;
}

}  // namespace bkt::run
