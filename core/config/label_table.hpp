// config/label_table.hpp: the one table of job settings: what a container label `baktainer.<key>`, the
// `defaults:` block and a `local` target may say. Parsing, hints, `targets explain` and the reference
// page follow from it.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace bkt::config {

enum class LabelType {
    boolean,
    slug,        // 1-64 of [A-Za-z0-9._-], not starting with '.' or '-'
    text,        // 1-`most` bytes, no control characters
    list,        // comma-separated texts, each 1-`most` bytes
    port,        // 1-65535
    duration,    // "30m"
    compress,    // none, gzip[:1-9], zstd[:1-19], or a boolean
    secret_ref,  // env:NAME, file:/path, docker-secret:NAME, host-file:/path, credential:NAME
    secret,      // the secret itself
    choice,
    rate,   // bytes a second as a size
    later,  // known, but this version cannot do it yet
};

struct LabelRow {
    std::string_view key;
    LabelType type;
    std::string_view fallback;
    std::string_view choices;  // for LabelType::choice
    std::uint32_t most;        // longest value in bytes
    std::string_view old;      // older spellings still read, comma-separated
    std::string_view doc;
};

inline constexpr std::uint32_t kMaxLabelBytes = 4096;

inline constexpr std::array kLabels{
    LabelRow{"backup", LabelType::boolean, "", "", 16, "", "Back this container up."},
    LabelRow{"name", LabelType::slug, "", "", 64, "",
             "Name of the target. Default: compose project/service, else the container's name."},
    LabelRow{
        "db.engine", LabelType::slug, "", "", 64, "",
        "Which database it is. Default: recognised from the image, then from its environment."},
    LabelRow{
        "db.name", LabelType::list, "", "", kMaxLabelBytes, "",
        "Databases to back up, or *; absolute paths for file engines. Default: what the image's "
        "environment says."},
    LabelRow{"db.user", LabelType::text, "", "", 256, "", "Who to connect as."},
    LabelRow{"db.host", LabelType::text, "", "", 256, "",
             "Where the server listens, as seen from inside. Default: its local socket."},
    LabelRow{"db.port", LabelType::port, "", "", 256, "", "The server's port."},
    LabelRow{"db.secret", LabelType::secret_ref, "", "", 1024, "db.password-file,db.password_file",
             "Where the password is: env:VAR, file:/path/in/container, docker-secret:NAME, "
             "host-file:/path, credential:NAME."},
    LabelRow{"db.password", LabelType::secret, "", "", 1024, "",
             "The password itself. Anyone who can inspect the container reads it: use db.secret."},
    LabelRow{"db.format", LabelType::choice, "custom", "custom,plain", 16, "",
             "PostgreSQL: custom (one table can be restored) or plain SQL."},
    LabelRow{"stores", LabelType::list, "", "", kMaxLabelBytes, "",
             "Names of the stores to write to. Default: every configured store."},
    LabelRow{"compress", LabelType::compress, "zstd:3", "", 16, "backup.compress",
             "none, gzip[:1-9] or zstd[:1-19]."},
    LabelRow{"limit-rate", LabelType::rate, "", "", 32, "",
             "Most bytes a second to take from the database, e.g. 20MiB. Default: no limit."},
    LabelRow{"timeout", LabelType::duration, "6h", "", 32, "",
             "A run that takes longer is stopped and fails."},
    LabelRow{"encrypt", LabelType::later, "", "", 256, "backup.encrypt",
             "Encryption: not in this version. A target that asks for it is blocked."},
    LabelRow{"schedule", LabelType::later, "", "", 256, "", "When to run: not in this version."},
    LabelRow{"timezone", LabelType::later, "", "", 64, "",
             "Zone of the schedule: not in this version."},
    LabelRow{"mode", LabelType::later, "", "", 16, "",
             "exec, sidecar, remote: not in this version."},
    LabelRow{"keep.last", LabelType::later, "", "", 16, "backup.retention.count",
             "Retention: not in this version; nothing is ever deleted."},
    LabelRow{"keep.within", LabelType::later, "", "", 16, "backup.retention.days",
             "Retention: not in this version; nothing is ever deleted."},
    LabelRow{"priority", LabelType::later, "", "", 16, "backup.priority",
             "Order of runs: not in this version."},
};

// The row of `key` in its current or an older spelling; nullptr = unknown.
const LabelRow* find_label(std::string_view key);

}  // namespace bkt::config
