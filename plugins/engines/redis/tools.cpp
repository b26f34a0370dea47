#include "plugins/engines/redis/tools.hpp"

#include <algorithm>
#include <array>

#include "baktainer/tool_failure.hpp"

namespace bkt::redis {
namespace {

constexpr std::size_t kAnswerBytesMax = 8 << 20;
constexpr std::string_view kNoPasswordThere = "without any password configured";

// Looked for in this order in the tool's last lines and the answer.
constexpr Meaning kMeanings[] = {
    {kNoPasswordThere, Code::denied, "the server has no password: remove 'db.secret'"},
    {"WRONGPASS", Code::denied, "check 'db.user' and where 'db.secret' says the password is"},
    {"NOAUTH", Code::denied,
     "the server wants a password: say where it is with 'db.secret' (the official image has no "
     "variable for it, so it cannot be found by itself)"},
    {"invalid password", Code::denied, "check where 'db.secret' says the password is"},
    {"NOPERM", Code::denied,
     "allow the user the commands info, sync, psync and replconf, e.g. ACL SETUSER backup on "
     ">password +info +sync +psync +replconf +acl|list"},
    {"NOMASTERLINK", Code::unavailable,
     "the server is a replica that has lost its master: back up the master, or mend the link"},
    {"LOADING", Code::unavailable, "wait until the server has loaded its data"},
    {"MISCONF", Code::failed, "the server cannot save its own data: look into its log"},
    {"DENIED Redis is running in protected mode", Code::denied,
     "leave 'db.host' out: the server takes connections from its own machine only"},
    {"Could not connect", Code::unavailable, "check that the server runs and where it listens"},
    {"Connection reset", Code::unavailable, "the server ended the connection: look into its log"},
    {"I/O Error reading", Code::unavailable, "the server ended the connection: look into its log"},
    {"Server closed the connection", Code::unavailable,
     "the server ended the connection: look into its log"},
    {"No space left on device", Code::no_space, "free space on the server's volume"},
};

bool missing(const ExecResult& r) { return r.exit_code == 126 || r.exit_code == 127; }

// "redis-cli 7.0.15" -> "7.0.15", "valkey-cli 8.1.1 (git:...)" -> "8.1.1".
std::string version_of(std::string_view said) {
    const auto blank = said.find(' ');
    if (blank == said.npos) return {};
    const auto rest = said.substr(blank + 1);
    return std::string(rest.substr(0, rest.find_first_of(" \r\n")));
}

// Our messages end without one, whatever words of others they quote.
std::string without_full_stop(std::string_view words) {
    while (words.ends_with('.')) words.remove_suffix(1);
    return std::string(words);
}

}  // namespace

Result<Tools> Tools::create(Call& call, Settings settings) {
    BKT_LET(const std::string_view password, call.secret("db.password"));
    Tools tools(call, std::move(settings), password);
    std::array<std::string, 3> families{"redis", "valkey", "keydb"};
    // The image's own first: some have both names.
    const std::string image = call.config("target.image");
    std::stable_partition(families.begin(), families.end(), [&](const std::string& family) {
        return image.find(family) != image.npos;
    });
    for (const auto& family : families) {
        std::string said;
        const auto r = call.exec({family + "-cli", "--version"}).capture(said, 4096).result();
        if (!r && r.error().code == Code::not_found) continue;
        if (!r) return r.error();
        if (missing(*r)) continue;
        tools.family_ = family;
        tools.client_version_ = version_of(said);
        return tools;
    }
    return Error{Code::unsupported, "the target has neither 'redis-cli' nor 'valkey-cli'",
                 "use an image that holds the server's client program"};
}

Exec Tools::with_password(std::vector<std::string> argv) const {
    Exec exec = call_.exec(std::move(argv));
    // Valkey 9 looks for its own name first.
    if (!password_.empty()) exec.env("REDISCLI_AUTH", password_).env("VALKEYCLI_AUTH", password_);
    return exec;
}

Exec Tools::run(std::vector<std::string> words) const {
    std::vector<std::string> argv{client()};
    for (auto& w : settings_.connection_words()) argv.push_back(std::move(w));
    for (auto& w : words) argv.push_back(std::move(w));
    return with_password(std::move(argv));
}

Result<std::string> Tools::ask(std::vector<std::string> words, std::string_view begin) const {
    const std::string command = words.front();
    std::string answer;
    BKT_LET(const ExecResult r, run(std::move(words)).capture(answer, kAnswerBytesMax).result());
    if (r.exit_code == 0 && answer.starts_with(begin)) return answer;
    return explain("asking for " + command, r.stderr_tail + "\n" + answer.substr(0, 1000));
}

bool wants_no_password(std::string_view said) { return said.find(kNoPasswordThere) != said.npos; }

Error explain(std::string_view doing, std::string_view said) {
    if (const auto found = understand(kMeanings, said))
        return {found->meaning->code,
                std::string(doing) + ": " + without_full_stop(found->line.substr(0, 300)),
                found->meaning->hint};
    const auto line = without_full_stop(detail::last_line(said));
    return {Code::failed, std::string(doing) + (line.empty() ? " brought no answer" : ": " + line),
            "run the same command in the container to see more"};
}

}  // namespace bkt::redis
