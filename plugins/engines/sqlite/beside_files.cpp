#include "plugins/engines/sqlite/beside_files.hpp"

#include <charconv>
#include <map>

#include "plugins/engines/sqlite/copied_file.hpp"
#include "plugins/engines/sqlite/page_stream.hpp"
#include "plugins/engines/sqlite/program.hpp"
#include "plugins/engines/sqlite/said_lines.hpp"

namespace bkt::sqlite {
namespace {

constexpr const char* kProgramName = "baktainer-sqlite";

Exec program(const Call& call, const char* verb, const std::string& path) {
    return call.exec({kProgramName, verb, path}).program(program_bytes());
}

// "baktainer-error <code> <message>\t<hint>", in the program's own words.
std::optional<Error> told_error(const ExecResult& r) {
    const auto told = marked(r.stderr_tail, beside::kErrorMark);
    if (r.exit_code != beside::kToldExit || told.empty()) return std::nullopt;
    const std::string& code = told.back().first;
    std::int32_t number = 0;
    std::from_chars(code.data(), code.data() + code.size(), number);
    const std::string& text = told.back().second;
    const auto tab = text.find('\t');
    return Error{static_cast<Code>(number), "in the container: " + text.substr(0, tab),
                 tab == text.npos ? "" : text.substr(tab + 1)};
}

Status judge(const ExecResult& r) {
    if (r.exit_code == 0) return {};
    if (auto told = told_error(r)) return *std::move(told);
    return Exec::failure(kProgramName, r);
}

using Facts = std::map<std::string, std::string>;

Facts facts_of(const ExecResult& r) {
    const auto told = marked(r.stderr_tail, kFactMark);
    return {told.begin(), told.end()};
}

Snapshot snapshot_of(Facts facts) {
    return {facts["page_count"], facts["page_size"], facts["user_version"], facts["journal_mode"],
            facts["sqlite_version"]};
}

// The pages as a file that SQLite finds whole.
Status check_copy(const Call& call, const std::string& copy, const Snapshot& stated) {
    BKT_LET(const Connection db, Connection::open(call, copy, Connection::Mode::read_only));
    BKT_LET(const std::string pages, db.value("PRAGMA page_count"));
    if (pages != stated.page_count)
        return Error{Code::truncated,
                     "the copy has " + pages + " pages, the database had " + stated.page_count};
    return check_integrity(call, db);
}

}  // namespace

Result<bool> plan_beside_file(Call& call, const DatabaseFile& file, Plan& plan) {
    BKT_LET(const ExecResult ran, program(call, "look", file.path).result());
    if (const auto told = told_error(ran); told && told->code == Code::not_found) return false;
    BKT_TRY(judge(ran));
    auto facts = facts_of(ran);
    plan.note("'" + file.path +
              "' is read by a program of Baktainer's in a short-lived container beside this one");
    if (facts["journal_mode"] != "wal")
        plan.note("'" + file.path +
                  "' keeps a rollback journal: commits to it wait while it is copied");
    BKT_TRY(
        plan.part(file.part, kMediaType,
                  std::stoull("0" + facts["page_count"]) * std::stoull("0" + facts["page_size"])));
    return true;
}

Status dump_beside_file(Call& call, const DatabaseFile& file, PartsOut& out) {
    BKT_LET(const auto copy, place_for_copy(call));
    BKT_LET(const auto pages, PageFile::create(copy->path()));
    const Sink sink = pages->sink();
    auto ran = program(call, "dump", file.path).out(sink).result();
    if (pages->error()) return *pages->error();
    if (!ran) return std::move(ran).error();
    BKT_TRY(judge(*ran));
    BKT_TRY(pages->finish());
    const Snapshot snapshot = snapshot_of(facts_of(*ran));
    BKT_TRY(check_copy(call, copy->path(), snapshot));
    return send_copy(call, copy->path(), snapshot, file, out);
}

Status restore_beside_file(Call& call, const Source& source, const std::string& path, bool clean) {
    BKT_LET(const ExecResult ran,
            program(call, clean ? "replace" : "restore", path).in(source).result());
    return judge(ran);
}

}  // namespace bkt::sqlite
