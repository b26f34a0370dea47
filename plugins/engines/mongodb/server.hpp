// server.hpp: what a server says of itself and its collections, where there is a shell to ask with.
#pragma once

#include <map>
#include <optional>
#include <set>

#include "plugins/engines/mongodb/archive_tap.hpp"
#include "plugins/engines/mongodb/tools.hpp"

namespace bkt::mongodb {

struct Server {
    std::string version;
    std::string replica_set;                         // empty = none, so no oplog
    std::map<std::string, std::uint64_t> databases;  // their bytes on disk
    bool sees_all = false;  // for sure, no database is hidden from this user
    Counts counts;          // of plain collections, as the server estimates them
    // Documents the server has deleted since it started, by hand or by age; nullopt = it does not say.
    std::optional<std::uint64_t> deleted;

    // nullopt: there is no shell, so nothing can be asked.
    static Result<std::optional<Server>> ask(const Tools& tools);
};

bool is_system_database(std::string_view name);

// The collections of which the archive holds fewer documents than it must: those that were there before the
// dump and after it can have lost no more than the server deleted meanwhile, so
//     archive >= min(before, after) - deleted.
// Concurrent inserts can only add. Code::truncated names one; what is estimated is counted exactly first, by
// `count`. Where the server does not tell its deletes nothing is certain: then the answer is a warning.
Status compare_counts(const Server& before, const Server& after, const Counts& archive,
                      const std::function<Result<std::uint64_t>(const Namespace&)>& count,
                      const std::function<bool(const Namespace&)>& is_chosen, std::string& warning);

Result<std::uint64_t> exact_count(const Tools& tools, const Namespace& name);
// Code::unsupported without a shell.
Status drop_database(const Tools& tools, const std::string& database);

// What the databases hold, by the beginning of what mongodump would write: needs no shell. `options`: of which.
Result<std::set<Namespace>> existing(const Tools& tools, std::vector<std::string> options);

}  // namespace bkt::mongodb
