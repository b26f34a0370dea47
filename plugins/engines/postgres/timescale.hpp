// timescale.hpp: a database that TimescaleDB keeps tables of.
//
// It is restored between timescaledb_pre_restore() and timescaledb_post_restore(), into the version of the extension
// it was dumped from: its catalogue tables are of that version. So version and schema travel with the dump, in a part
// of their own which psql can play as it is.
// https://www.tigerdata.com/docs/self-hosted/latest/backup-and-restore/logical-backup
#pragma once

#include <memory>
#include <optional>

#include "baktainer/stream.hpp"
#include "plugins/engines/postgres/filter.hpp"

namespace bkt::postgres {

struct Timescale {
    std::string version;
    std::string schema = "public";  // of the extension; almost always this one
    bool operator==(const Timescale&) const = default;

    // nullopt: the database has none.
    static Result<std::optional<Timescale>> find(const Tools& tools, const std::string& database);
    // Code::invalid when the job leaves out what the catalogue tables would still name.
    static Status check_left_out(const Tools& tools, const Filter& filter,
                                 const std::string& database, const Relations& relations);

    // The part's text, and what such a text says. Code::corrupt for any other.
    std::string text() const;
    static Result<Timescale> parse(std::string_view text);

    // Code::unsupported unless the server can make the extension in just this version. Changes nothing.
    Status check_offered(const Tools& tools, const std::string& database) const;
    // Makes it where it is to be there before its tables: in a schema that every database has.
    bool is_made_first() const { return schema == "public"; }
    Status make(const Tools& tools, const std::string& database) const;
    Status pre_restore(const Tools& tools, const std::string& database) const;
    Status post_restore(const Tools& tools, const std::string& database) const;
    // "schema.name" as SQL writes them.
    static Result<std::vector<std::string>> hypertables(const Tools& tools,
                                                        const std::string& database);
};

// Whole is what parse() reads.
std::unique_ptr<Tap> timescale_tap();

}  // namespace bkt::postgres
