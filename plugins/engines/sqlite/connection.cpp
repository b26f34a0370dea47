#include "plugins/engines/sqlite/connection.hpp"

#include <sys/stat.h>
#include <time.h>

#include <algorithm>
#include <cstring>
#include <system_error>

#include "plugins/engines/sqlite/database_file.hpp"

namespace bkt::sqlite {
namespace {

constexpr std::size_t kShownProblems = 3;
constexpr int kProgressInstructions = 100'000;  // how often a long statement asks for a cancel

std::uint64_t now_ns() {
    timespec t{};
    ::clock_gettime(CLOCK_MONOTONIC, &t);
    return std::uint64_t(t.tv_sec) * 1'000'000'000 + std::uint64_t(t.tv_nsec);
}

bool over(const Call& call) {
    return call.cancelled() || (call.deadline_ns() != 0 && now_ns() >= call.deadline_ns());
}

using Statement = std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)>;

bool is_folder(const std::string& path) {
    struct stat st {};
    return ::stat(path.c_str(), &st) == 0 && S_ISDIR(st.st_mode);
}

// SQLite would say "unable to open" to all of these; the operator can act on more.
Status check_file(const std::string& path) {
    struct stat st {};
    if (::stat(path.c_str(), &st) != 0) {
        if (errno == ENOENT && is_folder(path.substr(0, path.rfind('/') + 1)) &&
            ::lstat(path.c_str(), &st) != 0)
            return no_file(path);
        if (errno == ENOENT || errno == ENOTDIR)
            return Error{Code::unavailable, "there is no way to the database file '" + path + "'",
                         "check 'db.name' and that the volume is mounted"};
        return Error{errno == EACCES ? Code::denied : Code::failed,
                     "looking at '" + path + "': " + std::generic_category().message(errno)};
    }
    if (!S_ISREG(st.st_mode))
        return Error{Code::invalid, "'" + path + "' is not a regular file", "check 'db.name'"};
    return {};
}

}  // namespace

Connection::Connection(const Call& call, std::string path)
    : path_(std::move(path)), busy_(std::make_unique<Busy>(Busy{call, 0})) {}

Result<Connection> Connection::open(const Call& call, const std::string& path, Mode mode,
                                    const char* vfs) {
    if (mode != Mode::create) BKT_TRY(check_file(path));
    const int flags = mode == Mode::read_only    ? SQLITE_OPEN_READONLY
                      : mode == Mode::read_write ? SQLITE_OPEN_READWRITE
                                                 : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    Connection connection(call, path);
    sqlite3* raw = nullptr;
    const int rc = sqlite3_open_v2(path.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX, vfs);
    connection.db_.reset(raw);
    if (rc != SQLITE_OK) return connection.error(rc, "opening");
    sqlite3_extended_result_codes(raw, 1);
    // A file from elsewhere may hold triggers and views made to harm whoever opens it.
    sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    if (mode != Mode::create) sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_busy_handler(raw, &wait_busy, connection.busy_.get());
    sqlite3_progress_handler(
        raw, kProgressInstructions,
        [](void* b) { return over(static_cast<Busy*>(b)->call) ? 1 : 0; }, connection.busy_.get());
    return connection;
}

int Connection::wait_busy(void* raw, int attempt) {
    auto* busy = static_cast<Busy*>(raw);
    if (attempt == 0) busy->since_ns = now_ns();
    if (over(busy->call) || now_ns() - busy->since_ns >= kBusyTimeoutNs) return 0;
    const timespec pause{0, std::min(attempt + 1, 50) * 1'000'000L};
    ::nanosleep(&pause, nullptr);
    return 1;
}

Status Connection::run(const char* sql) const {
    const int rc = sqlite3_exec(raw(), sql, nullptr, nullptr, nullptr);
    if (rc != SQLITE_OK) return error(rc, "reading");
    return {};
}

Result<std::vector<std::string>> Connection::column(const char* sql, std::size_t rows_max) const {
    sqlite3_stmt* prepared = nullptr;
    int rc = sqlite3_prepare_v2(raw(), sql, -1, &prepared, nullptr);
    const Statement statement(prepared, &sqlite3_finalize);
    if (rc != SQLITE_OK) return error(rc, "reading");
    std::vector<std::string> rows;
    while (rows.size() < rows_max && (rc = sqlite3_step(prepared)) == SQLITE_ROW) {
        const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(prepared, 0));
        rows.emplace_back(text ? text : "");
    }
    if (rc != SQLITE_DONE && rc != SQLITE_ROW) return error(rc, "reading");
    return rows;
}

Result<std::string> Connection::value(const char* sql) const {
    BKT_LET(auto rows, column(sql, 1));
    if (rows.empty()) return std::string();
    return std::move(rows.front());
}

Error Connection::error(int rc, const std::string& doing) const {
    const Call& call = busy_->call;
    if (call.deadline_ns() != 0 && now_ns() >= call.deadline_ns())
        return {Code::timeout, doing + " '" + path_ + "' did not end in time",
                "raise the job's timeout"};
    if (call.cancelled()) return {Code::cancelled, "cancelled"};
    const std::string said = raw() ? sqlite3_errmsg(raw()) : sqlite3_errstr(rc);
    const std::string message = doing + " '" + path_ + "': " + said;
    switch (rc & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return {Code::unavailable, message,
                    "another process holds a lock: let its transaction end and run again"};
        case SQLITE_NOTADB:
            return {
                Code::corrupt, message,
                "the file is no SQLite database, or an encrypted one, which needs its own tool"};
        case SQLITE_CORRUPT:
            return {Code::corrupt, message,
                    "the database is damaged: try 'sqlite3 FILE .recover' on a copy, or restore a "
                    "backup"};
        case SQLITE_FULL: return {Code::no_space, message, "free space on that filesystem"};
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return {Code::denied, message,
                    "a crashed writer's journal may have to be rolled back: open the database once "
                    "with its application, and check permissions"};
        case SQLITE_CANTOPEN:
            return {
                Code::denied, message,
                "baktainer's user must be able to read the file and to write its '-shm' beside it"};
        case SQLITE_IOERR: return {Code::failed, message, "see the kernel log (dmesg)"};
        default: return {Code::failed, message};
    }
}

Status check_integrity(const Call&, const Connection& db) {
    BKT_LET(const auto rows, db.column("PRAGMA integrity_check(10)", 10));
    if (rows.size() == 1 && rows.front() == "ok") return {};
    std::string said;
    for (std::size_t i = 0; i < std::min(rows.size(), kShownProblems); ++i)
        said += (i ? "; " : "") + rows[i].substr(0, 200);
    return Error{
        Code::corrupt, "integrity_check of '" + db.path() + "' says: " + said,
        "the database is damaged: try 'sqlite3 FILE .recover' on a copy, or restore a backup"};
}

}  // namespace bkt::sqlite
