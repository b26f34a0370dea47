#include "plugins/engines/sqlite/validator.hpp"

#include "tests/unit/plugins/engines/sqlite/fixture.hpp"

namespace bkt::sqlite {
namespace {

std::string small_database(const std::string& path) {
    sql(path, "CREATE TABLE t(x); INSERT INTO t VALUES(zeroblob(20000)); CREATE INDEX i ON t(x);");
    return read_file(path);
}

struct ValidatorTest : SqliteEngineTest {
    const std::string whole = small_database(path("s.db"));
    test::EngineBench<SqliteEngine> bench;
    std::string verdict(const std::string& bytes, bool deep, std::size_t chunk = 4096) {
        const Status s = bench.validate("s.sqlite", std::string(kMediaType), bytes, deep, chunk);
        return s ? "ok" : std::string(code_name(s.error().code));
    }
};

TEST_F(ValidatorTest, TakesAWholeFileInAnyChunks) {
    for (const std::size_t chunk : {1, 7, 99, 100, 101, 4096, 1 << 20}) {
        EXPECT_EQ(verdict(whole, false, chunk), "ok");
        EXPECT_EQ(verdict(whole, true, chunk), "ok");
    }
    EXPECT_TRUE(bench.host.temp_is_empty());
}

TEST_F(ValidatorTest, RefusesEveryCut) {
    for (std::size_t n = 0; n < whole.size(); n += n < 200 ? 1 : 511)
        EXPECT_EQ(verdict(whole.substr(0, n), false), "truncated") << n;
    EXPECT_EQ(verdict(whole.substr(0, whole.size() - 1), false), "truncated");
}

TEST_F(ValidatorTest, RefusesWhatFollowsTheEndAndWhatIsNoDatabase) {
    EXPECT_EQ(verdict(whole + "x", false), "corrupt");
    EXPECT_EQ(verdict("sqlite3: error while loading shared libraries", false), "corrupt");
}

TEST_F(ValidatorTest, FindsADamagedPageWhenLookingDeep) {
    std::string damaged = whole;
    damaged[4096] ^= 0x40;  // the type of the table's root page
    EXPECT_EQ(verdict(damaged, false), "ok");
    EXPECT_EQ(verdict(damaged, true), "corrupt");
    EXPECT_TRUE(bench.host.temp_is_empty());
}

}  // namespace
}  // namespace bkt::sqlite
