#include "core/config/label_example.hpp"

#include <algorithm>

#include "core/config/label_table.hpp"
#include "core/config/nearest.hpp"

namespace bkt::config {

namespace {

struct Example {
    std::string_view engine;
    std::string_view service;  // above the labels
    std::string_view labels;   // besides those every example has
    std::string_view rest;     // below the service
};

constexpr std::string_view kWholeServer =
    R"(      # The whole server is one backup, so there is nothing to choose. When it wants a password,
      # say where that is, never what it is:
      # baktainer.db.secret: "docker-secret:db_password"
)";

constexpr std::string_view kPasswordFile = R"(
secrets:
  db_password:
    file: ./db_password.txt
volumes:
  data:
)";

constexpr std::array kExamples{
    Example{
        "postgres", R"(    image: postgres:17
    environment:
      POSTGRES_USER: app
      POSTGRES_DB: shop
      POSTGRES_PASSWORD_FILE: /run/secrets/db_password
    secrets: [db_password]
    volumes: ["data:/var/lib/postgresql/data"]
)",
        R"(      # User, database and password are read from the variables above. Every database, with
      # roles, instead of POSTGRES_DB alone:
      baktainer.db.name: "*"
      # Sessions need no backup, and are most of the bytes:
      baktainer.db.exclude: "public.sessions"
      # Several processes share one snapshot, so that the parts are one moment:
      baktainer.parallel: "2"
)",
        kPasswordFile},
    Example{
        "mysql", R"(    image: mysql:8.4
    environment:
      MYSQL_DATABASE: shop
      MYSQL_ROOT_PASSWORD_FILE: /run/secrets/db_password
    secrets: [db_password]
    volumes: ["data:/var/lib/mysql"]
)",
        R"(      # The user and where the password is are read from the variables above. All databases,
      # with accounts and grants, instead of MYSQL_DATABASE alone:
      baktainer.db.name: "*"
)",
        kPasswordFile},
    Example{
        "mariadb", R"(    image: mariadb:11.8
    environment:
      MARIADB_DATABASE: shop
      MARIADB_ROOT_PASSWORD_FILE: /run/secrets/db_password
    secrets: [db_password]
    volumes: ["data:/var/lib/mysql"]
)",
        R"(      # The user and where the password is are read from the variables above. All databases,
      # with accounts and grants, instead of MARIADB_DATABASE alone:
      baktainer.db.name: "*"
)",
        kPasswordFile},
    Example{"mongodb", R"(    image: mongo:8
    environment:
      MONGO_INITDB_ROOT_USERNAME: root
      MONGO_INITDB_ROOT_PASSWORD_FILE: /run/secrets/db_password
    secrets: [db_password]
    volumes: ["data:/data/db"]
)",
            R"(      # The database that knows the user; the rest is read from the variables above:
      baktainer.db.auth-db: "admin"
      # On a replica set: also take the writes made during the dump, so that it is one moment:
      # baktainer.db.oplog: "true"
)",
            kPasswordFile},
    Example{"redis", "    image: redis:8\n    volumes: [\"data:/data\"]\n", kWholeServer,
            "\nvolumes:\n  data:\n"},
    Example{"valkey", "    image: valkey/valkey:8\n    volumes: [\"data:/data\"]\n", kWholeServer,
            "\nvolumes:\n  data:\n"},
    Example{
        "influxdb", R"(    image: influxdb:2.7
    secrets: [influx_token]
    volumes: ["data:/var/lib/influxdb2"]
)",
        R"(      # The operator token; named by where it is, never by what it is. Without db.org or
      # db.name (its buckets) the whole server is one backup, tokens included:
      baktainer.db.secret: "docker-secret:influx_token"
      baktainer.db.org: "acme"
)",
        R"(
secrets:
  influx_token:
    file: ./influx_token.txt
volumes:
  data:
)"},
    Example{"sqlite", R"(    image: ghcr.io/example/notes:1
    volumes: ["data:/data"]
)",
            R"(      # No image says that it holds SQLite files, so the label does:
      baktainer.db.engine: "sqlite"
      # The files, as the container sees them:
      baktainer.db.name: "/data/notes.db"
)",
            "\nvolumes:\n  data:\n"},
    Example{
        "custom", R"(    image: ghcr.io/example/wiki:1
    volumes: ["data:/data"]
)",
        R"(      # A database Baktainer does not know: its own tool writes the backup to standard output.
      baktainer.db.engine: "custom"
      # Run as it stands, without a shell:
      baktainer.command: '["/usr/bin/wiki", "export", "--all"]'
      # What only a whole export ends with; a tool that was killed does not write it:
      baktainer.command.end-marker: "</mediawiki>"
)",
        "\nvolumes:\n  data:\n"},
};

constexpr std::string_view kCommonLabels =
    R"(      # The one label that is needed; without it nothing is done:
      baktainer.backup: "true"
      # A name that stays when the project's folder is renamed; old backups are found by it:
      baktainer.name: "shop-db"
      # A hung dump must end before the next one is due:
      baktainer.timeout: "1h"
)";

}  // namespace

std::vector<std::string_view> example_engines() {
    std::vector<std::string_view> names;
    for (const auto& example : kExamples) names.push_back(example.engine);
    return names;
}

Result<std::string> label_example(std::string_view engine) {
    const auto find = [](std::string_view name) {
        return std::find_if(kExamples.begin(), kExamples.end(),
                            [&](const auto& example) { return example.engine == name; });
    };
    auto found = find(engine);
    if (found == kExamples.end()) found = find(engine_name(engine));
    if (found == kExamples.end()) {
        const auto known = example_engines();
        const auto near = nearest(engine, known);
        std::string there;
        for (const auto name : known) there += (there.empty() ? "" : ", ") + std::string(name);
        return Error{Code::not_found, "no example of engine '" + std::string(engine) + "'",
                     near.empty() ? "there are: " + there : "did you mean '" + near + "'?"};
    }
    return "services:\n  db:\n" + std::string(found->service) + "    labels:\n" +
           std::string(kCommonLabels) + std::string(found->labels) + std::string(found->rest);
}

}  // namespace bkt::config
