// late_keys.hpp: the section post-data of a database with TimescaleDB as SQL, divided in what is played while it is
// told of the restore and what only after.
//
// A foreign key that refers to a hypertable cannot be made meanwhile: its rows are in chunks, where the server looks
// for none until the restore is over. TimescaleDB 2.31's own instructions end with an error there.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bkt::postgres {

struct LateKeys {
    std::string now, after;

    // `script`: what pg_restore --section=post-data --file=- wrote. `hypertables`: "schema.name" as SQL writes them.
    static LateKeys divide(std::string_view script, const std::vector<std::string>& hypertables);
};

}  // namespace bkt::postgres
