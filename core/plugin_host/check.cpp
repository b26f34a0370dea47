#include "core/plugin_host/check.hpp"

#include <signal.h>

#include "baktainer/testing/conformance/cases.hpp"
#include "core/plugin/module.hpp"
#include "core/plugin/wire/body.hpp"
#include "core/plugin/wire/channel.hpp"
#include "core/plugin_host/host_watch.hpp"
#include "core/plugin_host/sandbox.hpp"

namespace bkt::plugin_host {

namespace {

using wire::json;
namespace suite = testing::conformance;

json listed(const bkt_module& module) {
    json components = json::array();
    for (std::uint64_t i = 0; i < module.component_count; ++i) {
        const bkt_component& c = *module.components[i];
        json cases = json::array();
        for (const auto& one : suite::cases_of(c.kind))
            cases.push_back({{"level", one.level}, {"name", one.name}});
        components.push_back({{"kind", c.kind}, {"name", c.name}, {"cases", std::move(cases)}});
    }
    return {{"id", module.id}, {"version", module.version}, {"components", std::move(components)}};
}

std::map<std::string, std::string> texts(const json& object) {
    std::map<std::string, std::string> made;
    if (object.is_object())
        for (const auto& [key, value] : object.items())
            made[key] = value.is_string() ? value.get<std::string>() : value.dump();
    return made;
}

json run_case(const wire::Channel& channel, const bkt_module& module, const json& asked) {
    const auto kind = wire::text(asked, "kind"), name = wire::text(asked, "name"),
               wanted = wire::text(asked, "case");
    for (std::uint64_t i = 0; i < module.component_count; ++i) {
        const bkt_component& c = *module.components[i];
        if (kind != c.kind || name != c.name) continue;
        const suite::Subject subject{
            c, texts(wire::at(asked, "config")), texts(wire::at(asked, "secrets")),
            wire::number(asked, "seed"),
            std::chrono::milliseconds(wire::integer(asked, "random_ms")),
            // Told while it can be: the process may not live to the end of the round.
            [&](std::uint64_t round) {
                (void)channel.send(wire::Type::notice, 0, "round", {{"round", round}});
            }};
        for (const auto& one : suite::cases_of(c.kind)) {
            if (wanted != one.name) continue;
            suite::Findings found;
            one.run(subject, found);
            return {{"findings", found.all()}};
        }
    }
    return {{"findings", json::array({"there is no such case"})}};
}

// From here on the other side of the channel refuses what a sandbox would, and keeps what that was.
Status let_watch(const wire::Channel& channel) {
    auto watched = watch_calls();
    if (!watched)
        return channel.send(wire::Type::notice, 0, "unwatched", {{"why", watched.error().message}});
    json names = json::array();
    for (const auto& [number, name] : watched->names)
        names.push_back({{"number", number}, {"name", name}});
    const int fd = watched->listener.get();
    return channel.send(wire::Type::notice, 0, "watch", {{"names", std::move(names)}}, {&fd, 1});
}

}  // namespace

int check(UniqueFd socket) {
    ::signal(SIGPIPE, SIG_IGN);
    const wire::Channel channel(std::move(socket));
    auto asked = channel.receive();
    if (!asked || !*asked || (*asked)->fds.empty()) return 2;
    end_with_host(channel.fd());
    if (!let_watch(channel)) return 2;
    const auto module =
        plugin::load_module("/proc/self/fd/" + std::to_string((*asked)->fds[0].get()));
    json answer;
    if (!module) answer = {{"error", module.error().message}, {"hint", module.error().hint}};
    else if ((*asked)->method == "list") answer = listed(**module);
    else answer = run_case(channel, **module, (*asked)->body);
    // What a plugin prints is a finding of its own: it has to be out before the answer is.
    std::fflush(nullptr);
    return channel.send(wire::Type::reply, (*asked)->id, "", answer) ? 0 : 1;
}

}  // namespace bkt::plugin_host
