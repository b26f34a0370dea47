// late_keys.hpp: the section post-data of a database with TimescaleDB as SQL, divided in what is played while it is
// told of the restore and what only after.
//
// A foreign key that refers to a hypertable cannot be made meanwhile: its rows are in chunks, where the server looks
// for none until the restore is over. TimescaleDB 2.31's own instructions end with an error there.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "baktainer/result.hpp"

namespace bkt::postgres {

struct LateKeys {
    std::string now, after;

    // `script` and `list`: what pg_restore --section=post-data wrote with --file=- and with --list. `hypertables`:
    // "schema.name" as SQL writes them. Code::unsupported when the script has not as many headings as the list has
    // entries: then a text in it reads like one, and what is played must not be cut where its author wished.
    static Result<LateKeys> divide(std::string_view script, std::string_view list,
                                   const std::vector<std::string>& hypertables);
};

}  // namespace bkt::postgres
