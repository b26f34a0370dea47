// config/key_table.hpp: the one table of configuration keys that stand alone (stores and discovery
// sources are named blocks, job settings are in label_table.hpp). Parser, `config show`, help and the
// reference page follow from it.
#pragma once

#include <array>
#include <string_view>

namespace bkt::config {

// folders: a list, kept as one text with ":" between.
enum class KeyType { text, path, folders, size, count, choice };

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
    KeyRow{
        "plugins.path", KeyType::folders, "", "", "",
        "Folders with plugins besides the usual ones: a list, or one text with ':' between them."},
    KeyRow{"plugins.trusted_keys", KeyType::path, "/etc/baktainer/trusted.d", "", "",
           "Folder of Ed25519 public keys (*.pem) whose signatures on plugins are believed."},
    KeyRow{"http_client.ca_file", KeyType::path, "", "BT_CA_FILE", "",
           "Certificates (PEM) believed for HTTPS requests of plugins, besides the system's."},
};

// What the host itself reads of a block `notifiers.<name>`; the rest is the plugin's.
inline constexpr std::array kNotifierKeys{
    KeyRow{"type", KeyType::text, "", "", "", "The plugin that delivers, e.g. webhook."},
    KeyRow{"on", KeyType::text, "failed", "", "",
           "What it is told, as a list: failed, degraded, finished, recovered, or ids of events."},
    KeyRow{
        "timeout", KeyType::text, "30s", "", "",
        "How long one event is tried, retries included, 1s-5m. A notifier that cannot be told is "
        "a warning and never fails a backup."},
};

// What a block `plugins.use.<plugin id>` says. A plugin that did not come with Baktainer is loaded only
// when it has one.
inline constexpr std::array kPluginUseKeys{
    KeyRow{
        "trust", KeyType::text, "", "", "",
        "Why its code may run here: signed (by a key of plugins.trusted_keys), sha256:HASH of its "
        "library, or unsigned. `baktainer plugin trust ID` prints the lines."},
    KeyRow{"isolation", KeyType::choice, "auto", "", "auto,in-process,worker",
           "Where its code runs: auto is worker, but in-process for what came with Baktainer. An "
           "unsigned plugin always runs in a worker."},
    KeyRow{"experimental", KeyType::text, "", "", "",
           "Ids of unfinished interface parts it may use, as a list."},
};

}  // namespace bkt::config
