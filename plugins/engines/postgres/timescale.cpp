#include "plugins/engines/postgres/timescale.hpp"

#include <algorithm>

#include "plugins/engines/postgres/server.hpp"

namespace bkt::postgres {
namespace {

constexpr std::size_t kMaxTextBytes = 4096;
constexpr std::size_t kMaxVersionBytes = 64;

constexpr const char* kFindQuery =
    "SELECT e.extversion, n.nspname FROM pg_catalog.pg_extension e"
    " JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'timescaledb'";

constexpr const char* kHypertablesQuery =
    "SELECT pg_catalog.format('%I.%I', hypertable_schema, hypertable_name)"
    " FROM timescaledb_information.hypertables";

constexpr const char* kHypertablePairsQuery =
    "SELECT hypertable_schema, hypertable_name FROM timescaledb_information.hypertables";

constexpr const char* kOfferedQuery =
    "SELECT version FROM pg_catalog.pg_available_extension_versions WHERE name = 'timescaledb'"
    " ORDER BY 1";
constexpr const char* kDefaultQuery =
    "SELECT default_version FROM pg_catalog.pg_available_extensions WHERE name = 'timescaledb'";
// No row for a role that may not know.
constexpr const char* kPreloadedQuery =
    "SELECT setting FROM pg_catalog.pg_settings WHERE name = 'shared_preload_libraries'";

// The functions answer true, which nobody needs to see.
constexpr const char* kMake =
    "CREATE EXTENSION timescaledb WITH SCHEMA :\"schema\" VERSION :'version';\n";
constexpr const char* kPreRestore = "SELECT :\"schema\".timescaledb_pre_restore() \\g /dev/null\n";
constexpr const char* kPostRestore =
    "SELECT :\"schema\".timescaledb_post_restore() \\g /dev/null\n";

constexpr std::string_view kHead = "-- TimescaleDB ";
constexpr std::string_view kInSchema = " in schema ";

bool is_version(std::string_view text) {
    return !text.empty() && text.size() <= kMaxVersionBytes &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      c == '.' || c == '-' || c == '+' || c == '~' || c == '_';
           });
}

bool is_its_own(const std::string& schema) { return schema.starts_with("_timescaledb"); }

Error no_such_text() {
    return {Code::corrupt, "this does not say which TimescaleDB the database was dumped from", {}};
}

class TimescaleText final : public Tap {
public:
    Status feed(Call&, Bytes bytes) override {
        if (text_.size() + bytes.size() > kMaxTextBytes) return no_such_text();
        text_.append(as_text(bytes));
        return {};
    }
    Status finish(Call&) override {
        BKT_TRY(Timescale::parse(text_));
        return {};
    }

private:
    std::string text_;
};

}  // namespace

Result<std::optional<Timescale>> Timescale::find(const Tools& tools, const std::string& database) {
    BKT_LET(const auto found, tools.query(database, kFindQuery));
    if (found.empty()) return std::optional<Timescale>();
    if (found.size() != 2 || !is_version(found[0]))
        return Error{Code::bug, "psql answered otherwise than asked"};
    return std::optional<Timescale>({found[0], found[1]});
}

Status Timescale::check_left_out(const Tools& tools, const Filter& filter,
                                 const std::string& database, const Relations& relations) {
    if (!filter.takes_schema() || !filter.takes_rows())
        return Error{
            Code::invalid,
            "database '" + database +
                "' has TimescaleDB: definitions and rows ('db.only') belong together there",
            "remove 'db.only'"};
    if (filter.is_whole()) return {};
    BKT_LET(const auto names, tools.query(database, kHypertablePairsQuery));
    const auto is_hypertable = [&](const Relation& r) {
        for (std::size_t i = 0; i + 1 < names.size(); i += 2)
            if (names[i] == r.schema && names[i + 1] == r.name) return true;
        return false;
    };
    for (const auto& r : relations.all)
        if (!filter.takes(r) && (is_its_own(r.schema) || is_hypertable(r)))
            return Error{Code::invalid,
                         "in database '" + database + "' " + quoted(r) +
                             " belongs to TimescaleDB's hypertables and would be left out: such a "
                             "backup could not be restored",
                         "leave out other tables only, each by 'db.exclude'"};
    return {};
}

std::string Timescale::text() const {
    std::string text = std::string(kHead) + version + std::string(kInSchema) + schema + "\n";
    if (is_made_first())
        text +=
            "-- Play this into the new, empty database, before everything else.\n"
            "CREATE EXTENSION timescaledb WITH SCHEMA " +
            sql_identifier(schema) + " VERSION '" + version + "';\n";
    else text += "-- Play this between the section pre-data and the rows.\n";
    return text + "SELECT " + sql_identifier(schema) +
           ".timescaledb_pre_restore();\n"
           "-- After everything else: SELECT " +
           sql_identifier(schema) + ".timescaledb_post_restore();\n";
}

Result<Timescale> Timescale::parse(std::string_view text) {
    const std::string_view line = text.substr(0, text.find('\n'));
    const auto in = line.find(kInSchema);
    if (!line.starts_with(kHead) || in == line.npos) return no_such_text();
    Timescale t{std::string(line.substr(kHead.size(), in - kHead.size())),
                std::string(line.substr(in + kInSchema.size()))};
    // Nothing but what text() writes: then no byte is missing, and nothing else hides in it.
    if (!is_version(t.version) || !check_name("schema", t.schema) || t.text() != text)
        return no_such_text();
    return t;
}

Status Timescale::check_offered(const Tools& tools, const std::string& database) const {
    BKT_LET(const std::string outside, maintenance_database(tools));
    BKT_LET(const auto versions,
            tools.query(outside, is_made_first() ? kOfferedQuery : kDefaultQuery));
    if (std::find(versions.begin(), versions.end(), version) == versions.end()) {
        std::string offered;
        for (const auto& v : versions) offered += (offered.empty() ? "" : ", ") + v;
        return Error{Code::unsupported,
                     "database '" + database + "' was dumped from TimescaleDB " + version +
                         ", and the server offers " +
                         (offered.empty() ? "no TimescaleDB" : "version " + offered),
                     "restore into an image with TimescaleDB " + version +
                         "; it can be updated there with ALTER EXTENSION timescaledb UPDATE"};
    }
    BKT_LET(const auto preloaded, tools.query(outside, kPreloadedQuery));
    if (!preloaded.empty() && preloaded.front().find("timescaledb") == std::string::npos)
        return Error{
            Code::unsupported,
            "database '" + database + "' needs TimescaleDB, which the server has but does not load",
            "start the server with shared_preload_libraries = 'timescaledb'"};
    return {};
}

Status Timescale::make(const Tools& tools, const std::string& database) const {
    return tools.script(database, kMake, {"schema=" + schema, "version=" + version});
}

// In every session from now on: this is kept as a setting of the database.
Status Timescale::pre_restore(const Tools& tools, const std::string& database) const {
    return tools.script(database, kPreRestore, {"schema=" + schema});
}

Status Timescale::post_restore(const Tools& tools, const std::string& database) const {
    return tools.script(database, kPostRestore, {"schema=" + schema});
}

Result<std::vector<std::string>> Timescale::hypertables(const Tools& tools,
                                                        const std::string& database) {
    return tools.query(database, kHypertablesQuery);
}

std::unique_ptr<Tap> timescale_tap() { return std::make_unique<TimescaleText>(); }

}  // namespace bkt::postgres
