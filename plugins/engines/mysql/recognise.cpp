#include "plugins/engines/mysql/recognise.hpp"

#include <algorithm>
#include <array>

namespace bkt::mysql {
namespace {

constexpr std::string_view kMysqlFamilies[] = {"mysql", "mysql-server", "percona", "percona-server",
                                               "percona-xtradb-cluster"};
constexpr std::string_view kMariadbFamilies[] = {"mariadb", "mariadb-galera", "alpine-mariadb"};
// Without their prefix; each may stand with MARIADB_ or MYSQL_.
constexpr const char* kVariables[] = {"ROOT_PASSWORD",
                                      "ROOT_PASSWORD_FILE",
                                      "ALLOW_EMPTY_PASSWORD",
                                      "ALLOW_EMPTY_ROOT_PASSWORD",
                                      "RANDOM_ROOT_PASSWORD",
                                      "DATABASE",
                                      "USER",
                                      "PASSWORD"};

template <std::size_t N>
bool among(const std::string_view (&families)[N], std::string_view family) {
    return std::find(std::begin(families), std::end(families), family) != std::end(families);
}

struct Found {
    std::string name, value;
};

class Variables final {
public:
    // Where both prefixes are set, an image heeds its own.
    Variables(const TargetView& target, bool mariadb)
        : target_(target),
          prefixes_(mariadb ? std::array{"MARIADB_", "MYSQL_"} : std::array{"MYSQL_", "MARIADB_"}) {
    }

    std::optional<Found> text(const std::string& name) const {
        for (const char* prefix : prefixes_)
            if (auto found = set(prefix + name)) return found;
        return std::nullopt;
    }
    // A reference to the secret `name`; the official images' NAME_FILE and LinuxServer's FILE__NAME
    // hold a path.
    std::optional<Found> secret(const std::string& name) const {
        for (const char* prefix : prefixes_) {
            const std::string full = prefix + name;
            if (set(full)) return Found{full, "env:" + full};
            for (const auto& file : {full + "_FILE", "FILE__" + full})
                if (const auto path = set(file)) return Found{file, "file:" + path->value};
        }
        return std::nullopt;
    }

private:
    std::optional<Found> set(const std::string& name) const {
        const auto value = target_.env(name);
        if (!value || value->empty()) return std::nullopt;
        return Found{name, std::string(*value)};
    }
    const TargetView& target_;
    std::array<const char*, 2> prefixes_;
};

void settings_of(const Variables& variables, const TargetView& target, Recognition& out) {
    auto root = variables.secret("ROOT_PASSWORD");
    if (!root) root = variables.secret("MASTER_ROOT_PASSWORD");  // of Bitnami's replicas
    const auto user = variables.text("USER");
    const auto password = variables.secret("PASSWORD");
    const bool open = variables.text("ALLOW_EMPTY_ROOT_PASSWORD") ||
                      variables.text("ALLOW_EMPTY_PASSWORD") || target.env("ALLOW_EMPTY_PASSWORD");
    if (!root && !open && user && password) {
        out.setting("db.user", user->value, user->name);
        out.setting("db.password", password->value, password->name);
    } else {
        const auto named = variables.text("ROOT_USER");  // Bitnami's
        out.setting("db.user", named ? named->value : "root",
                    named ? named->name : "the image's default");
        if (root) out.setting("db.password", root->value, root->name);
    }
    const auto database = variables.text("DATABASE");
    out.setting("db.name", database ? database->value : "*",
                database ? database->name : "every database, for the image names none");
}

// The server's program; MariaDB's was called mysqld too before 10.5, as MySQL's.
std::string_view program_of(const TargetView& target) {
    for (const std::string_view name : {"mariadbd", "mysqld"})
        if (target.runs(name)) return name;
    return {};
}

// A container that says where its server is only uses one, unless it runs one as well.
bool is_client(const TargetView& target) {
    return (target.env("MYSQL_HOST") || target.env("MARIADB_HOST")) && program_of(target).empty();
}

}  // namespace

void recognise_target(Flavour wanted, const TargetView& target, Recognition& out) {
    const auto family = target.image_family();
    const bool mysql_image = among(kMysqlFamilies, family);
    const bool mariadb_image = among(kMariadbFamilies, family);
    const auto has = [&](const std::string& prefix) {
        return std::any_of(std::begin(kVariables), std::end(kVariables),
                           [&](const char* name) { return target.env(prefix + name); });
    };
    const bool mariadb_variables = has("MARIADB_"), mysql_variables = has("MYSQL_");
    const auto program = program_of(target);
    const bool by_image = mysql_image || mariadb_image,
               by_variables = mariadb_variables || mysql_variables;
    if (!by_image && (is_client(target) || (!by_variables && program.empty()))) return;
    const bool mariadb =
        mariadb_image || (!mysql_image && (mariadb_variables || program == "mariadbd"));

    if (mariadb == (wanted == Flavour::mariadb)) {
        if (by_image) out.score(100, "the image is '" + std::string(family) + "'");
        else if (!by_variables)
            out.score(30, "a program '" + std::string(program) + "' runs in it");
        else
            out.score(50, std::string("its environment has ") + (mariadb ? "MARIADB_" : "MYSQL_") +
                              " variables");
    }
    out.modes(BKT_MODE_EXEC | BKT_MODE_SIDECAR | BKT_MODE_REMOTE);
    settings_of(Variables(target, mariadb), target, out);
}

}  // namespace bkt::mysql
