// tests/integration/sqlite/live_database.hpp: a WAL-mode database with a writer that never rests and
// keeps one promise: in every committed state, each row's total is the sum of the one before plus its own
// amount, and the last total equals the sum of all amounts. A torn copy breaks it.
#pragma once

#include <sqlite3.h>

#include <atomic>
#include <string>
#include <thread>

namespace bkt::test {

inline void execute(sqlite3* db, const std::string& sql) {
    char* why = nullptr;
    if (sqlite3_exec(db, sql.c_str(), nullptr, nullptr, &why) != SQLITE_OK) {
        const std::string text = why ? why : "?";
        sqlite3_free(why);
        throw std::runtime_error(sql + ": " + text);
    }
}

inline std::int64_t number(sqlite3* db, const char* sql) {
    sqlite3_stmt* s = nullptr;
    sqlite3_prepare_v2(db, sql, -1, &s, nullptr);
    sqlite3_step(s);
    const auto value = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return value;
}

class LiveDatabase final {
public:
    // `rows` to begin with; with `busy` a thread goes on writing.
    LiveDatabase(const std::string& path, int rows, bool busy) {
        sqlite3_open(path.c_str(), &db_);
        sqlite3_busy_timeout(db_, 10'000);
        execute(db_,
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
                "CREATE TABLE ledger(id INTEGER PRIMARY KEY, amount INTEGER, total INTEGER,"
                " pad BLOB); CREATE INDEX by_amount ON ledger(amount);");
        execute(db_, "BEGIN");
        for (int i = 0; i < rows; ++i) add();
        execute(db_, "COMMIT");
        if (busy)
            writer_ = std::thread([this] {
                while (!stop_) {
                    execute(db_, "BEGIN IMMEDIATE");
                    for (int i = 0; i < 5; ++i) add();
                    execute(db_, "COMMIT");
                    ++commits_;
                }
            });
    }
    ~LiveDatabase() {
        stop_ = true;
        if (writer_.joinable()) writer_.join();
        sqlite3_close(db_);
    }
    std::uint64_t commits() const { return commits_; }

    // Empty, or which promise a copy breaks.
    static std::string broken(const std::string& path) {
        sqlite3* db = nullptr;
        if (sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READWRITE, nullptr) != SQLITE_OK)
            return "cannot be opened";
        std::string why;
        sqlite3_stmt* s = nullptr;
        sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &s, nullptr);
        if (sqlite3_step(s) != SQLITE_ROW ||
            std::string(reinterpret_cast<const char*>(sqlite3_column_text(s, 0))) != "ok")
            why = "integrity_check";
        sqlite3_finalize(s);
        if (number(db, "SELECT count(*) FROM ledger WHERE id % 5 = 0") * 5 !=
            number(db, "SELECT count(*) FROM ledger"))
            why += " half a transaction";
        if (number(db, "SELECT max(total) FROM ledger") !=
            number(db, "SELECT sum(amount) FROM ledger"))
            why += " totals";
        sqlite3_close(db);
        return why;
    }
    static std::int64_t rows(const std::string& path) {
        sqlite3* db = nullptr;
        sqlite3_open(path.c_str(), &db);
        const auto n = number(db, "SELECT count(*) FROM ledger");
        sqlite3_close(db);
        return n;
    }

private:
    void add() {
        const auto amount = ++last_ * 7919 % 1000;
        total_ += amount;
        execute(db_, "INSERT INTO ledger(amount,total,pad) VALUES(" + std::to_string(amount) + "," +
                         std::to_string(total_) + ",randomblob(300))");
    }
    sqlite3* db_ = nullptr;
    std::int64_t last_ = 0, total_ = 0;
    std::atomic<bool> stop_{false};
    std::atomic<std::uint64_t> commits_{0};
    std::thread writer_;
};

}  // namespace bkt::test
