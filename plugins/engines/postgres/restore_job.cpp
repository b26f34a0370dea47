#include "plugins/engines/postgres/restore_job.hpp"

#include <algorithm>

namespace bkt::postgres {
namespace {

// A part of a piece that was left behind would be a database that lacks rows.
Status check_complete(const RestoreJob& job) {
    if (job.timescale_from && (!job.schema || job.rows.empty()))
        return Error{Code::not_found,
                     "TimescaleDB of '" + job.database + "' is restored with all of its parts only",
                     "restore all parts of the database"};
    if (job.rows.empty()) return {};
    const std::size_t count = job.rows.front().count;
    for (std::size_t n = 1; n <= count; ++n)
        if (std::none_of(job.rows.begin(), job.rows.end(),
                         [&](const DatabasePart& p) { return p.number == n && p.count == count; }))
            return Error{Code::not_found,
                         "part '" + data_part(job.database, n, count) +
                             "' is missing: the rows of '" + job.database + "' are in " +
                             std::to_string(count) + " parts",
                         "restore all parts of the database"};
    return {};
}

}  // namespace

Result<std::vector<RestoreJob>> jobs_of(const std::vector<std::string>& parts,
                                        const std::string& elsewhere) {
    if (!elsewhere.empty()) BKT_TRY(check_name("restore.database", elsewhere));
    std::vector<RestoreJob> jobs;
    for (const auto& name : parts) {
        if (name == kGlobalsPart) continue;
        auto part = parse_database_part(name);
        if (!part) return Error{Code::unsupported, "part '" + name + "' is none of this engine's"};
        const auto same = [&](const RestoreJob& job) { return job.database == part->database; };
        auto job = std::find_if(jobs.begin(), jobs.end(), same);
        if (job == jobs.end()) {
            job = jobs.insert(job, RestoreJob{});
            job->database = part->database;
            job->name = elsewhere.empty() ? part->database : elsewhere;
        }
        if (part->piece == Piece::whole) job->whole = *std::move(part);
        else if (part->piece == Piece::schema) job->schema = *std::move(part);
        else if (part->piece == Piece::timescale) job->timescale_from = *std::move(part);
        else job->rows.push_back(*std::move(part));
    }
    if (!elsewhere.empty() && jobs.size() > 1)
        return Error{Code::invalid,
                     "several databases cannot all be restored to '" + elsewhere + "'",
                     "restore one at a time"};
    for (const auto& job : jobs) BKT_TRY(check_complete(job));
    return jobs;
}

}  // namespace bkt::postgres
