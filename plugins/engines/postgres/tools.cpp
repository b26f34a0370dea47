#include "plugins/engines/postgres/tools.hpp"

#include <algorithm>

#include "baktainer/detail/capture.hpp"
#include "baktainer/tool_failure.hpp"

namespace bkt::postgres {
namespace {

// Looked for in this order in the tool's last lines.
constexpr Meaning kMeanings[] = {
    {"password authentication failed", Code::denied,
     "check 'db.user' and the secret 'db.password' refers to"},
    {"no password supplied", Code::denied,
     "set 'db.password' to a reference such as env:POSTGRES_PASSWORD"},
    {"no pg_hba.conf entry", Code::denied,
     "allow this user and address in the server's pg_hba.conf"},
    {"Peer authentication failed", Code::denied,
     "set 'db.host' to 127.0.0.1, or 'db.user' to the container's user"},
    {"permission denied", Code::denied,
     "give the role pg_read_all_data (PostgreSQL 14 and later) or use a superuser"},
    {"must be superuser", Code::denied, "use a superuser"},
    {"must be owner", Code::denied, "use the owner or a superuser"},
    {"server version mismatch", Code::unsupported,
     "the image's pg_dump is older than its server: use an image whose tools match"},
    {"unsupported version", Code::unsupported,
     "the backup was made by a newer pg_dump: restore into an image of at least that version"},
    {"does not exist", Code::not_found, "check 'db.name' and 'db.user'"},
    {"could not connect", Code::unavailable, "check that the server runs and where it listens"},
    {"connection to server", Code::unavailable, "check that the server runs and where it listens"},
    {"server closed the connection", Code::unavailable,
     "the server ended the connection: look into its own log"},
    {"terminating connection", Code::unavailable,
     "the server ended the connection: look into its own log"},
    {"the database system is", Code::unavailable, "wait until the server has started"},
    {"No space left on device", Code::no_space, "free space on the server's volume"},
};

using Options = std::vector<std::string>;

std::vector<std::string> joined(const std::string& tool, std::vector<std::string> options,
                                const std::vector<std::string>& connection) {
    std::vector<std::string> argv{tool};
    for (auto& o : options) argv.push_back(std::move(o));
    argv.insert(argv.end(), connection.begin(), connection.end());
    return argv;
}

}  // namespace

Result<Tools> Tools::create(Call& call, Settings settings) {
    BKT_LET(const std::string_view password, call.secret("db.password"));
    return Tools(call, std::move(settings), password);
}

Exec Tools::with_environment(Exec exec) const {
    if (!password_.empty()) exec.env("PGPASSWORD", password_);
    exec.env("PGCONNECT_TIMEOUT", "10").env("PGAPPNAME", "baktainer").env("LC_ALL", "C");
    return exec;
}

Exec Tools::run(const std::string& tool, std::vector<std::string> options) const {
    return with_environment(
        call_.exec(joined(tool, std::move(options), settings_.connection_options())));
}

Exec Tools::run_at(const std::string& host, const std::string& tool,
                   std::vector<std::string> options) const {
    Settings there = settings_;
    there.host = host;
    return with_environment(
        call_.exec(joined(tool, std::move(options), there.connection_options())));
}

Result<std::vector<std::string>> Tools::queries(std::string_view database,
                                                const std::vector<std::string>& sqls) const {
    std::string answer;
    // Names may hold anything but NUL, so NUL separates; and they are wanted as UTF-8 whatever the
    // database's own encoding.
    Options options{"--no-psqlrc",
                    "--no-align",
                    "--tuples-only",
                    "--quiet",
                    "--field-separator-zero",
                    "--record-separator-zero",
                    "--set=ON_ERROR_STOP=1",
                    "--dbname=" + connection_string(database)};
    for (const auto& sql : sqls) options.push_back("--command=" + sql);
    Exec psql = run("psql", std::move(options));
    BKT_LET(const ExecResult r,
            psql.env("PGCLIENTENCODING", "UTF8").capture(answer, 16u << 20).result());
    BKT_TRY(succeeded("psql", r));
    std::vector<std::string> fields;
    for (std::size_t at = 0; at < answer.size();) {
        const auto end = std::min(answer.find('\0', at), answer.size());
        fields.push_back(answer.substr(at, end - at));
        at = end + 1;
    }
    // psql closes the last record with a line feed of its own.
    if (!fields.empty() && fields.back() == "\n") fields.pop_back();
    return fields;
}

Status Tools::script(std::string_view database, const std::string& sql,
                     std::vector<std::string> variables) const {
    std::vector<std::string> options{"--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=-",
                                     "--dbname=" + connection_string(database)};
    for (auto& v : variables) options.push_back("--set=" + v);
    detail::TextSource source{sql};
    const bkt_source raw = source.raw();
    Exec psql = run("psql", std::move(options));
    BKT_LET(const ExecResult r, psql.env("PGCLIENTENCODING", "UTF8").in(Source(&raw)).result());
    return succeeded("psql", r);
}

Result<std::string> Tools::version(const std::string& tool) const {
    std::string answer;
    auto result = call_.exec({tool, "--version"}).env("LC_ALL", "C").capture(answer, 4096).result();
    const Error missing{Code::unsupported, "the target has no '" + tool + "'",
                        "use an image that holds PostgreSQL's client programs"};
    if (!result && result.error().code == Code::not_found) return missing;
    if (!result) return std::move(result).error();
    if (result->exit_code == 126 || result->exit_code == 127) return missing;
    BKT_TRY(succeeded(tool, *result));
    const auto paren = answer.find(") ");
    std::string version = paren == answer.npos ? answer : answer.substr(paren + 2);
    return version.substr(0, version.find('\n'));
}

Error explain(std::string_view tool, const ExecResult& result) {
    return explain_by(kMeanings, tool, result);
}

Status succeeded(std::string_view tool, const ExecResult& result) {
    if (result.exit_code == 0) return {};
    return explain(tool, result);
}

}  // namespace bkt::postgres
