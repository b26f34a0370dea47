// catalog/catalog.hpp: a quick answer to "which backups are there": a SQLite cache of the manifests in
// the stores. The stores are the truth; deleting this file loses nothing that `catalog rescan` does not
// bring back, except when a backup was last verified.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/archive/manifest.hpp"

struct sqlite3;

namespace bkt::catalog {

struct Entry {
    std::string id, store, folder, target, job, engine;
    std::string created;  // RFC 3339
    std::uint64_t plain_bytes = 0, stored_bytes = 0;
    std::vector<std::string> parts;
    std::string verified_at;     // RFC 3339, "" = never
    std::string verify_outcome;  // "ok" or what was wrong
    bool operator==(const Entry&) const = default;
};

Entry entry_of(const archive::Manifest& manifest, const std::string& store);

struct Filter {
    std::string target, store;
    std::string since;  // RFC 3339, "" = all
};

// One thread at a time; several processes may have it open.
class Catalog final {
public:
    // Makes file and folder when missing. A damaged file is set aside (".damaged") and begun anew.
    static Result<Catalog> open(const std::string& path);

    // True when the file was just made, so that the caller fills it from the stores.
    bool fresh() const { return fresh_; }
    Status put(const Entry& entry);  // keeps what is known of verification
    // Makes the entries of `store` exactly these, keeping what is known of verification.
    Status replace_store(const std::string& store, const std::vector<Entry>& entries);
    Status mark_verified(const std::string& id, const std::string& store, const std::string& at,
                         const std::string& outcome);
    // Oldest first.
    Result<std::vector<Entry>> list(const Filter& filter) const;
    // The entries (one a store) of the backup whose id starts with `prefix`, or of the newest backup of
    // the target or job ("target.job") of that name. Code::not_found; Code::invalid when several ids start so.
    Result<std::vector<Entry>> find(const std::string& prefix_or_target) const;

private:
    struct Close {
        void operator()(sqlite3* db) const;
    };
    Catalog(std::unique_ptr<sqlite3, Close> db, bool fresh) : db_(std::move(db)), fresh_(fresh) {}

    std::unique_ptr<sqlite3, Close> db_;
    bool fresh_;
};

}  // namespace bkt::catalog
