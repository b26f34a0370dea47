#include "core/catalog/catalog.hpp"

#include <sqlite3.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "core/base/statement.hpp"
#include "core/config/split.hpp"

namespace bkt::catalog {

using base::Statement;

namespace {

constexpr int kBusyMs = 10'000;
constexpr const char* kSchema =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
    "CREATE TABLE IF NOT EXISTS backup("
    " id TEXT NOT NULL, store TEXT NOT NULL, folder TEXT NOT NULL, target TEXT NOT NULL,"
    " job TEXT NOT NULL, engine TEXT NOT NULL, created TEXT NOT NULL, plain_bytes INTEGER NOT NULL,"
    " stored_bytes INTEGER NOT NULL, parts TEXT NOT NULL, verified_at TEXT NOT NULL DEFAULT '',"
    " verify_outcome TEXT NOT NULL DEFAULT '', PRIMARY KEY(id, store));"
    "CREATE INDEX IF NOT EXISTS backup_by_target ON backup(target, created);";

Error failure(sqlite3* db, const char* what) {
    return {Code::failed, std::string("the catalogue cannot ") + what + ": " + sqlite3_errmsg(db),
            "check space and permissions of state_dir; the catalogue can be deleted, it is rebuilt "
            "from the stores"};
}

Entry entry_from(Statement& s) {
    Entry e{s.text(0),
            s.text(1),
            s.text(2),
            s.text(3),
            s.text(4),
            s.text(5),
            s.text(6),
            static_cast<std::uint64_t>(s.number(7)),
            static_cast<std::uint64_t>(s.number(8)),
            {},
            s.text(10),
            s.text(11)};
    e.parts = config::split(s.text(9), '\n');
    return e;
}

Status insert(sqlite3* db, const Entry& e) {
    std::string parts;
    for (const auto& part : e.parts) parts += part + "\n";
    Statement s(
        db,
        "INSERT INTO "
        "backup(id,store,folder,target,job,engine,created,plain_bytes,stored_bytes,parts)"
        " VALUES(?,?,?,?,?,?,?,?,?,?) ON CONFLICT(id,store) DO UPDATE SET folder=excluded.folder,"
        " target=excluded.target, job=excluded.job, engine=excluded.engine,"
        " created=excluded.created, plain_bytes=excluded.plain_bytes,"
        " stored_bytes=excluded.stored_bytes, parts=excluded.parts");
    s.bind(e.id).bind(e.store).bind(e.folder).bind(e.target).bind(e.job).bind(e.engine).bind(
        e.created);
    s.bind(static_cast<std::int64_t>(e.plain_bytes))
        .bind(static_cast<std::int64_t>(e.stored_bytes))
        .bind(parts);
    if (s.step() != SQLITE_DONE) return failure(db, "be written");
    return {};
}

Status execute(sqlite3* db, const char* sql, const char* what) {
    if (sqlite3_exec(db, sql, nullptr, nullptr, nullptr) != SQLITE_OK) return failure(db, what);
    return {};
}

Result<std::vector<Entry>> rows(sqlite3* db, Statement& s) {
    std::vector<Entry> found;
    int rc = SQLITE_OK;
    while ((rc = s.step()) == SQLITE_ROW) found.push_back(entry_from(s));
    if (rc != SQLITE_DONE) return failure(db, "be read");
    return found;
}

#define BKT_COLUMNS                                                                                \
    "id,store,folder,target,job,engine,created,plain_bytes,stored_bytes,parts,verified_at,verify_" \
    "outcome"

}  // namespace

Entry entry_of(const archive::Manifest& m, const std::string& store) {
    Entry e{m.id,
            store,
            m.folder(),
            m.target.name,
            m.job,
            m.engine,
            base::rfc3339(m.created),
            m.plain_bytes(),
            m.stored_bytes(),
            {},
            {},
            {}};
    for (const auto& part : m.parts) e.parts.push_back(part.name);
    return e;
}

void Catalog::Close::operator()(sqlite3* db) const { sqlite3_close(db); }

Result<Catalog> Catalog::open(const std::string& path) {
    namespace fs = std::filesystem;
    std::error_code ec;
    fs::create_directories(fs::path(path).parent_path(), ec);
    if (ec)
        return Error{Code::denied,
                     "cannot make '" + fs::path(path).parent_path().string() + "': " + ec.message(),
                     "set state_dir to a folder you may write to"};
    const bool fresh = !fs::exists(path, ec);
    for (int attempt = 0;; ++attempt) {
        sqlite3* raw = nullptr;
        const mode_t before =
            ::umask(0077);  // ids and names of databases are nobody else's business
        const int rc = sqlite3_open_v2(
            path.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX,
            nullptr);
        std::unique_ptr<sqlite3, Close> db(raw);
        if (rc == SQLITE_OK) sqlite3_busy_timeout(raw, kBusyMs);
        const int made =
            rc == SQLITE_OK ? sqlite3_exec(raw, kSchema, nullptr, nullptr, nullptr) : rc;
        ::umask(before);
        if (made == SQLITE_OK) return Catalog(std::move(db), fresh || attempt > 0);
        if (attempt > 0 || (made != SQLITE_NOTADB && made != SQLITE_CORRUPT))
            return failure(raw, "be opened");
        db.reset();
        fs::rename(path, path + ".damaged", ec);
        for (const char* tail : {"-wal", "-shm"}) fs::remove(path + tail, ec);
    }
}

Status Catalog::put(const Entry& entry) { return insert(db_.get(), entry); }

Status Catalog::replace_store(const std::string& store, const std::vector<Entry>& entries) {
    BKT_TRY(execute(db_.get(), "BEGIN IMMEDIATE", "be locked"));
    const auto all = [&]() -> Status {
        std::set<std::string> there;
        for (const auto& entry : entries) {
            BKT_TRY(insert(db_.get(), entry));
            there.insert(entry.id);
        }
        BKT_LET(const auto known, list({"", store, ""}));
        for (const auto& entry : known) {
            if (there.count(entry.id)) continue;
            Statement s(db_.get(), "DELETE FROM backup WHERE id=? AND store=?");
            s.bind(entry.id).bind(store);
            if (s.step() != SQLITE_DONE) return failure(db_.get(), "be written");
        }
        return execute(db_.get(), "COMMIT", "be written");
    };
    auto done = all();
    if (!done) sqlite3_exec(db_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
    return done;
}

Status Catalog::mark_verified(const std::string& id, const std::string& store,
                              const std::string& at, const std::string& outcome) {
    Statement s(db_.get(),
                "UPDATE backup SET verified_at=?, verify_outcome=? WHERE id=? AND store=?");
    s.bind(at).bind(outcome).bind(id).bind(store);
    if (s.step() != SQLITE_DONE) return failure(db_.get(), "be written");
    return {};
}

Result<std::vector<Entry>> Catalog::list(const Filter& f) const {
    Statement s(db_.get(), "SELECT " BKT_COLUMNS
                           " FROM backup WHERE (?1='' OR target=?1) AND"
                           " (?2='' OR store=?2) AND created>=?3 ORDER BY created, rowid");
    s.bind(f.target).bind(f.store).bind(f.since);
    return rows(db_.get(), s);
}

// Of one second, the one that was noted last is the newest.
#define BKT_NEWEST(WHERE)                                                             \
    "SELECT " BKT_COLUMNS " FROM backup WHERE id=(SELECT id FROM backup WHERE " WHERE \
    " ORDER BY created DESC, rowid DESC LIMIT 1) ORDER BY store"

Result<std::vector<Entry>> Catalog::find(const std::string& what) const {
    Statement by_id(
        db_.get(),
        "SELECT " BKT_COLUMNS
        " FROM backup WHERE substr(id,1,length(?1))=?1 AND length(?1)>=4 ORDER BY id, store");
    by_id.bind(what);
    BKT_LET(auto found, rows(db_.get(), by_id));
    if (!found.empty()) {
        if (found.front().id != found.back().id)
            return Error{Code::invalid,
                         "several backups have an id that starts with '" + what + "'",
                         "give more of it"};
        return found;
    }
    // A target may be named as another target's job is called: the target is meant.
    for (const char* sql : {BKT_NEWEST("target=?1"), BKT_NEWEST("target||'.'||job=?1")}) {
        Statement newest(db_.get(), sql);
        newest.bind(what);
        BKT_LET(found, rows(db_.get(), newest));
        if (!found.empty()) return found;
    }
    return Error{Code::not_found, "no backup '" + what + "'",
                 "list them with `baktainer backups`; `baktainer catalog rescan` looks into "
                 "the stores again"};
}

}  // namespace bkt::catalog
