// What makes a database one that a restore must not replace unasked.
#include "plugins/engines/postgres/contents.hpp"

#include "tests/integration/plugins/engines/postgres/fixture.hpp"

namespace bkt::postgres {
namespace {

class Contents : public PostgresTest {
protected:
    testing::FakeCall fake{bench.host.raw()};
    Call call = fake.call();

    Result<bool> empty(const std::string& database) {
        BKT_LET(Settings settings, Settings::load(call));
        BKT_LET(const Tools tools, Tools::create(call, std::move(settings)));
        return is_empty(tools, database);
    }
};

TEST_F(Contents, AreEverythingAUserMade) {
    const struct {
        const char *name, *sql;
        bool is_empty;
    } kCases[] = {
        {"nothing", "SELECT 1", true},
        {"an extension's own", "CREATE EXTENSION hstore", true},
        {"a table without rows", "CREATE TABLE t(a int)", false},
        {"a view", "CREATE VIEW v AS SELECT 1", false},
        {"a sequence", "CREATE SEQUENCE s", false},
        {"a function", "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", false},
        {"an enumeration", "CREATE TYPE e AS ENUM ('a')", false},
        {"a row type", "CREATE TYPE r AS (a int)", false},
        {"a range", "CREATE TYPE g AS RANGE (subtype = float8)", false},
        {"a domain over an array", "CREATE DOMAIN d AS int[]", false},
        {"a schema", "CREATE SCHEMA x", false},
        {"a large object", "SELECT lo_create(0)", false},
        {"a table beside an extension's", "CREATE EXTENSION hstore; CREATE TABLE t(a hstore)",
         false},
    };
    for (const auto& c : kCases) {
        server->sql("postgres", "CREATE DATABASE x TEMPLATE template0");
        server->sql("x", c.sql);
        const auto answer = empty("x");
        ASSERT_TRUE(answer) << c.name << ": " << answer.error().message;
        EXPECT_EQ(*answer, c.is_empty) << c.name;
        server->sql("postgres", "DROP DATABASE x");
    }
}

}  // namespace
}  // namespace bkt::postgres
