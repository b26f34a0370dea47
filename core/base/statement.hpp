// base/statement.hpp: one prepared SQLite statement. Only those who link SQLite include it.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <string>

namespace bkt::base {

// SQL is always a constant of ours; values are bound. A statement that did not compile answers every
// step with the reason's code.
class Statement final {
public:
    Statement(sqlite3* db, const char* sql) {
        compiled_ = sqlite3_prepare_v2(db, sql, -1, &s_, nullptr);
    }
    ~Statement() { sqlite3_finalize(s_); }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    Statement& bind(const std::string& text) {
        sqlite3_bind_text(s_, ++bound_, text.data(), static_cast<int>(text.size()),
                          SQLITE_TRANSIENT);
        return *this;
    }
    Statement& bind(std::int64_t number) {
        sqlite3_bind_int64(s_, ++bound_, number);
        return *this;
    }
    int step() { return compiled_ == SQLITE_OK ? sqlite3_step(s_) : compiled_; }
    std::string text(int column) {
        const auto* p = reinterpret_cast<const char*>(sqlite3_column_text(s_, column));
        return p ? std::string(p, static_cast<std::size_t>(sqlite3_column_bytes(s_, column)))
                 : std::string();
    }
    std::int64_t number(int column) { return sqlite3_column_int64(s_, column); }

private:
    sqlite3_stmt* s_ = nullptr;
    int compiled_ = SQLITE_OK;
    int bound_ = 0;
};

}  // namespace bkt::base
