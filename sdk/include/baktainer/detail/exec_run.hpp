// detail/exec_run.hpp: how Exec talks to the exec service.
#pragma once

#include "baktainer/detail/capture.hpp"
#include "baktainer/exec.hpp"

namespace bkt::detail {

inline void exited(const bkt_exec_report* report, const bkt_exec_result* r) noexcept {
    static_cast<Reported<std::optional<ExecResult>>*>(report->ctx)->take([&](auto& result) {
        result.emplace(ExecResult{r->exit_code, r->stdin_bytes, r->stdout_bytes,
                                  std::string(view(r->stderr_tail))});
    });
}

inline std::string last_line(std::string_view text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
    const auto at = text.rfind('\n');
    return std::string(at == std::string_view::npos ? text : text.substr(at + 1)).substr(0, 500);
}

}  // namespace bkt::detail

namespace bkt {

inline Result<ExecResult> Exec::result() {
    const auto* service = call_.service<bkt_exec>(BKT_SERVICE_EXEC);
    if (!service) return Call::not_granted(BKT_SERVICE_EXEC);
    if (failed_) return *failed_;

    std::vector<bkt_str> argv, env;
    for (const auto& a : argv_) argv.push_back(str(a));
    for (const auto& e : env_) env.push_back(str(e));
    detail::Capture capture{capture_, capture_max_};
    const bkt_sink capture_sink = capture.raw();
    bkt_exec_request request{};
    request.size = sizeof request;
    request.target = str(target_);
    request.argv = argv.data();
    request.argc = argv.size();
    request.env = env.data();
    request.env_count = env.size();
    request.user = str(user_);
    request.in = in_;
    request.out = capture_ ? &capture_sink : out_;
    request.program = str(program_);

    detail::Reported<std::optional<ExecResult>> told;
    const bkt_exec_report report{sizeof report, 0, &told, &detail::exited};
    const bkt_rc rc = service->run(call_.host(), call_.raw(), &request, &report);
    for (auto& e : env_) detail::wipe(e);
    if (told.is_cut || capture.is_cut) return detail::out_of_memory();
    // The host only knows that a sink of ours failed.
    if (rc != BKT_OK && capture.overflowed)
        return Error{Code::unsupported, "'" + (argv_.empty() ? std::string() : argv_.front()) +
                                            "' printed more than " + std::to_string(capture_max_) +
                                            " bytes where an answer was expected"};
    if (rc != BKT_OK) return Call::passed_on(rc, argv_.empty() ? "" : argv_.front());
    if (!told.value) return Error{Code::bug, "the exec service told no exit status"};
    return *std::move(told.value);
}

inline Error Exec::failure(std::string_view tool, const ExecResult& r) {
    std::string message = "'" + std::string(tool) + "' exited " + std::to_string(r.exit_code);
    if (const auto line = detail::last_line(r.stderr_tail); !line.empty()) message += ": " + line;
    std::string hint = "run '" + std::string(tool) + "' where the database is to see more";
    if (r.exit_code > 128)
        hint = "the tool was killed by signal " + std::to_string(r.exit_code - 128) +
               ": look for memory limits and restarts of the container";
    return Error{Code::failed, std::move(message), std::move(hint)};
}

inline Status Exec::run() {
    BKT_LET(const ExecResult r, result());
    if (r.exit_code != 0) return failure(argv_.empty() ? "" : argv_.front(), r);
    if (finish_) return finish_(r);
    return {};
}

}  // namespace bkt
