// bkt.exec/1: a tool run in the job's target, by the discovery plugin that found it. What the tool said is
// scrubbed on its way back.
#include "core/plugin/instance_host.hpp"
#include "core/plugin/read_struct.hpp"
#include "core/plugin/services/guarded.hpp"
#include "core/plugin/services/table.hpp"

namespace bkt::plugin::services {

namespace {

struct ScrubbedReport {
    const bkt_exec_report* outer;
    const base::Scrubber* scrubber;
};

constexpr std::size_t kTailBytes = 64 * 1024;  // exec.h

// A full tail begins in the middle of a line, which may be the middle of a secret.
std::string_view whole_lines(std::string_view tail) {
    const auto end = tail.size() < kTailBytes ? tail.npos : tail.find('\n');
    return end == tail.npos ? tail : tail.substr(end + 1);
}

void scrub_and_pass(const bkt_exec_report* report, const bkt_exec_result* result) noexcept {
    // On failure no status is told, and the caller fails for that.
    quietly([&] {
        const auto* self = static_cast<const ScrubbedReport*>(report->ctx);
        const auto clean = self->scrubber->scrub(whole_lines(view(result->stderr_tail)));
        bkt_exec_result copy = read_struct(result);
        copy.stderr_tail = str(clean);
        self->outer->exited(self->outer, &copy);
    });
}

bkt_rc run(const bkt_host* host, const bkt_call* call, const bkt_exec_request* request,
           const bkt_exec_report* report) noexcept {
    try {
        const auto& grants = InstanceHost::of(host).grants();
        if (!grants.exec)
            return fail_call(
                call, {Code::unsupported,
                       "no target to run '" +
                           std::string(request->argc ? view(request->argv[0]) : "") + "' in"});
        ScrubbedReport scrubbed{report, grants.scrubber.get()};
        const bkt_exec_report inner{sizeof inner, 0, &scrubbed, &scrub_and_pass};
        return grants.exec(call, request, &inner);
    } catch (...) {
        return BKT_BUG;
    }
}

}  // namespace

const bkt_exec kExec = {sizeof kExec, 0, &run};

}  // namespace bkt::plugin::services
