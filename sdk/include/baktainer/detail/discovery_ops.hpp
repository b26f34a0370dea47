// detail/discovery_ops.hpp: bkt_discovery_ops over a class derived from bkt::Discovery.
#pragma once

#include "baktainer/detail/thunk.hpp"
#include "baktainer/discovery.hpp"

namespace bkt::detail {

inline bkt_rc emit_target(const bkt_target_out* out, const FoundTarget& t) {
    std::vector<bkt_pair> labels, env;
    for (const auto& [k, v] : t.labels) labels.push_back({str(k), str(v)});
    for (const auto& [k, v] : t.env) env.push_back({str(k), str(v)});
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
    return out->target(out, &raw);
}

inline ExecRequest exec_request(const bkt_exec_request& r) {
    ExecRequest request;
    request.target = view(r.target);
    for (std::uint64_t i = 0; i < r.argc; ++i) request.argv.emplace_back(view(r.argv[i]));
    for (std::uint64_t i = 0; i < r.env_count; ++i) request.env.emplace_back(view(r.env[i]));
    request.user = view(r.user);
    request.beside = (r.flags & BKT_EXEC_BESIDE) != 0;
    if (BKT_HAS(&r, bkt_exec_request, program)) request.program = view(r.program);
    if (!request.program.empty()) request.beside = true;
    if (r.in) request.in.emplace(r.in);
    if (r.out) request.out.emplace(r.out);
    return request;
}

template <class T>
struct DiscoveryOps {
    static bkt_rc scan(void* self, const bkt_call* raw, const bkt_target_out* out) noexcept {
        return on<T>(self, raw, [&](T& source, Call& call) {
            return source.scan(call, [&](const FoundTarget& t) -> Status {
                if (const bkt_rc rc = emit_target(out, t); rc != BKT_OK)
                    return Call::passed_on(rc, t.name);
                return {};
            });
        });
    }
    static bkt_rc watch(void* self, const bkt_call* raw, const bkt_change_out* out) noexcept {
        return on<T>(self, raw, [&](T& source, Call& call) {
            return source.watch(call, [&](Change change, std::string_view id) -> Status {
                const bkt_rc rc = out->changed(out, static_cast<std::int32_t>(change), str(id));
                if (rc != BKT_OK) return Call::passed_on(rc, id);
                return {};
            });
        });
    }
    static bkt_rc exec(void* self, const bkt_call* raw, const bkt_exec_request* request,
                       const bkt_exec_report* report) noexcept {
        return on<T>(self, raw, [&](T& source, Call& call) -> Status {
            BKT_LET(const ExecOutcome o, source.exec(call, exec_request(*request)));
            const bkt_exec_result result{sizeof result,  o.exit_code,       o.how, 0, o.stdin_bytes,
                                         o.stdout_bytes, str(o.stderr_tail)};
            report->exited(report, &result);
            return {};
        });
    }
    static bkt_rc clone(void* self, const bkt_call* raw, const bkt_clone_request* request,
                        const bkt_target_out* out) noexcept {
        return on<T>(self, raw, [&](T& source, Call& call) -> Status {
            BKT_LET(const FoundTarget made, source.clone(call, std::string(view(request->id)),
                                                         std::string(view(request->name))));
            if (const bkt_rc rc = emit_target(out, made); rc != BKT_OK)
                return Call::passed_on(rc, made.name);
            return {};
        });
    }
    static bkt_rc remove_clone(void* self, const bkt_call* raw, bkt_str id) noexcept {
        return on<T>(self, raw, [&](T& source, Call& call) {
            return source.remove_clone(call, std::string(view(id)));
        });
    }
    static constexpr bkt_discovery_ops kOps = {sizeof(bkt_discovery_ops),
                                               0,
                                               &open_instance<T>,
                                               &close_instance<T>,
                                               &scan,
                                               &watch,
                                               &exec,
                                               &clone,
                                               &remove_clone,
                                               &health_of<T>,
                                               extension_slot<T, Discovery>()};
};

}  // namespace bkt::detail
