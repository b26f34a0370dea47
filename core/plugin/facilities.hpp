// plugin/facilities.hpp: what the plugin instances of one process share behind the host services: their
// small state, their numbers, and the way for their events.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/plugin/kv_store.hpp"
#include "core/plugin/metrics.hpp"

namespace bkt::plugin {

// What a plugin said through bkt.events/1: bounded, scrubbed, its name of [a-z0-9_.].
struct PluginEvent {
    std::string plugin;         // the module's id
    std::string kind;           // of the component that spoke: "notifier", "engine", ...
    std::int32_t severity = 0;  // BKT_SEVERITY_*
    std::string name;
    std::string text;
};

// Shared by all instances; every part is thread-safe. `on_event` is set before the first instance is opened
// and may be called on any thread.
struct Facilities {
    explicit Facilities(const std::string& state_dir) : kv(state_dir + "/plugins.db") {}

    KvStore kv;
    Metrics metrics;
    std::function<void(const PluginEvent&)> on_event;
    std::string ca_file;  // certificates trusted for HTTPS besides the system's; "" = none
};

}  // namespace bkt::plugin
