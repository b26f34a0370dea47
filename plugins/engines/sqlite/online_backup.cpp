#include "plugins/engines/sqlite/online_backup.hpp"

#include <algorithm>

namespace bkt::sqlite {
namespace {

constexpr int kPagesPerStep = 2048;  // 8 MiB of the usual pages between two looks at the cancel
constexpr int kRetryMs = 50;

using Backup = std::unique_ptr<sqlite3_backup, int (*)(sqlite3_backup*)>;

// `pages_per_step` -1 = all at once: a step that ends gives up the lock on what it read, and a live
// destination must not be seen half-written.
Status copy_pages(const Call& call, const Connection& from, const Connection& to,
                  int pages_per_step) {
    Backup backup(sqlite3_backup_init(to.raw(), "main", from.raw(), "main"),
                  &sqlite3_backup_finish);
    if (!backup) return to.error(sqlite3_errcode(to.raw()), "writing");
    std::uint64_t waited_ms = 0;
    for (;;) {
        const int rc = sqlite3_backup_step(backup.get(), pages_per_step);
        const auto total = static_cast<std::uint64_t>(sqlite3_backup_pagecount(backup.get()));
        const auto left = static_cast<std::uint64_t>(sqlite3_backup_remaining(backup.get()));
        call.progress(total - left, total, "copying");
        if (rc == SQLITE_DONE) break;  // committed: too late for a cancel
        if (call.cancelled()) return Error{Code::cancelled, "cancelled"};
        if (rc == SQLITE_BUSY || rc == SQLITE_LOCKED) {
            if (waited_ms * 1'000'000 >= kBusyTimeoutNs) return to.error(rc, "writing");
            BKT_TRY(call.sleep_ms(kRetryMs));
            waited_ms += kRetryMs;
        } else if (rc != SQLITE_OK) {
            return to.error(rc, "copying '" + from.path() + "' to");
        }
    }
    const int rc = sqlite3_backup_finish(backup.release());
    if (rc != SQLITE_OK) return to.error(rc, "writing");
    return {};
}

}  // namespace

Result<Snapshot> copy_out_through(const Call& call, const std::string& from, const std::string& to,
                                  const char* vfs) {
    BKT_LET(const Connection source, Connection::open(call, from, Connection::Mode::read_only));
    BKT_TRY(source.run("BEGIN"));
    // BEGIN alone is lazy; the first read takes the snapshot that the backup then stays in.
    BKT_TRY(source.run("SELECT count(*) FROM sqlite_schema"));
    Snapshot snapshot;
    BKT_LET(snapshot.journal_mode, source.value("PRAGMA journal_mode"));
    BKT_LET(snapshot.user_version, source.value("PRAGMA user_version"));
    BKT_LET(snapshot.page_size, source.value("PRAGMA page_size"));
    BKT_LET(snapshot.page_count, source.value("PRAGMA page_count"));
    snapshot.sqlite_version = sqlite3_libversion();
    BKT_LET(const Connection copy, Connection::open(call, to, Connection::Mode::create, vfs));
    // The copy is ours alone until it is whole: durability is the store's business.
    BKT_TRY(copy.run("PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF"));
    BKT_TRY(copy_pages(call, source, copy, kPagesPerStep));
    return snapshot;
}

Result<Snapshot> copy_out(const Call& call, const std::string& from, const std::string& to) {
    BKT_LET(const Snapshot snapshot, copy_out_through(call, from, to, nullptr));
    BKT_LET(const Connection copy, Connection::open(call, to, Connection::Mode::read_only));
    BKT_TRY(check_integrity(call, copy));
    return snapshot;
}

Status copy_over(const Call& call, const std::string& from, const std::string& to) {
    BKT_LET(const Connection source, Connection::open(call, from, Connection::Mode::read_only));
    BKT_LET(const Connection target, Connection::open(call, to, Connection::Mode::read_write));
    return copy_pages(call, source, target, -1);
}

}  // namespace bkt::sqlite
