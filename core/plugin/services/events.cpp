// bkt.events/1: what a plugin finds worth telling, bounded in size, number and alphabet.
#include <spdlog/spdlog.h>

#include "core/plugin/facilities.hpp"
#include "core/plugin/instance_host.hpp"
#include "core/plugin/services/guarded.hpp"
#include "core/plugin/services/table.hpp"

namespace bkt::plugin::services {

namespace {

constexpr std::size_t kMaxTextBytes = 4096;
constexpr std::size_t kMaxNameBytes = 100;

bool is_name(std::string_view name) {
    return !name.empty() && name.size() <= kMaxNameBytes &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
           });
}

void emit(const bkt_host* host, std::int32_t severity, bkt_str name, bkt_str text) noexcept {
    quietly([&] {
        auto& instance = InstanceHost::of(host);
        const auto& grants = instance.grants();
        if (!grants.facilities || !grants.facilities->on_event || !is_name(view(name))) return;
        switch (instance.count_event()) {
            case InstanceHost::Flood::none: break;
            case InstanceHost::Flood::begins:
                spdlog::warn("plugin={} says too much: its further events of this minute are lost",
                             grants.plugin);
                return;
            case InstanceHost::Flood::goes_on: return;
        }
        grants.facilities->on_event({grants.plugin, grants.kind, severity, std::string(view(name)),
                                     grants.scrubber->scrub(view(text), kMaxTextBytes)});
    });
}

}  // namespace

const bkt_events kEvents = {sizeof kEvents, 0, &emit};

}  // namespace bkt::plugin::services
