// config/settings.hpp: what this process was told: the file, its fragments, BT_* variables and flags,
// merged, each value with its origin.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "baktainer/result.hpp"

namespace bkt::config {

struct Value {
    std::string text;  // structured values are their JSON text
    std::string
        origin;  // "default", "/etc/baktainer/baktainer.yaml:12", "environment BT_THREADS", "--host"
    bool operator==(const Value&) const = default;
};

// A named block: a store, a discovery source, a notifier or a secrets provider.
struct Block {
    std::string type;  // the plugin's name
    std::string origin;
    std::map<std::string, Value> options;
};

// plugins.use.<id>: that a plugin is wanted, why it is trusted, where it runs.
struct PluginUse {
    std::string origin;
    Value trust;      // "", "signed", "unsigned", "sha256:<64 lowercase hex digits>"
    Value isolation;  // "auto", "in-process", "worker"
    std::vector<std::string> experimental;
};

struct Settings {
    std::map<std::string, Value, std::less<>> values;  // by key_table.hpp
    std::map<std::string, Block> discovery;
    std::map<std::string, Block> stores;
    std::map<std::string, Block> notifiers;
    std::map<std::string, Block> secrets;   // by the word before the colon of a reference
    std::map<std::string, Value> defaults;  // by label_table.hpp
    std::map<std::string, PluginUse, std::less<>> plugins;
    std::vector<std::string> files;  // that were read, in order

    const std::string& text(std::string_view key) const { return values.find(key)->second.text; }
    // Only for keys whose type was checked when they were read.
    std::uint64_t size(std::string_view key) const;
    unsigned count(std::string_view key) const;
};

using Environment = std::map<std::string, std::string, std::less<>>;
// This process's environment. The only place that reads it.
Environment process_environment();

// Reads `file` (empty = the usual places; none there is fine), conf.d beside it, then `environment`,
// then fills defaults. Code::invalid names file, line, key and the nearest known key.
Result<Settings> load(const std::string& file, const Environment& environment);

}  // namespace bkt::config
