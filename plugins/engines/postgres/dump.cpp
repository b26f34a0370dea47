#include "plugins/engines/postgres/dump.hpp"

#include "plugins/engines/postgres/parts.hpp"
#include "plugins/engines/postgres/snapshot.hpp"

namespace bkt::postgres {
namespace {

using Options = std::vector<std::string>;

bool in_pieces(const Filter& filter, const DatabasePlan& d, Format format) {
    return format == Format::custom &&
           (d.shares.count() > 1 || !filter.takes_schema() || d.timescale);
}

// Uncompressed, because the pipeline compresses better and with more threads.
Options custom_options(const DatabasePlan& d) {
    Options options = d.left_out;
    options.insert(options.end(), {"--format=custom", "--compress=0"});
    return options;
}

Status dump_part(const Tools& tools, const std::string& database, Options options,
                 const PartOut& part, const Sink& sink) {
    options.push_back("--dbname=" + connection_string(database));
    Exec tool = tools.run("pg_dump", std::move(options));
    BKT_LET(const ExecResult r, tool.out(sink).result());
    if (Status done = succeeded("pg_dump", r); !done)
        return std::move(done).error().within("dumping database '" + database + "'");
    return part.finish(r.exit_code, r.stdout_bytes);
}

Status dump_whole(const Tools& tools, const Filter& filter, const DatabasePlan& d, PartsOut& out) {
    const std::string& database = d.database.name;
    const bool custom = tools.settings().format == Format::custom;
    const bool schema = !filter.takes_rows();
    Options options = custom ? custom_options(d) : d.left_out;
    // A plain dump brings its database with it, as pg_restore --create can do for the other.
    if (!custom) options.insert(options.end(), {"--format=plain", "--create"});
    if (schema) options.emplace_back("--schema-only");
    const PartOut part =
        out.begin(custom && schema ? schema_part(database)
                                   : database_part(database, tools.settings().format));
    BKT_TRY(part.opened());
    return dump_part(tools, database, std::move(options), part, part.sink());
}

// One tool's part of a database in pieces.
struct DumpJob {
    std::string part;
    Options options;
};

// Everything no list names, so that a table nobody thought of is dumped too.
Options rest_options(const DatabasePlan& d) {
    Options options = custom_options(d);
    options.emplace_back("--section=data");
    for (const auto& list : d.shares.lists)
        for (const auto& table : list) options.push_back("--exclude-table-data=" + quoted(table));
    return options;
}

Options listed_options(const std::vector<Relation>& list) {
    Options options{"--format=custom", "--compress=0", "--section=data", "--strict-names"};
    for (const auto& table : list) options.push_back("--table=" + quoted(table));
    return options;
}

std::vector<DumpJob> jobs_of(const Filter& filter, const DatabasePlan& d) {
    const std::string& name = d.database.name;
    std::vector<DumpJob> jobs;
    if (filter.takes_schema()) {
        Options options = custom_options(d);
        options.insert(options.end(), {"--section=pre-data", "--section=post-data"});
        jobs.push_back({schema_part(name), std::move(options)});
    }
    const std::size_t count = d.shares.count();
    jobs.push_back({data_part(name, 1, count), rest_options(d)});
    for (std::size_t i = 0; i < d.shares.lists.size(); ++i)
        jobs.push_back({data_part(name, i + 2, count), listed_options(d.shares.lists[i])});
    return jobs;
}

Status dump_job(const Tools& tools, const std::string& database, const DumpJob& job,
                Snapshot& snapshot, PartsOut& out, const Stop& stop) {
    BKT_LET(const std::string name, snapshot.name(stop));
    Options options = job.options;
    options.push_back("--snapshot=" + name);
    const PartOut part = out.begin(job.part);
    BKT_TRY(part.opened());
    const StoppableSink sink(part.sink(), stop);
    return dump_part(tools, database, std::move(options), part, sink.sink());
}

Status write_timescale(const DatabasePlan& d, PartsOut& out) {
    const std::string text = d.timescale->text();
    const PartOut part = out.begin(timescale_part(d.database.name));
    BKT_TRY(part.opened());
    BKT_TRY(part.sink().write(as_bytes(text)));
    return part.finish();
}

Status dump_pieces(const Tools& tools, const Filter& filter, int version_number,
                   const DatabasePlan& d, PartsOut& out) {
    const auto jobs = jobs_of(filter, d);
    Snapshot snapshot(tools, d.database.name, jobs.size());
    std::vector<Task> tasks;
    tasks.emplace_back(
        [&](const Stop& stop) { return snapshot.keep(filter, d.relations, version_number, stop); });
    for (const auto& job : jobs)
        tasks.emplace_back([&](const Stop& stop) {
            struct LetGo {
                Snapshot& snapshot;
                ~LetGo() { snapshot.let_go(); }
            } const let_go{snapshot};
            return dump_job(tools, d.database.name, job, snapshot, out, stop);
        });
    return run_together(tasks);
}

}  // namespace

Result<DatabasePlan> plan_database(const Tools& tools, const Filter& filter, const Server& server,
                                   const Database& database) {
    DatabasePlan d{database, {}, {}, {}, {}};
    if (server.may_have_timescale) {
        BKT_LET(d.timescale, Timescale::find(tools, database.name));
    }
    if (d.timescale && tools.settings().format == Format::plain)
        return Error{Code::invalid,
                     "database '" + database.name +
                         "' has TimescaleDB, which a plain dump cannot bring back",
                     "set 'db.format' to custom"};
    if (filter.is_whole() && tools.settings().parallel == 1 && !d.timescale) return d;
    BKT_LET(d.relations, Relations::ask(tools, database.name));
    if (d.timescale) BKT_TRY(Timescale::check_left_out(tools, filter, database.name, d.relations));
    BKT_TRY(filter.check_needs(database.name, d.relations));
    BKT_LET(d.left_out, filter.options(d.relations));
    const bool divisible = tools.settings().format == Format::custom && filter.takes_rows();
    if (divisible) d.shares = divide(d.relations, filter, tools.settings().parallel);
    else if (tools.settings().parallel > 1)
        d.shares.why_not = "one process: only a custom dump of rows can be divided";
    return d;
}

Status plan_parts(const Tools& tools, const Filter& filter, const DatabasePlan& d, Plan& plan) {
    const std::string& name = d.database.name;
    const Format format = tools.settings().format;
    if (!d.shares.why_not.empty()) plan.note("database '" + name + "': " + d.shares.why_not);
    if (!in_pieces(filter, d, format)) {
        const bool schema = format == Format::custom && !filter.takes_rows();
        return plan.part(schema ? schema_part(name) : database_part(name, format),
                         format == Format::custom ? kCustomMedia : kPlainMedia,
                         filter.takes_schema() && filter.takes_rows() ? d.database.size_bytes : 0);
    }
    if (d.timescale) {
        BKT_TRY(plan.part(timescale_part(name), kTimescaleMedia));
        plan.note("database '" + name + "' has TimescaleDB " + d.timescale->version +
                  ": it is restored into a server that offers that version");
    }
    if (filter.takes_schema()) BKT_TRY(plan.part(schema_part(name), kCustomMedia));
    const std::size_t count = d.shares.count();
    for (std::size_t i = 1; i <= count; ++i)
        BKT_TRY(plan.part(data_part(name, i, count), kCustomMedia));
    if (count > 1)
        plan.note(
            "database '" + name + "': " + std::to_string(count) +
            " processes share one snapshot; ALTER, DROP and TRUNCATE of its tables wait for them");
    return {};
}

Status dump_globals(const Tools& tools, const Server& server, PartsOut& out) {
    Options options{"--globals-only"};
    if (!server.reads_passwords) options.emplace_back("--no-role-passwords");
    const PartOut part = out.begin(kGlobalsPart);
    BKT_TRY(part.opened());
    const Sink sink = part.sink();
    Exec tool = tools.run("pg_dumpall", std::move(options));
    BKT_LET(const ExecResult r, tool.out(sink).result());
    BKT_TRY(succeeded("pg_dumpall", r));
    return part.finish(r.exit_code, r.stdout_bytes);
}

Status dump_database(const Tools& tools, const Filter& filter, const Server& server,
                     const DatabasePlan& d, PartsOut& out) {
    if (!in_pieces(filter, d, tools.settings().format)) return dump_whole(tools, filter, d, out);
    if (d.timescale) BKT_TRY(write_timescale(d, out));
    return dump_pieces(tools, filter, server.version_number, d, out);
}

}  // namespace bkt::postgres
