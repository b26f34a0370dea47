#include "plugins/engines/mysql/recognise.hpp"

#include <gtest/gtest.h>

#include <map>

#include "baktainer/testing/recognised.hpp"

namespace bkt::mysql {
namespace {

using Environment = testing::EnvironmentOfTarget;

auto recognise(Flavour flavour, const std::string& image, const Environment& env,
               const std::vector<std::string>& programs = {}) {
    return testing::recognised(
        image, env,
        [&](Call&, const TargetView& target, Recognition& out) -> Status {
            recognise_target(flavour, target, out);
            return {};
        },
        programs);
}

struct Image {
    const char* image;
    Environment env;
    unsigned mysql, mariadb;
    std::vector<std::string> programs{};
};
const Image kImages[] = {
    {"mysql", {}, 100, 0},
    {"docker.io/library/mysql:9.7@sha256:ab", {}, 100, 0},
    {"container-registry.oracle.com/mysql/community-server:9",
     {{"MYSQL_ROOT_PASSWORD", "x"}},
     50,
     0},
    {"mysql/mysql-server:8.0", {}, 100, 0},
    {"bitnami/mysql:8.4", {}, 100, 0},
    {"percona/percona-server:8.0", {}, 100, 0},
    {"mariadb:11.8", {}, 0, 100},
    {"mariadb:10.5", {{"MYSQL_ROOT_PASSWORD", "x"}}, 0, 100},
    {"lscr.io/linuxserver/mariadb:latest", {}, 0, 100},
    {"bitnami/mariadb-galera:11", {}, 0, 100},
    {"acme/db:1", {{"MARIADB_DATABASE", "shop"}, {"MYSQL_USER", "u"}}, 0, 50},
    {"acme/db:1", {{"MYSQL_DATABASE", "shop"}}, 50, 0},
    {"postgres:15", {}, 0, 0},
    {"acme/db:1", {}, 0, 30, {"mariadbd"}},
    {"acme/db:1", {}, 30, 0, {"mysqld"}},
    {"acme/db:1", {{"MYSQL_DATABASE", "shop"}}, 0, 50, {"mariadbd"}},
    {"nextcloud:30", {{"MYSQL_HOST", "db"}, {"MYSQL_PASSWORD", "x"}}, 0, 0},
    {"acme/all:1", {{"MYSQL_HOST", "localhost"}, {"MYSQL_PASSWORD", "x"}}, 50, 0, {"mysqld"}},
    {"mysql-exporter:1", {{"MYSQL_HOST", "db"}}, 0, 0},
};

TEST(Recognise, OffersEveryPlaceForItsTools) {
    EXPECT_EQ(recognise(Flavour::mariadb, "mariadb:11.8", {}).modes,
              BKT_MODE_EXEC | BKT_MODE_SIDECAR | BKT_MODE_REMOTE);
    EXPECT_EQ(recognise(Flavour::mysql, "acme/db", {{"MYSQL_DATABASE", "x"}}).modes,
              BKT_MODE_EXEC | BKT_MODE_SIDECAR | BKT_MODE_REMOTE);
}

TEST(Recognise, TellsTheTwoApartByImageThenByEnvironment) {
    for (const auto& c : kImages) {
        EXPECT_EQ(recognise(Flavour::mysql, c.image, c.env, c.programs).score, c.mysql) << c.image;
        EXPECT_EQ(recognise(Flavour::mariadb, c.image, c.env, c.programs).score, c.mariadb)
            << c.image;
    }
}

struct Convention {
    const char* name;
    const char* image;
    Environment env;
    std::string user, password, database;
};
const Convention kConventions[] = {
    {"nothing set", "mariadb", {}, "root", "", "*"},
    {"root first",
     "mariadb",
     {{"MARIADB_ROOT_PASSWORD", "s"},
      {"MARIADB_USER", "app"},
      {"MARIADB_PASSWORD", "t"},
      {"MARIADB_DATABASE", "shop"}},
     "root",
     "env:MARIADB_ROOT_PASSWORD",
     "shop"},
    {"the old prefix",
     "mariadb",
     {{"MYSQL_ROOT_PASSWORD", "s"}},
     "root",
     "env:MYSQL_ROOT_PASSWORD",
     "*"},
    {"both prefixes",
     "mariadb",
     {{"MYSQL_ROOT_PASSWORD", "s"}, {"MARIADB_ROOT_PASSWORD", "t"}},
     "root",
     "env:MARIADB_ROOT_PASSWORD",
     "*"},
    {"both prefixes, MySQL",
     "mysql",
     {{"MYSQL_ROOT_PASSWORD", "s"}, {"MARIADB_ROOT_PASSWORD", "t"}},
     "root",
     "env:MYSQL_ROOT_PASSWORD",
     "*"},
    {"a file",
     "mysql",
     {{"MYSQL_ROOT_PASSWORD_FILE", "/run/secrets/pw"}},
     "root",
     "file:/run/secrets/pw",
     "*"},
    {"LinuxServer's file",
     "linuxserver/mariadb",
     {{"FILE__MYSQL_ROOT_PASSWORD", "/run/secrets/pw"}},
     "root",
     "file:/run/secrets/pw",
     "*"},
    {"Bitnami's names",
     "bitnami/mariadb",
     {{"MARIADB_ROOT_USER", "boss"}, {"MARIADB_ROOT_PASSWORD", "s"}},
     "boss",
     "env:MARIADB_ROOT_PASSWORD",
     "*"},
    {"Bitnami's replica",
     "bitnami/mysql",
     {{"MYSQL_MASTER_ROOT_PASSWORD", "s"}},
     "root",
     "env:MYSQL_MASTER_ROOT_PASSWORD",
     "*"},
    {"a random root password",
     "mysql",
     {{"MYSQL_RANDOM_ROOT_PASSWORD", "1"},
      {"MYSQL_USER", "app"},
      {"MYSQL_PASSWORD", "t"},
      {"MYSQL_DATABASE", "shop"}},
     "app",
     "env:MYSQL_PASSWORD",
     "shop"},
    {"no password for root",
     "mysql",
     {{"MYSQL_ALLOW_EMPTY_PASSWORD", "1"}, {"MYSQL_USER", "app"}, {"MYSQL_PASSWORD", "t"}},
     "root",
     "",
     "*"},
    {"a variable that is empty",
     "mysql",
     {{"MYSQL_ROOT_PASSWORD", ""}, {"MYSQL_USER", "app"}, {"MYSQL_PASSWORD_FILE", "/f"}},
     "app",
     "file:/f",
     "*"},
};

TEST(Recognise, ReadsTheImagesConventionsUnderEitherName) {
    for (const auto& c : kConventions)
        for (const auto flavour : {Flavour::mysql, Flavour::mariadb}) {
            SCOPED_TRACE(c.name);
            auto settings = recognise(flavour, c.image, c.env).settings;
            EXPECT_EQ(settings["db.user"], c.user);
            EXPECT_EQ(settings["db.password"], c.password);
            EXPECT_EQ(settings["db.name"], c.database);
        }
}

}  // namespace
}  // namespace bkt::mysql
