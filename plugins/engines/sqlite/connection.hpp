// connection.hpp: an open database and the few things we ask of it, with SQLite's codes as ours.
#pragma once

#include <sqlite3.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "baktainer/call.hpp"

namespace bkt::sqlite {

// How long somebody else's lock is waited for.
inline constexpr std::uint64_t kBusyTimeoutNs = 30'000'000'000;

class Connection final {  // One thread.
public:
    enum class Mode { read_only, read_write, create };

    // `create` refuses an existing file no more than SQLite does; the others never make one. `vfs`: what SQLite
    // sees files through, nullptr = its own.
    static Result<Connection> open(const Call& call, const std::string& path, Mode mode,
                                   const char* vfs = nullptr);

    sqlite3* raw() const { return db_.get(); }
    const std::string& path() const { return path_; }

    Status run(const char* sql) const;
    // First column of every row, `rows_max` at most; NULL as "".
    Result<std::vector<std::string>> column(const char* sql, std::size_t rows_max) const;
    Result<std::string> value(const char* sql) const;

    // What result code `rc` of an action on this database means.
    Error error(int rc, const std::string& doing) const;

private:
    struct Busy {
        Call call;
        std::uint64_t since_ns = 0;
    };
    static int wait_busy(void* busy, int attempt);

    explicit Connection(const Call& call, std::string path);

    std::string path_;
    std::unique_ptr<Busy> busy_;
    std::unique_ptr<sqlite3, int (*)(sqlite3*)> db_{nullptr, &sqlite3_close_v2};
};

// Runs integrity_check; Code::corrupt with the first lines it says.
Status check_integrity(const Call& call, const Connection& db);

}  // namespace bkt::sqlite
