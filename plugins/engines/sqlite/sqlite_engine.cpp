#include "plugins/engines/sqlite/sqlite_engine.hpp"

#include <algorithm>

#include "plugins/engines/sqlite/beside_files.hpp"
#include "plugins/engines/sqlite/container_files.hpp"
#include "plugins/engines/sqlite/host_files.hpp"
#include "plugins/engines/sqlite/validator.hpp"

namespace bkt::sqlite {
namespace {

bool is_database(const std::string& part) { return part.ends_with(".sqlite"); }

}  // namespace

SqliteEngine::SqliteEngine(Call& call) {
    if (call.config("target.host_files") == "true") way_ = Way::host;
    else if (call.config("mode") == "sidecar") way_ = Way::beside;
}

// Any image may hold an SQLite file and none says so: the label decides, this is but a guess.
Status SqliteEngine::recognise(Call&, const TargetView& target, Recognition& out) {
    if (target.image_family().find("sqlite") != std::string_view::npos)
        out.score(50, "the image's name has 'sqlite' in it");
    out.modes(BKT_MODE_EXEC | BKT_MODE_SIDECAR);
    return {};
}

Result<SqliteEngine::Way> SqliteEngine::way(Call& call) {
    if (!way_) {
        BKT_LET(const bool has_tools, has_container_tools(call));
        way_ = has_tools ? Way::tool : Way::beside;
    }
    return *way_;
}

Status SqliteEngine::plan(Call& call, Plan& plan) {
    BKT_LET(const auto files, parse_files(call.config("db.name")));
    BKT_LET(const Way way, this->way(call));
    if (way == Way::beside && call.config("mode") != "sidecar")
        plan.note("the container has no 'sqlite3' tool");
    const bool safety = Plan::is_safety(call);
    for (const auto& file : files) {
        BKT_LET(const bool is_there, way == Way::host   ? plan_host_file(call, file, plan)
                                     : way == Way::tool ? plan_container_file(call, file, plan)
                                                        : plan_beside_file(call, file, plan));
        if (is_there) continue;
        if (!safety) return no_file(file.path);
        gone_.insert(file.path);
        plan.gone("file '" + file.path + "'");
    }
    if (gone_.size() == files.size()) return {};
    plan.consistency(BKT_CONSISTENCY_TRANSACTIONAL);
    if (files.size() > 1) plan.note("each file is consistent in itself, not with the others");
    return {};
}

Status SqliteEngine::dump(Call& call, PartsOut& out) {
    BKT_LET(const auto files, parse_files(call.config("db.name")));
    BKT_LET(const Way way, this->way(call));
    for (const auto& file : files) {
        if (gone_.contains(file.path)) continue;
        BKT_TRY(way == Way::host   ? dump_host_file(call, file, out)
                : way == Way::tool ? dump_container_file(call, file, out)
                                   : dump_beside_file(call, file, out));
    }
    return {};
}

Result<std::string> SqliteEngine::destination_of(Call& call, const std::string& part,
                                                 std::size_t parts) const {
    if (const std::string path = call.config("restore.database"); !path.empty()) {
        BKT_TRY(check_path(path));
        if (parts > 1)
            return Error{Code::invalid,
                         "several databases cannot all be restored to '" + path + "'",
                         "restore one part at a time"};
        return path;
    }
    BKT_LET(const auto files, parse_files(call.config("db.name")));
    for (const auto& file : files)
        if (file.part == part) return file.path;
    return Error{Code::not_found, "no path of 'db.name' belongs to part '" + part + "'",
                 "say where it should go with --database /absolute/path"};
}

Status SqliteEngine::restore(Call& call, PartsIn& in) {
    const bool clean = call.config("restore.clean") == "true";
    BKT_LET(const Way way, this->way(call));
    auto parts = in.names();
    std::erase_if(parts, [](const std::string& p) { return !is_database(p); });
    // All destinations first: half a restore helps nobody.
    std::vector<std::string> paths;
    for (const auto& part : parts) {
        BKT_LET(std::string path, destination_of(call, part, parts.size()));
        paths.push_back(std::move(path));
    }
    for (std::size_t i = 0; i < parts.size(); ++i) {
        BKT_LET(const Source source, in.open(parts[i]));
        Status done = way == Way::host   ? restore_host_file(call, source, paths[i], clean)
                      : way == Way::tool ? restore_container_file(call, source, paths[i], clean)
                                         : restore_beside_file(call, source, paths[i], clean);
        if (!done) return std::move(done).error();
        call.log_info("restored '" + parts[i] + "' to '" + paths[i] + "'");
    }
    return {};
}

Result<std::unique_ptr<Tap>> SqliteEngine::validator(Call& call, std::string_view name,
                                                     std::string_view media_type, bool deep) {
    if (media_type != kMediaType && !is_database(std::string(name)))
        return Error{Code::unsupported,
                     "part '" + std::string(name) + "' is none of this engine's"};
    if (!deep) return header_tap();
    BKT_LET(const std::string dir, call.temp_dir());
    return integrity_tap(dir + "/check-" + std::to_string(spools_++) + ".sqlite");
}

Result<std::string> SqliteEngine::recipe(Call& call, const std::vector<std::string>& parts) {
    const auto files = parse_files(call.config("db.name"));
    std::string text;
    for (const auto& part : parts) {
        if (!is_database(part)) continue;
        std::string path;
        if (files)
            for (const auto& file : *files)
                if (file.part == part) path = file.path;
        if (path.empty()) path = "/absolute/path/of/the/database";
        const std::string from = shell_quoted(part), to = shell_quoted(path);
        text +=
            "# The answer must be 'ok':\n"
            "sqlite3 " +
            from +
            " 'PRAGMA integrity_check;'\n"
            "# With its application stopped, put it in place of the old database and its "
            "journals:\n"
            "rm -f " +
            to + " " + shell_quoted(path + "-wal") + " " + shell_quoted(path + "-shm") + " " +
            shell_quoted(path + "-journal") +
            "\n"
            "cp " +
            from + " " + to + "\n";
    }
    return text;
}

}  // namespace bkt::sqlite
