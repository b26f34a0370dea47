#include "core/plugin/worker/confinement.hpp"

#include <algorithm>
#include <chrono>
#include <sstream>

#include "core/plugin/wire/body.hpp"
#include "core/plugin/wire/peer.hpp"
#include "core/plugin/worker/process.hpp"

namespace bkt::plugin::worker {

namespace {
constexpr std::chrono::seconds kLimit{5};
}

Result<Confinement> find_confinement(const std::string& program, bool trusted,
                                     const std::string& temp_dir) {
    BKT_LET(auto ends, wire::Channel::pair());
    BKT_LET(auto process, Process::start(program, "--sandbox", std::move(ends.second)));
    wire::Peer peer(std::move(ends.first));
    peer.start({[](wire::Message&) { return wire::Reply{}; }, [](wire::Message&) {},
                [](const std::string&) {}});
    const auto until = std::chrono::steady_clock::now() + kLimit;
    const auto reply =
        peer.call("sandbox", {{"trusted", trusted}, {"temp_dir", temp_dir}}, {}, [&]() -> Status {
            if (std::chrono::steady_clock::now() < until) return {};
            return Error{Code::timeout, "late"};
        });
    if (!reply) {
        const auto end = process->end(1000);
        return Error{Code::fault, "'" + program + " --sandbox' " +
                                      (end.empty() ? std::string("does not answer") : end)};
    }
    if (const auto rc = wire::code(reply->body); rc != 0)
        return Error{static_cast<Code>(rc), wire::text(reply->body, "message"),
                     wire::text(reply->body, "hint")};
    Confinement found;
    std::istringstream words(wire::text(reply->body, "sandbox"));
    for (std::string layer; words >> layer;) found.layers.push_back(layer);
    for (const char* layer : {"user", "no_new_privs", "rlimits", "landlock", "seccomp"}) {
        const std::string name = layer;
        if (trusted && (name == "user" || name == "landlock")) continue;
        if (std::find(found.layers.begin(), found.layers.end(), name) == found.layers.end())
            found.missing.push_back(name);
    }
    return found;
}

std::string remedy_for(const std::string& name) {
    if (name == "landlock")
        return "boot a kernel of Linux 5.13 or newer with landlock among its lsm=, and let the "
               "container's filter pass landlock_create_ruleset";
    if (name == "user")
        return "run Baktainer as a user of its own, or let others pass through (o+x) the folders "
               "above state_dir";
    if (name == "seccomp") return "let the container's filter pass the system call seccomp";
    if (name == "rlimits") return "let the container's filter pass the system call prlimit64";
    return "use Linux 5.13 or newer";
}

}  // namespace bkt::plugin::worker
