#include "plugins/engines/mongodb/tools.hpp"

#include <algorithm>

#include "baktainer/detail/capture.hpp"
#include "baktainer/tool_failure.hpp"

namespace bkt::mongodb {
namespace {

// What mongorestore, asking for a password, takes for the end of the line or for a correction of it, or passes over
// (mongo-tools, common/password). SASLprep forbids these to SCRAM-SHA-256.
constexpr std::string_view kNotOnOneLine("\0\x03\x04\b\n\r\x7f", 7);

// A line, then a source: mongorestore reads the line byte by byte, so that the archive may follow it.
struct AfterLine {
    std::string_view line;
    const Source& rest;

    bkt_source raw() { return {sizeof(bkt_source), 0, this, &read, 0}; }
    static bkt_rc read(const bkt_source* source, void* bytes, std::uint64_t cap,
                       std::uint64_t* len) noexcept {
        auto& self = *static_cast<AfterLine*>(source->ctx);
        if (self.line.empty()) return self.rest.raw()->read(self.rest.raw(), bytes, cap, len);
        *len = std::min<std::uint64_t>(cap, self.line.size());
        std::copy_n(self.line.data(), *len, static_cast<char*>(bytes));
        self.line.remove_prefix(*len);
        return BKT_OK;
    }
};

// Looked for in this order in the tool's last lines.
constexpr Meaning kMeanings[] = {
    {"AuthenticationFailed", Code::denied,
     "check 'db.user', 'db.auth-db' and the secret 'db.secret' refers to"},
    {"Authentication failed", Code::denied,
     "check 'db.user', 'db.auth-db' and the secret 'db.secret' refers to"},
    {"auth error", Code::denied,
     "check 'db.user', 'db.auth-db' and the secret 'db.secret' refers to"},
    {"requires authentication", Code::denied,
     "set 'db.user' and 'db.secret' to a user of the server"},
    {"Unauthorized", Code::denied, "give the user the roles 'backup' and 'restore'"},
    {"not authorized", Code::denied, "give the user the roles 'backup' and 'restore'"},
    {"error getting oplog start", Code::unsupported,
     "only a replica set has an oplog: leave out 'db.oplog'"},
    {"oplog overflow", Code::failed,
     "the oplog is too small for the writes of one dump: enlarge it, or set 'db.oplog' to false"},
    {"server selection error", Code::unavailable,
     "check that the server runs, and 'db.host' and 'db.port'"},
    {"connection refused", Code::unavailable,
     "check that the server runs, and 'db.host' and 'db.port'"},
    {"unexpected EOF", Code::unavailable, "the server ended the connection: look into its own log"},
    {"no space left on device", Code::no_space, "free space on the server's volume"},
};

// A tool that says more than is kept fails without a word: the sink is ours.
Error talks_too_much(const std::string& tool, Error error) {
    if (error.code != Code::no_space || !error.message.empty()) return error;
    return {Code::failed, "'" + tool + "' answered more than was asked",
            "run it by hand to see more"};
}

bool is_missing(const Result<ExecResult>& r) {
    return r ? r->exit_code == 126 || r->exit_code == 127 : r.error().code == Code::not_found;
}

}  // namespace

Result<Tools> Tools::create(Call& call, Settings settings) {
    BKT_LET(const std::string_view password, call.secret("db.password"));
    return Tools(call, std::move(settings), password);
}

std::string Tools::where() const {
    return settings_.on_this_machine ? "this machine" : "the container";
}

Error Tools::missing(const std::string& tool) const {
    if (settings_.on_this_machine)
        return {Code::unsupported, "no '" + tool + "' on this machine",
                "install the MongoDB Database Tools here, or leave out 'mode' 'remote'"};
    return {
        Code::unsupported, "no '" + tool + "' in the container",
        "use an image that holds the MongoDB Database Tools, as the official 'mongo' images do, "
        "or 'mode' 'remote' with those of this machine"};
}

std::vector<std::string> Tools::words(const std::string& tool,
                                      std::vector<std::string> options) const {
    std::vector<std::string> argv{tool};
    for (auto& o : options) argv.push_back(std::move(o));
    for (auto& o : settings_.connection_options()) argv.push_back(std::move(o));
    return argv;
}

Result<std::string> Tools::version(const std::string& tool) const {
    std::string said;
    auto r = call_.exec({tool, "--version"}).capture(said, 16384).result();
    if (is_missing(r)) return missing(tool);
    if (!r) return talks_too_much(tool, std::move(r).error());
    BKT_TRY(succeeded(tool, *r));
    // "mongodump version: 100.9.4"
    const auto colon = said.find("version: ");
    const auto at = colon == said.npos ? 0 : colon + 9;
    return said.substr(at, said.find('\n', at) - at);
}

Result<ExecResult> Tools::dump(std::vector<std::string> options, const Sink& out) const {
    auto argv = words("mongodump", std::move(options));
    if (password_.empty()) return call_.exec(std::move(argv)).out(out).result();
    argv.emplace_back("--config=/dev/stdin");
    std::string config = password_config(password_);
    detail::TextSource text{config};
    const bkt_source raw = text.raw();
    auto result = call_.exec(std::move(argv)).in(Source(&raw)).out(out).result();
    detail::wipe(config);
    return result;
}

Result<ExecResult> Tools::restore(std::vector<std::string> options, const Source& in) const {
    auto argv = words("mongorestore", std::move(options));
    // Without a name it asks for no password, and would take one for the archive.
    if (password_.empty() || settings_.user.empty())
        return call_.exec(std::move(argv)).in(in).result();
    if (password_.find_first_of(kNotOnOneLine) != password_.npos)
        return Error{Code::unsupported,
                     "the password holds a control character, which mongorestore cannot be given",
                     "restore as a user whose password has none"};
    std::string line;
    line.reserve(password_.size() + 1);  // one buffer, so that one wiping reaches all of it
    line.append(password_) += '\n';
    AfterLine both{line, in};
    const bkt_source raw = both.raw();
    auto result = call_.exec(std::move(argv)).in(Source(&raw)).result();
    detail::wipe(line);
    return result;
}

Result<std::optional<std::string>> Tools::shell(const std::string& script,
                                                const std::string& words) const {
    // mongosh wants to write a history. A folder that others may write to would be read from, too.
    std::string home = "/tmp";
    if (settings_.on_this_machine) {
        BKT_LET(home, call_.temp_dir());
    }
    for (const std::string program : {"mongosh", "mongo"}) {
        std::string said;
        Exec exec = call_.exec({program, "--nodb", "--quiet", "--norc", "--eval", script});
        exec.env("BAKTAINER_URI", settings_.uri())
            .env("BAKTAINER_USER", settings_.user)
            .env("BAKTAINER_AUTH_DB", settings_.auth_db)
            .env("BAKTAINER_WORDS", words)
            .env("BAKTAINER_PASSWORD", password_)
            .env("HOME", home);
        auto r = exec.capture(said, 16u << 20).result();
        if (is_missing(r)) continue;
        if (!r) return talks_too_much(program, std::move(r).error());
        // mongosh tells its failures on stdout too.
        if (r->exit_code != 0 && r->stderr_tail.empty()) r->stderr_tail = said.substr(0, 4000);
        BKT_TRY(succeeded(program, *r));
        return std::optional(std::move(said));
    }
    return std::optional<std::string>();
}

Status succeeded(std::string_view tool, const ExecResult& result) {
    if (result.exit_code == 0) return {};
    return explain_by(kMeanings, tool, result);
}

}  // namespace bkt::mongodb
