// config/label_table.hpp: the one table of job settings: what a container label `baktainer.<key>`, the
// `defaults:` block and a `local` target may say. Parsing, hints, `targets explain`, `labels explain` and
// the reference page follow from it.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace bkt::config {

enum class LabelType {
    boolean,
    slug,        // letters, digits, '.', '_', '-', not starting with '.' or '-'
    text,        // no control characters
    list,        // comma-separated texts
    number,      // whole; or one of `choices`
    duration,    // "30m"
    compress,    // none, gzip[:1-9], zstd[:1-19], or a boolean
    secret_ref,  // secret_ref.hpp
    secret,      // the secret itself
    choice,
    rate,     // bytes a second as a size
    command,  // argv.hpp
};

// How the value of an older spelling becomes one of today's.
enum class OldForm {
    same,
    path,   // "/run/secrets/pw" -> "file:/run/secrets/pw"
    every,  // "true" -> "*"; "false" says nothing
    days,   // "30" -> "30d"
    up_to_1000
};

struct OldSpelling {
    std::string_view key{};  // "" = none
    OldForm form = OldForm::same;
};

struct LabelRow {
    std::string_view key;
    LabelType type;
    std::string_view fallback{};  // "" = none, or as `help` says
    std::string_view choices{};   // for LabelType::choice and ::number, comma-separated
    std::uint64_t least = 1;      // of a number, duration or rate in its unit; else of its bytes
    std::uint64_t most = 0;
    std::string_view unit = "bytes";
    std::string_view engines{};  // "" = all, "a,b" = these, "!a,b" = all but these
    bool later = false;          // checked, but this version cannot do it yet
    std::array<OldSpelling, 2> old{};
    std::string_view help{};
    std::string_view example{};
};

inline constexpr std::uint64_t kMaxLabelBytes = 4096;
inline constexpr std::uint64_t kMaxSeconds = 3650ull * 86400;

// Databases the table speaks of, and what else people call them. An engine that is not here (a stranger's
// plugin) is given every key.
struct EngineName {
    std::string_view name;
    std::string_view aliases;  // comma-separated
};
inline constexpr std::array kEngineNames{
    EngineName{"postgres", "postgresql,pg,pgsql"},
    EngineName{"mysql", "mysqld"},
    EngineName{"mariadb", "mariadbd"},
    EngineName{"mongodb", "mongo,mongod,ferretdb"},
    EngineName{"redis", "valkey,keydb"},
    EngineName{"influxdb", "influx,influxdb2"},
    EngineName{"sqlite", "sqlite3"},
    EngineName{"custom", ""},
};

