#include "plugins/discovery/docker/exit_status.hpp"

#include <algorithm>

#include "plugins/discovery/docker/json_read.hpp"
#include "plugins/discovery/docker/traffic.hpp"

namespace bkt::docker {
namespace {

using nlohmann::json;

// GNU tools close their outputs a moment before they exit.
constexpr auto kExitingLimit = std::chrono::milliseconds(300);
constexpr auto kEndLimit = std::chrono::seconds(60);
constexpr auto kStateLimit = std::chrono::seconds(10);  // for one question of it

Result<json> state_of(Api& api, const RunningExec& exec, const Wait& wait) {
    const Wait limited = wait.within(kStateLimit);
    if (!exec.id.empty()) return api.get("/exec/" + encoded(exec.id) + "/json", limited);
    BKT_LET(const json container,
            api.get("/containers/" + encoded(exec.container) + "/json", limited));
    return at(container, "State");
}

bool is_seen_running(Api& api, const RunningExec& exec, const json& state) {
    if (is_running_here(exec)) return true;
    const auto pid = pid_of(state);
    return !pid.empty() && !is_gone_from(api, exec.container, pid);
}

Error went_away(Error error) {
    if (error.code != Code::not_found && error.code != Code::unavailable) return error;
    return {Code::unavailable,
            "the container or its engine went away before the tool's exit status was known (" +
                error.message + ")",
            "see whether the container was removed or the engine stopped during the run"};
}

}  // namespace

Result<int> exit_code_of(Api& api, const RunningExec& exec, const Wait& wait) {
    const Wait grace = wait.within(kExitingLimit), limited = wait.within(kEndLimit);
    for (auto pause = std::chrono::milliseconds(2);;
         pause = std::min(pause * 2, std::chrono::milliseconds(200))) {
        auto state = state_of(api, exec, wait);
        if (!state) return went_away(std::move(state).error());
        const auto running = flag_at(*state, "Running");
        if (!running.value_or(false)) {
            const auto& code = at(*state, "ExitCode");
            if (running && code.is_number_integer()) return code.get<int>();
            return Error{Code::unavailable, "the container engine does not know how the tool ended",
                         "see whether the engine was restarted during the run"};
        }
        BKT_TRY(wait.check());
        if (!grace.check() && is_seen_running(api, exec, *state)) return cut();
        if (!limited.check())
            return Error{Code::unavailable,
                         "the tool ended, and the container engine did not say how within " +
                             std::to_string(kEndLimit.count()) + " s",
                         "see what keeps the engine busy, and run it again"};
        BKT_TRY(wait.sleep(pause));
    }
}

}  // namespace bkt::docker
