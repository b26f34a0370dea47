// config/key_table.hpp: the one table of configuration keys that stand alone (stores and discovery
// sources are named blocks, job settings are in label_table.hpp). Parser, `config show`, help and the
// reference page follow from it.
#pragma once

#include <array>
#include <string_view>

namespace bkt::config {

enum class KeyType { text, path, size, count, choice };

struct KeyRow {
    std::string_view key;
    KeyType type;
    std::string_view fallback;  // "" = see doc
    std::string_view env;       // the BT_* variable that sets it, "" = none
    std::string_view choices;   // for KeyType::choice, comma-separated
    std::string_view doc;
};

inline constexpr std::array kKeys{
    KeyRow{"host", KeyType::text, "", "BT_HOST", "",
           "First folder of every backup: who made it. Default: this machine's host name."},
    KeyRow{
        "state_dir", KeyType::path, "", "BT_STATE_DIR", "",
        "Catalogue, locks, temporary files. Default: $STATE_DIRECTORY, /var/lib/baktainer as root, "
        "else $XDG_STATE_HOME/baktainer."},
    KeyRow{"memory_budget", KeyType::size, "128MiB", "BT_MEMORY_BUDGET", "",
           "Memory for the data of all running jobs together; each gets an equal share."},
    KeyRow{"workers", KeyType::count, "2", "BT_THREADS", "", "Jobs that may run at once, 1-50."},
    KeyRow{"log.level", KeyType::choice, "info", "BT_LOG_LEVEL", "debug,info,warning,error",
           "What is logged; -v and -q change it for one command."},
    KeyRow{"log.format", KeyType::choice, "text", "BT_LOG_FORMAT", "text,json",
           "Log lines for people or one JSON object a line."},
    KeyRow{"plugins.path", KeyType::text, "", "BT_PLUGIN_PATH", "",
           "Folders with plugins besides the built-in ones, separated by ':'."},
};

}  // namespace bkt::config
