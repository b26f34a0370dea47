#include "core/plugin/kv_store.hpp"

#include <fcntl.h>
#include <sqlite3.h>

#include <filesystem>

#include "baktainer/unique_fd.hpp"
#include "core/base/statement.hpp"

namespace bkt::plugin {

namespace {

constexpr int kBusyMs = 5000;

Status check(std::string_view key, std::string_view value) {
    if (key.empty() || key.size() > kMaxKvKeyBytes)
        return Error{Code::invalid, "a key of the plugin's state has not 1-200 bytes"};
    if (value.size() > kMaxKvValueBytes)
        return Error{Code::invalid, "a value of the plugin's state is larger than 64 KiB"};
    return {};
}

}  // namespace

KvStore::~KvStore() = default;

void KvStore::Close::operator()(sqlite3* db) const { sqlite3_close(db); }

Error KvStore::failed(int rc) const {
    const Code code = rc == SQLITE_FULL                             ? Code::no_space
                      : rc == SQLITE_BUSY || rc == SQLITE_LOCKED    ? Code::unavailable
                      : rc == SQLITE_CORRUPT || rc == SQLITE_NOTADB ? Code::corrupt
                                                                    : Code::denied;
    return {code, "the plugins' state '" + path_ + "': " + sqlite3_errstr(rc),
            code == Code::corrupt ? "move the file away: plugins start anew without it"
                                  : "check permissions and space of state_dir"};
}

Status KvStore::open() {
    if (db_) return {};
    std::error_code ec;
    std::filesystem::create_directories(std::filesystem::path(path_).parent_path(), ec);
    // What plugins keep is nobody else's business; SQLite gives its side files the same mode.
    UniqueFd(::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    sqlite3* raw = nullptr;
    int rc = sqlite3_open(path_.c_str(), &raw);
    std::unique_ptr<sqlite3, Close> db(raw);
    if (rc == SQLITE_OK) {
        sqlite3_busy_timeout(raw, kBusyMs);
        rc = sqlite3_exec(raw,
                          "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                          "CREATE TABLE IF NOT EXISTS kv(owner TEXT NOT NULL, key TEXT NOT NULL,"
                          " value TEXT NOT NULL, PRIMARY KEY(owner, key)) WITHOUT ROWID",
                          nullptr, nullptr, nullptr);
    }
    if (rc != SQLITE_OK) return failed(rc);
    db_ = std::move(db);
    return {};
}

template <class Body>
Status KvStore::transaction(Body&& body) {
    const std::lock_guard lock(mutex_);
    BKT_TRY(open());
    const auto run = [&](const char* sql) -> Status {
        const int rc = sqlite3_exec(db_.get(), sql, nullptr, nullptr, nullptr);
        if (rc != SQLITE_OK) return failed(rc);
        return {};
    };
    BKT_TRY(run("BEGIN IMMEDIATE"));
    Status done = body();
    if (done) done = run("COMMIT");
    if (!done) (void)run("ROLLBACK");
    return done;
}

Result<std::optional<std::string>> KvStore::read(const std::string& owner, std::string_view key) {
    base::Statement s(db_.get(), "SELECT value FROM kv WHERE owner=? AND key=?");
    const int rc = s.bind(owner).bind(std::string(key)).step();
    if (rc == SQLITE_ROW) return std::optional(s.text(0));
    if (rc != SQLITE_DONE) return failed(rc);
    return std::optional<std::string>();
}

Status KvStore::write(const std::string& owner, std::string_view key, std::string_view value) {
    base::Statement count(db_.get(), "SELECT count(*) FROM kv WHERE owner=? AND key<>?");
    if (const int rc = count.bind(owner).bind(std::string(key)).step(); rc != SQLITE_ROW)
        return failed(rc);
    if (count.number(0) >= kMaxKvKeys)
        return Error{Code::no_space, "the plugin keeps 1000 keys already"};
    base::Statement s(db_.get(), "INSERT OR REPLACE INTO kv(owner, key, value) VALUES(?, ?, ?)");
    const int rc = s.bind(owner).bind(std::string(key)).bind(std::string(value)).step();
    if (rc != SQLITE_DONE) return failed(rc);
    return {};
}

Result<std::optional<std::string>> KvStore::get(const std::string& owner, std::string_view key) {
    BKT_TRY(check(key, {}));
    const std::lock_guard lock(mutex_);
    BKT_TRY(open());
    return read(owner, key);
}

Status KvStore::put(const std::string& owner, std::string_view key, std::string_view value) {
    BKT_TRY(check(key, value));
    return transaction([&] { return write(owner, key, value); });
}

Status KvStore::swap(const std::string& owner, std::string_view key,
                     std::optional<std::string_view> expected, std::string_view value) {
    BKT_TRY(check(key, value));
    return transaction([&]() -> Status {
        BKT_LET(const auto present, read(owner, key));
        if (present != expected)
            return Error{Code::conflict, "somebody else changed the plugin's state"};
        return write(owner, key, value);
    });
}

Status KvStore::remove(const std::string& owner, std::string_view key) {
    BKT_TRY(check(key, {}));
    return transaction([&]() -> Status {
        base::Statement s(db_.get(), "DELETE FROM kv WHERE owner=? AND key=?");
        const int rc = s.bind(owner).bind(std::string(key)).step();
        if (rc != SQLITE_DONE) return failed(rc);
        return {};
    });
}

}  // namespace bkt::plugin
