// A SQLite file inside a container that goes on writing it, by the container's own sqlite3.
#include <gtest/gtest.h>

#include "tests/support/baktainer.hpp"
#include "tests/support/docker.hpp"

namespace bkt::test {
namespace {

constexpr const char* kImage = "lab/sqlite-app:1";

std::string rows(const std::string& container, const std::string& what) {
    return must_docker(
        {"exec", container, "sqlite3", "-cmd", ".timeout 5000", "/data/app.db", what});
}

TEST(SqliteInAContainer, ComesBackInANewContainerAndInPlace) {
    BKT_NEED_IMAGE(kImage);
    const Container app(
        kImage, {"--label", "baktainer.backup=true", "--label", "baktainer.db.engine=sqlite",
                 "--label", "baktainer.db.name=/data/app.db", "-e", "APP_PERIOD=0.05"});
    for (int i = 0;
         i < 200 &&
         app.exec({"sqlite3", "/data/app.db", "SELECT 1 FROM event LIMIT 1"}).out != "1\n";
         ++i)
        must({"sleep", "0.05"});  // until the application has made its table
    rows(app.name(),
         "INSERT INTO event(at,body) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n "
         "WHERE i<5000) SELECT 'mark-'||i, randomblob(100) FROM n");
    const std::string marks =
        "SELECT count(*), sum(length(body)), max(at) FROM event WHERE at LIKE 'mark-%'";
    const auto before = rows(app.name(), marks);

    Baktainer program("  docker: { socket: \"" + docker_host() + "\" }");
    const auto done = program.run({"backup", app.name()});
    ASSERT_EQ(done.exit_code, 0) << done.err;
    EXPECT_EQ(program.run({"verify", "--all"}).exit_code, 0);
    EXPECT_EQ(app.must_sh("ls /tmp"), "") << "a temporary copy was left in the container";
    rows(app.name(), "DELETE FROM event WHERE at LIKE 'mark-%'");

    const auto restored = program.run({"restore", app.name()});
    ASSERT_EQ(restored.exit_code, 0) << restored.err;
    constexpr std::string_view kBefore = "container ";
    const auto begin = restored.out.find(kBefore) + kBefore.size();
    const auto clone = restored.out.substr(begin, restored.out.find(',', begin) - begin);
    EXPECT_EQ(rows(clone, marks), before);
    docker({"rm", "-fv", clone});

    const auto in_place =
        program.run({"restore", program.ids().front(), "--to", app.name(), "--confirm"});
    ASSERT_EQ(in_place.exit_code, 0) << in_place.err;
    EXPECT_EQ(rows(app.name(), marks), before);
}

}  // namespace
}  // namespace bkt::test
