#include "plugins/engines/custom/custom_engine.hpp"

#include "plugins/engines/custom/checked_dump.hpp"
#include "plugins/engines/custom/end_marker.hpp"
#include "plugins/engines/custom/settings.hpp"

namespace bkt::custom {
namespace {

constexpr std::string_view kPart = "dump";
constexpr std::string_view kMedia = "application/octet-stream";
constexpr std::string_view kPasswordVariable = "BAKTAINER_PASSWORD";

// The command with the job's password, if it has one, in its environment.
Result<Exec> run(Call& call, const Argv& argv) {
    BKT_LET(const std::string_view password, call.secret("db.password"));
    Exec exec = call.exec(argv);
    if (!password.empty()) exec.env(kPasswordVariable, password);
    return exec;
}

Status succeeded(std::string_view key, const std::string& program, const ExecResult& r) {
    if (r.exit_code == 0) return {};
    if (r.exit_code == 126 || r.exit_code == 127)
        return Error{
            Code::unsupported,
            "'" + program + "' could not be run in the target: exit " +
                std::to_string(r.exit_code) + " " + detail::last_line(r.stderr_tail),
            "name a program of the image, by its whole path, in '" + std::string(key) + "'"};
    return Exec::failure(program, r);
}

std::string shell_line(const Argv& argv) {
    std::string line;
    for (const auto& word : argv) line += (line.empty() ? "" : " ") + shell_quoted(word);
    return line;
}

}  // namespace

Status CustomEngine::plan(Call& call, Plan& plan) {
    BKT_LET(const Settings settings, Settings::load(call));
    BKT_TRY(plan.part(kPart, kMedia));
    plan.consistency(BKT_CONSISTENCY_NONE);
    plan.note("'" + settings.command.front() +
              "' is run as it stands: what it locks, and whether what it writes is one moment, is "
              "not known here");
    if (settings.end_marker.empty())
        plan.note(
            "only 'command.validate' tells a whole backup: it runs while the backup is made, "
            "and 'verify', without the target, can but compare the stored bytes with those "
            "it accepted; an end marker could be looked for at any time");
    if (settings.restore.empty())
        plan.note("no 'command.restore' is set: the backup can be restored to files only");
    return {};
}

Status CustomEngine::dump(Call& call, PartsOut& out) {
    BKT_LET(const Settings settings, Settings::load(call));
    const PartOut part = out.begin(kPart);
    BKT_TRY(part.opened());
    const Sink sink = part.sink();
    BKT_LET(Exec command, run(call, settings.command));
    Result<ExecResult> done = Error{Code::bug, "nothing was run"};
    if (settings.validate.empty()) {
        done = command.out(sink).result();
    } else {
        BKT_LET(Exec judge, run(call, settings.validate));
        done = run_checked(call, std::move(command), std::move(judge), settings.validate.front(),
                           sink);
    }
    if (!done) return std::move(done).error();
    BKT_TRY(succeeded("command", settings.command.front(), *done));
    return part.finish(done->exit_code, done->stdout_bytes);
}

Status CustomEngine::restore(Call& call, PartsIn& in) {
    BKT_LET(const Settings settings, Settings::load(call));
    if (settings.restore.empty())
        return Error{Code::unsupported, "nothing says how this backup is put back",
                     "restore it to files with --to file:DIR, or set 'command.restore' to a "
                     "program that reads it on its standard input"};
    if (!call.config("restore.database").empty())
        return Error{Code::unsupported, "what 'command.restore' does has no database to rename",
                     "restore without --database"};
    // What is there is not known, so nothing may be mixed with it unasked.
    if (call.config("restore.clean") != "true")
        return Error{Code::exists, "it is not known what the target holds",
                     "restore in place with --confirm"};
    BKT_LET(Exec command, run(call, settings.restore));
    BKT_LET(const Source source, in.open(kPart));
    BKT_LET(const ExecResult r, command.in(source).result());
    BKT_TRY(succeeded("command.restore", settings.restore.front(), r));
    // Only the source's end says that its bytes were whole, and a program may stop before it.
    std::vector<std::byte> rest(64 * 1024);
    std::uint64_t left = 0;
    for (;;) {
        BKT_LET(const std::size_t n, source.read(rest));
        if (n == 0) break;
        left += n;
    }
    if (left > 0)
        return Error{Code::failed,
                     "'" + settings.restore.front() + "' exited 0 before it had read everything",
                     "'command.restore' must read its standard input to the end"};
    return {};
}

Result<std::unique_ptr<Tap>> CustomEngine::validator(Call& call, std::string_view name,
                                                     std::string_view, bool deep) {
    if (name != kPart)
        return Error{Code::unsupported,
                     "part '" + std::string(name) + "' is none of this engine's"};
    BKT_LET(Settings settings, Settings::load(call));
    return end_marker_tap(std::move(settings.end_marker), deep);
}

Result<std::string> CustomEngine::recipe(Call& call, const std::vector<std::string>&) {
    BKT_LET(const Settings settings, Settings::load(call));
    const std::string made = "# '" + std::string(kPart) + "' is what this command wrote:\n#   " +
                             shell_line(settings.command) + "\n";
    if (settings.restore.empty())
        return made + "# How it is put back was not told; see that program's own documentation.\n";
    return made +
           "# Where the database is; a password is expected in BAKTAINER_PASSWORD if it had "
           "one.\n" +
           shell_line(settings.restore) + " < " + std::string(kPart) + "\n";
}

}  // namespace bkt::custom
