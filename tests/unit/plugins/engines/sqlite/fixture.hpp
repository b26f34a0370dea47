// fixture.hpp: a folder with a live WAL-mode database and a writer that never rests.
#pragma once

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "plugins/engines/sqlite/sqlite_engine.hpp"
#include "tests/support/engine_bench.hpp"
#include "tests/support/temp_dir.hpp"

namespace bkt::sqlite {

inline void sql(const std::string& path, const std::string& text) {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
    sqlite3_busy_timeout(db, 20'000);
    char* why = nullptr;
    EXPECT_EQ(sqlite3_exec(db, text.c_str(), nullptr, nullptr, &why), SQLITE_OK) << why << text;
    sqlite3_free(why);
    sqlite3_close(db);
}

inline std::string query(const std::string& path, const std::string& text) {
    sqlite3* db = nullptr;
    std::string value;
    sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READWRITE, nullptr);
    sqlite3_busy_timeout(db, 20'000);
    const auto take = [](void* into, int, char** v, char**) {
        *static_cast<std::string*>(into) += v[0] ? v[0] : "";
        return 0;
    };
    char* why = nullptr;
    if (sqlite3_exec(db, text.c_str(), take, &value, &why) != SQLITE_OK) value = why ? why : "?";
    sqlite3_free(why);
    sqlite3_close(db);
    return value;
}

inline std::string read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream all;
    all << in.rdbuf();
    return all.str();
}
inline void write_file(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}

// Two tables that are equal in every committed state, far enough apart that a torn copy shows.
inline void make_live_database(const std::string& path) {
    sql(path,
        "PRAGMA journal_mode = WAL; PRAGMA user_version = 42;"
        "CREATE TABLE a(n INTEGER, pad BLOB); CREATE TABLE filler(pad BLOB);"
        "INSERT INTO a VALUES(0, NULL);"
        "WITH RECURSIVE i(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM i WHERE x < 3000)"
        "INSERT INTO filler SELECT randomblob(4000) FROM i;"
        "CREATE TABLE b(n INTEGER); INSERT INTO b VALUES(0);");
}

class BusyWriter final {
public:
    explicit BusyWriter(std::string path) : path_(std::move(path)), thread_([this] { write(); }) {
        while (commits_ < 20) std::this_thread::yield();
    }
    ~BusyWriter() {
        stop_ = true;
        thread_.join();
    }
    int commits() const { return commits_; }

private:
    void write() {
        sqlite3* db = nullptr;
        sqlite3_open(path_.c_str(), &db);
        sqlite3_busy_timeout(db, 20'000);
        while (!stop_)
            if (sqlite3_exec(db,
                             "BEGIN IMMEDIATE; UPDATE a SET n = n + 1, pad = randomblob(9000);"
                             "UPDATE b SET n = n + 1; COMMIT;",
                             nullptr, nullptr, nullptr) == SQLITE_OK)
                ++commits_;
        sqlite3_close(db);
    }
    std::string path_;
    std::atomic<bool> stop_ = false;
    std::atomic<int> commits_ = 0;
    std::thread thread_;
};

class SqliteEngineTest : public ::testing::Test {
protected:
    // Dumps and expects everything to be well.
    void dump_ok(test::EngineBench<SqliteEngine>& bench, testing::MemoryPartsOut& parts,
                 testing::MemoryPlan& plan) {
        ASSERT_EQ(test::said(bench.plan(plan)), "ok");
        ASSERT_EQ(test::said(bench.dump(plan, parts)), "ok");
        EXPECT_TRUE(parts.complete());
        EXPECT_TRUE(plan.violations.empty());
    }
    // The copy must be one committed state.
    void expect_untorn(const std::string& bytes) {
        const std::string path = dir_.path() + "/untorn.sqlite";
        std::filesystem::remove(path);
        write_file(path, bytes);
        EXPECT_EQ(query(path, "PRAGMA integrity_check"), "ok");
        EXPECT_EQ(query(path, "SELECT (SELECT n FROM a) = (SELECT n FROM b)"), "1");
        EXPECT_EQ(query(path, "SELECT count(*) FROM filler"), "3000");
    }
    std::string path(const std::string& name) const { return dir_.path() + "/" + name; }

    test::TempDir dir_;
};

}  // namespace bkt::sqlite
