// dump_filter.hpp: a database's dump on its way into a client: without the sandbox line, and, where it goes
// to a database of another name, with that name instead of its own.
//
// Clients before mid-2024, and MySQL's, take MariaDB's first line for a command they do not know and stop;
// those that know it are told the same by an option. Rows and definitions never name their own database;
// three kinds of statements do, each at the start of a line: CREATE DATABASE, USE (again before the views) and
// ALTER DATABASE. Two more may name it: a trigger keeps the words it was made with, and would be made in the
// original; a default or view that draws from a sequence of MariaDB's would go on with the original's. Both are
// refused.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "baktainer/stream.hpp"

namespace bkt::mysql {

class DumpFilter final {
public:
    // Both names as they are; equal = nothing is renamed.
    DumpFilter(const Source& from, const std::string& original, const std::string& wanted);
    DumpFilter(const DumpFilter&) = delete;
    DumpFilter& operator=(const DumpFilter&) = delete;

    // What the client reads, as a source that lives as long as this. It fails for a dump that does not make
    // and enter its database (unsupported), or another than `original` (corrupt).
    Source source() const { return Source(&raw_); }
    // Why, once it has failed by itself.
    const std::optional<Error>& failed() const { return failed_; }

private:
    static bkt_rc read(const bkt_source* source, void* into, std::uint64_t cap,
                       std::uint64_t* len) noexcept;
    Status pass_prelude();
    Status prelude_line(std::string_view line);
    Status pass_more();
    Status rename_in(std::string_view text);
    Status check_names(std::string_view line) const;

    Source from_;
    std::string original_, wanted_;  // as SQL identifiers
    std::string plain_;              // the original as it is
    struct Renamed {
        std::string from, to;
    };
    std::array<Renamed, 2> renamed_;  // how a line behind the prelude begins, and shall
    std::string ready_;               // filtered and not yet given
    std::size_t given_ = 0;           // of it
    std::string held_;                // the start of a line, too short yet to be judged
    std::optional<Error> failed_;
    bool in_prelude_ = true, at_line_start_ = true, made_ = false, ended_ = false;
    bkt_source raw_{};
};

}  // namespace bkt::mysql
