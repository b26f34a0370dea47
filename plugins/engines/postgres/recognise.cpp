#include "plugins/engines/postgres/recognise.hpp"

#include <algorithm>
#include <array>

namespace bkt::postgres {
namespace {

constexpr std::string_view kFamilies[] = {
    "postgres",         "postgresql",     "postgis",
    "timescaledb",      "timescaledb-ha", "pgvector",
    "pgvecto-rs",       "paradedb",       "percona-distribution-postgresql",
    "postgresql-repmgr"};

// The official image's, Bitnami's, kartoza/postgis's.
constexpr const char* kUsers[] = {"POSTGRES_USER", "POSTGRESQL_USERNAME", "POSTGRESQL_USER"};
constexpr const char* kDatabases[] = {"POSTGRES_DB", "POSTGRESQL_DATABASE", "POSTGRES_DBNAME"};
constexpr const char* kPasswords[] = {"POSTGRES_PASSWORD", "POSTGRESQL_PASSWORD", "POSTGRES_PASS"};
constexpr const char* kSuperuserPassword = "POSTGRESQL_POSTGRES_PASSWORD";
constexpr const char* kServers[] = {"POSTGRES_HOST", "POSTGRESQL_HOST", "POSTGRES_SERVER",
                                    "PGHOST"};

struct Named {
    std::string name, value;
};

template <std::size_t N>
std::optional<Named> first(const TargetView& target, const char* const (&names)[N]) {
    for (const char* name : names)
        if (const auto value = target.env(name).value_or(""); !value.empty())
            return Named{name, std::string(value)};
    return std::nullopt;
}

// A reference to the secret `name`; NAME_FILE and LinuxServer's FILE__NAME hold a path.
std::optional<Named> secret(const TargetView& target, const std::string& name) {
    if (target.env(name)) return Named{name, "env:" + name};
    for (const auto& file : {name + "_FILE", "FILE__" + name})
        if (const auto path = target.env(file).value_or(""); !path.empty())
            return Named{file, "file:" + std::string(path)};
    return std::nullopt;
}

std::optional<Named> password(const TargetView& target) {
    for (const char* name : kPasswords)
        if (auto found = secret(target, name)) return found;
    return std::nullopt;
}

void settings_of(const TargetView& target, Recognition& out) {
    const auto user = first(target, kUsers), database = first(target, kDatabases);
    // Bitnami's own user is no superuser; where the superuser has a password too, all of the server is seen.
    const auto super = secret(target, kSuperuserPassword);
    const bool named = user && !super;
    out.setting("db.user", named ? user->value : "postgres",
                named   ? user->name
                : super ? super->name
                        : "the image's default");
    if (database) out.setting("db.name", database->value, database->name);
    else
        out.setting("db.name", user ? user->value : "postgres",
                    "the image's default: the user's name");
    if (const auto found = super ? super : password(target))
        out.setting("db.password", found->value, found->name);
}

}  // namespace

void recognise_target(const TargetView& target, Recognition& out) {
    const auto family = target.image_family();
    if (std::find(std::begin(kFamilies), std::end(kFamilies), family) != std::end(kFamilies))
        out.score(100, "the image is '" + std::string(family) + "'");
    else if (const auto said = first(target, kServers); said && !target.runs("postgres")) return;
    else if (first(target, kUsers) || first(target, kDatabases) || password(target))
        out.score(50, "its environment has POSTGRES_ variables");
    else if (target.runs("postgres")) out.score(30, "a program 'postgres' runs in it");
    else return;
    out.modes(BKT_MODE_EXEC | BKT_MODE_SIDECAR | BKT_MODE_REMOTE);
    settings_of(target, out);
}

}  // namespace bkt::postgres