inline constexpr std::array kLabels{
    LabelRow{.key = "backup",
             .type = LabelType::boolean,
             .most = 16,
             .help = "Back this container up; false opts out where images need no wish.",
             .example = "true"},
    LabelRow{.key = "name",
             .type = LabelType::slug,
             .most = 64,
             .help = "Name of the target. Default: compose project/service, else the container's "
                     "name.",
             .example = "shop-db"},
    LabelRow{.key = "db.engine",
             .type = LabelType::slug,
             .most = 64,
             .help = "Which database it is. Default: recognised from the image, then from its "
                     "environment.",
             .example = "postgres"},
    LabelRow{.key = "db.name",
             .type = LabelType::list,
             .most = kMaxLabelBytes,
             .engines = "!redis",
             .old = {{{"db.all", OldForm::every}}},
             .help = "Databases to back up, or *; absolute paths for file engines. Default: what "
                     "the image's environment says.",
             .example = "shop,blog"},
    LabelRow{.key = "db.user",
             .type = LabelType::text,
             .most = 256,
             .engines = "!sqlite",
             .help = "Who to connect as. Default: what the image's environment says.",
             .example = "backup"},
    LabelRow{.key = "db.host",
             .type = LabelType::text,
             .most = 256,
             .engines = "!sqlite",
             .help = "Where the server listens, as seen from inside. Default: its local socket.",
             .example = "127.0.0.1"},
    LabelRow{.key = "db.port",
             .type = LabelType::number,
             .most = 65535,
             .unit = "",
             .engines = "!sqlite",
             .help = "The server's port. Default: the database's own.",
             .example = "5432"},
    LabelRow{.key = "db.auth-db",
             .type = LabelType::text,
             .most = 64,
             .engines = "mongodb",
             .help = "The database that knows the user. Default: admin.",
             .example = "admin"},
    LabelRow{
        .key = "db.org",
        .type = LabelType::text,
        .most = 256,
        .engines = "influxdb",
        .help = "InfluxDB 2: the organisation whose buckets are meant. Its token is db.secret.",
        .example = "acme"},
    LabelRow{.key = "db.secret",
             .type = LabelType::secret_ref,
             .most = 1024,
             .engines = "!sqlite",
             .old = {{{"db.password-file", OldForm::path}, {"db.password_file", OldForm::path}}},
             .help = "Where the password or token is: env:VAR, file:/path/in/container, "
                     "docker-secret:NAME, host-file:/path, credential:NAME, or PROVIDER:NAME of a "
                     "secrets plugin.",
             .example = "env:POSTGRES_PASSWORD"},
    LabelRow{.key = "db.password",
             .type = LabelType::secret,
             .most = 1024,
             .engines = "!sqlite",
             .help = "The password itself. Anyone who can inspect the container reads it: use "
                     "db.secret.",
             .example = "change-me"},
    LabelRow{.key = "db.include",
             .type = LabelType::list,
             .most = kMaxLabelBytes,
             .engines = "postgres,mysql,mariadb,mongodb",
             .help = "Patterns of the tables, schemas or collections to back up. Default: all.",
             .example = "public.*"},
    LabelRow{.key = "db.exclude",
             .type = LabelType::list,
             .most = kMaxLabelBytes,
             .engines = "postgres,mysql,mariadb,mongodb",
             .help = "Patterns of what to leave out. Default: nothing.",
             .example = "public.cache_*,public.sessions"},
    LabelRow{.key = "db.only",
             .type = LabelType::choice,
             .choices = "schema,data",
             .most = 16,
             .engines = "postgres,mysql,mariadb",
             .help = "The tables' definitions without rows, or the rows alone. Default: both.",
             .example = "schema"},
    LabelRow{.key = "db.format",
             .type = LabelType::choice,
             .fallback = "custom",
             .choices = "custom,plain",
             .most = 16,
             .engines = "postgres",
             .help = "custom (one table can be restored) or plain SQL.",
             .example = "plain"},
    LabelRow{.key = "db.oplog",
             .type = LabelType::boolean,
             .most = 16,
             .engines = "mongodb",
             .help = "Replica sets: take the writes made during the dump too, so that it is one "
                     "moment. Default: where the server allows it.",
             .example = "true"},
    LabelRow{.key = "mode",
             .type = LabelType::choice,
             .fallback = "auto",
             .choices = "auto,exec,sidecar,remote",
             .most = 16,
             .help =
                 "Where the dump tool runs: in the container, in a short-lived one beside it, or "
                 "on this machine over TCP; auto takes the engine's best.",
             .example = "exec"},
    LabelRow{.key = "parallel",
             .type = LabelType::number,
             .fallback = "1",
             .choices = "auto",
             .most = 16,
             .unit = "processes",
             .engines = "postgres,mysql,mariadb,mongodb",
             .help = "Dump processes that share one snapshot; auto goes by size and cores.",
             .example = "4"},
    LabelRow{.key = "command",
             .type = LabelType::command,
             .most = kMaxLabelBytes,
             .engines = "custom",
             .help =
                 "What writes the backup to its standard output: a JSON array, or words quoted as "
                 "for a shell. No shell runs it.",
             .example = "[\"/usr/bin/tool\", \"dump\", \"--all\"]"},
    LabelRow{.key = "command.validate",
             .type = LabelType::command,
             .most = kMaxLabelBytes,
             .engines = "custom",
             .help = "Reads a backup on its standard input and exits 0 when it is whole.",
             .example = "/usr/bin/tool check -"},
    LabelRow{.key = "command.end-marker",
             .type = LabelType::text,
             .most = 256,
             .engines = "custom",
             .help = "The text that only a whole backup ends with.",
             .example = "-- dump complete"},
    LabelRow{.key = "stores",
             .type = LabelType::list,
             .most = kMaxLabelBytes,
             .help = "Names of the stores to write to. Default: every configured store.",
             .example = "disk"},
    LabelRow{.key = "compress",
             .type = LabelType::compress,
             .fallback = "zstd:3",
             .most = 16,
             .old = {{{"backup.compress"}}},
             .help = "none, gzip[:1-9] or zstd[:1-19].",
             .example = "zstd:9"},
    LabelRow{.key = "limit-rate",
             .type = LabelType::rate,
             .most = 1ull << 40,
             .unit = "bytes a second",
             .help = "Most bytes a second to take from the database. Default: no limit.",
             .example = "20MiB"},
    LabelRow{.key = "timeout",
             .type = LabelType::duration,
             .fallback = "6h",
             .most = kMaxSeconds,
             .unit = "seconds",
             .help = "A run that takes longer is stopped and fails.",
             .example = "90m"},
    LabelRow{
        .key = "encrypt",
        .type = LabelType::text,
        .most = 256,
        .later = true,
        .old = {{{"backup.encrypt"}}},
        .help = "Encryption: a target that asks for it is blocked rather than stored in plain.",
        .example = "main"},
    LabelRow{.key = "schedule",
             .type = LabelType::text,
             .most = 256,
             .later = true,
             .help = "When to run.",
             .example = "0 2 * * *"},
    LabelRow{.key = "timezone",
             .type = LabelType::text,
             .most = 64,
             .later = true,
             .help = "Zone of the schedule.",
             .example = "Europe/Berlin"},
    LabelRow{.key = "after",
             .type = LabelType::list,
             .most = kMaxLabelBytes,
             .later = true,
             .help = "Jobs that must have succeeded before this one.",
             .example = "shop-db"},
    LabelRow{.key = "group",
             .type = LabelType::slug,
             .most = 64,
             .later = true,
             .help = "Targets of one group are captured and restored together.",
             .example = "shop"},
    LabelRow{.key = "priority",
             .type = LabelType::choice,
             .choices = "low,normal,high,critical",
             .most = 16,
             .later = true,
             .old = {{{"backup.priority"}}},
             .help = "Order of runs.",
             .example = "high"},
    LabelRow{.key = "retries",
             .type = LabelType::number,
             .least = 0,
             .most = 10,
             .unit = "times",
             .later = true,
             .help = "How often a failed run is tried again.",
             .example = "3"},
    LabelRow{.key = "keep.last",
             .type = LabelType::number,
             .least = 0,
             .most = 3650,
             .unit = "backups",
             .later = true,
             .old = {{{"backup.retention.count", OldForm::up_to_1000}}},
             .help = "Newest backups to keep. Until retention is here nothing is ever deleted.",
             .example = "7"},
    LabelRow{.key = "keep.hourly",
             .type = LabelType::number,
             .least = 0,
             .most = 3650,
             .unit = "backups",
             .later = true,
             .help = "Hours of which the newest backup is kept.",
             .example = "24"},
    LabelRow{.key = "keep.daily",
             .type = LabelType::number,
             .least = 0,
             .most = 3650,
             .unit = "backups",
             .later = true,
             .help = "Days of which the newest backup is kept.",
             .example = "7"},
    LabelRow{.key = "keep.weekly",
             .type = LabelType::number,
             .least = 0,
             .most = 3650,
             .unit = "backups",
             .later = true,
             .help = "Weeks of which the newest backup is kept.",
             .example = "4"},
    LabelRow{.key = "keep.monthly",
             .type = LabelType::number,
             .least = 0,
             .most = 3650,
             .unit = "backups",
             .later = true,
             .help = "Months of which the newest backup is kept.",
             .example = "12"},
    LabelRow{.key = "keep.yearly",
             .type = LabelType::number,
             .least = 0,
             .most = 3650,
             .unit = "backups",
             .later = true,
             .help = "Years of which the newest backup is kept.",
             .example = "2"},
    LabelRow{.key = "keep.within",
             .type = LabelType::duration,
             .most = kMaxSeconds,
             .unit = "seconds",
             .later = true,
             .old = {{{"backup.retention.days", OldForm::days}}},
             .help = "Every backup younger than this is kept.",
             .example = "30d"},
    LabelRow{.key = "keep.min",
             .type = LabelType::number,
             .least = 0,
             .most = 3650,
             .unit = "backups",
             .later = true,
             .help = "Never fewer than this many are left.",
             .example = "2"},
    LabelRow{.key = "drill",
             .type = LabelType::text,
             .most = 256,
             .later = true,
             .help = "When to restore the newest backup into a twin and compare.",
             .example = "@weekly"},
    LabelRow{.key = "notify",
             .type = LabelType::list,
             .most = kMaxLabelBytes,
             .later = true,
             .help = "Notifiers that are told of this job.",
             .example = "ops"},
    LabelRow{.key = "hooks",
             .type = LabelType::list,
             .most = kMaxLabelBytes,
             .later = true,
             .help = "Hooks that run around this job.",
             .example = "freeze"},
};

// The row of `key` in its current or an older spelling; nullptr = unknown.
const LabelRow* find_label(std::string_view key);
// The older spelling `key` is; nullptr = it is today's, or unknown.
const OldSpelling* find_old_spelling(std::string_view key);
// The key that was most likely meant, "" when none is near.
std::string_view nearest_label(std::string_view key);

// Whether the row says anything to this engine.
bool applies(const LabelRow& row, std::string_view engine);
// "postgresql" -> "postgres"; anything else as it is.
std::string_view engine_name(std::string_view name_or_alias);

}  // namespace bkt::config
