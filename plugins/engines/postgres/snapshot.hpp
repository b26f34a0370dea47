// snapshot.hpp: one moment of a database, kept open for several dump tools.
//
// A psql exports its transaction's snapshot and stays until it is let go; every pg_dump --snapshot sees that
// moment. It also holds the weakest lock on every table, so that none is altered, dropped or emptied between
// the snapshot and the tool that reads it: TRUNCATE would empty a table even for older snapshots.
// https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-SNAPSHOT-SYNCHRONIZATION
#pragma once

#include <chrono>
#include <condition_variable>

#include "baktainer/together.hpp"
#include "plugins/engines/postgres/filter.hpp"

namespace bkt::postgres {

class Snapshot final {
public:
    // `users`: how many will call let_go().
    Snapshot(const Tools& tools, std::string database, std::size_t users);
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;

    // Keeps it open until everyone let go; fails when it was lost before that. For a thread of its own.
    Status keep(const Filter& filter, const Relations& relations, int server_version_number,
                const Stop& stop);
    // The name for pg_dump. Waits for it.
    Result<std::string> name(const Stop& stop);
    // Once by each user, however it ended.
    void let_go();

private:
    static bkt_rc read(const bkt_source* source, void* into, std::uint64_t cap,
                       std::uint64_t* len) noexcept;
    static bkt_rc write(const bkt_sink* sink, const void* bytes, std::uint64_t len) noexcept;
    bool is_wanted(std::unique_lock<std::mutex>& lock);

    const Tools& tools_;
    const std::string database_;
    const Stop* stop_ = nullptr;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t users_;
    std::chrono::milliseconds pause_{5};  // before its answer
    bool is_over_ = false;                // psql was told to end
    std::string script_;                  // what psql has yet to read
    std::string answer_;                  // what it said so far
};

}  // namespace bkt::postgres
