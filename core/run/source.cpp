#include "core/run/source.hpp"

#include "baktainer/call.hpp"
#include "core/config/label_value.hpp"

namespace bkt::run {

namespace {

struct Collector {
    const std::string& source;
    std::vector<target::Target> found{};

    static bkt_rc collect(const bkt_target_out* out, const bkt_target* raw) noexcept {
        try {
            auto& self = *static_cast<Collector*>(out->ctx);
            target::Target t;
            t.source = self.source;
            t.id = view(raw->id);
            t.name = view(raw->name);
            t.image = view(raw->image);
            t.image_digest = view(raw->image_digest);
            t.state = view(raw->state);
            t.host_files = (raw->flags & BKT_TARGET_HOST_FILES) != 0;
            if (BKT_HAS(raw, bkt_target, memory_limit_bytes))
                t.memory_limit_bytes = raw->memory_limit_bytes;
            if (BKT_HAS(raw, bkt_target, address)) t.address = view(raw->address);
            if (BKT_HAS(raw, bkt_target, program_count))
                for (std::uint64_t i = 0; i < raw->program_count; ++i)
                    t.programs.emplace_back(view(raw->programs[i]));
            if (BKT_HAS(raw, bkt_target, transport_reason)) {
                t.transport = view(raw->transport);
                t.transport_reason = view(raw->transport_reason);
            }
            for (std::uint64_t i = 0; i < raw->label_count; ++i)
                t.labels.emplace(view(raw->labels[i].key), view(raw->labels[i].value));
            for (std::uint64_t i = 0; i < raw->env_count; ++i)
                t.env.emplace(view(raw->env[i].key),
                              base::Secret(std::string(view(raw->env[i].value))));
            self.found.push_back(std::move(t));
            return BKT_OK;
        } catch (...) {
            return BKT_BUG;
        }
    }
};

}  // namespace

Result<Source> Source::open(std::string name, const plugin::Component& component,
                            plugin::Grants grants, const plugin::CallScope& scope) {
    const auto wish = grants.config.find("opt_in");
    const bool opt_in = wish == grants.config.end() || config::parse_bool(wish->second) != false;
    auto opened = Opened::open(component, std::move(grants), scope);
    if (!opened) return std::move(opened).error().within("discovery '" + name + "'");
    return Source(std::move(name), opt_in, *std::move(opened));
}

Result<std::vector<target::Target>> Source::scan(const plugin::CallScope& scope) const {
    Collector collector{name_};
    const bkt_target_out out{sizeof out, 0, &collector, &Collector::collect};
    auto done = opened_.call(scope, [&](const auto& ops, void* self, const bkt_call* call) {
        return ops.scan(self, call, &out);
    });
    if (!done) return std::move(done).error().within("discovery '" + name_ + "'");
    return std::move(collector.found);
}

bkt_rc Source::exec(const bkt_call* call, const bkt_exec_request* request,
                    const bkt_exec_report* report) const {
    return opened_.ops().exec(opened_.self(), call, request, report);
}

Result<target::Target> Source::clone(const plugin::CallScope& scope, const std::string& id,
                                     const std::string& name) const {
    if (!can_clone())
        return Error{Code::unsupported, "discovery '" + name_ + "' cannot make a new server",
                     "restore to files (--to file:DIR) or in place"};
    Collector collector{name_};
    const bkt_target_out out{sizeof out, 0, &collector, &Collector::collect};
    const bkt_clone_request request{sizeof request, 0, str(id), str(name)};
    BKT_TRY(opened_.call(scope, [&](const auto& ops, void* self, const bkt_call* call) {
        return ops.clone(self, call, &request, &out);
    }));
    if (collector.found.size() != 1)
        return Error{Code::fault,
                     "plugin '" + opened_.plugin() + "' made no new server and did not say why"};
    return std::move(collector.found.front());
}

Status Source::remove_clone(const plugin::CallScope& scope, const std::string& id) const {
    return opened_.call(scope, [&](const auto& ops, void* self, const bkt_call* call) {
        return ops.remove_clone(self, call, str(id));
    });
}

}  // namespace bkt::run
