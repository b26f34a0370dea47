#include "plugins/engines/mysql/failure.hpp"

#include <algorithm>
#include <charconv>

#include "baktainer/tool_failure.hpp"

namespace bkt::mysql {
namespace {

constexpr std::size_t kQuotedBytes = 500;

constexpr const char* kGrants =
    "grant the login SELECT, SHOW VIEW, TRIGGER, EVENT and LOCK TABLES on the database, or use "
    "root";

// Looked for in this order in the tool's last lines.
constexpr Meaning kMeanings[] = {
    {"to database '", Code::denied, kGrants},
    {"Access denied for user", Code::denied,
     "check 'db.user' and the secret 'db.password' refers to"},
    {"is not allowed to connect", Code::denied,
     "the account exists for other hosts only: check 'db.user' and 'db.host'"},
    {"command denied to user", Code::denied, kGrants},
    {"privileges to SHOW CREATE", Code::denied,
     "grant SHOW_ROUTINE (MySQL), SHOW CREATE ROUTINE (MariaDB since 11.3) or SELECT on mysql.proc "
     "(before), or use root"},
    {"you need (at least one of) the", Code::denied, "grant what it names, or use root"},
    {"Authentication plugin", Code::unsupported,
     "the image's client cannot log in as this account: use one with another authentication "
     "plugin"},
    {"could not be loaded", Code::unsupported,
     "the client lacks what this account logs in by: use one of the server's own kind and age"},
    {"TLS/SSL error", Code::unsupported,
     "the client does not trust the server's certificate: leave 'db.host' out to use the socket, "
     "or "
     "install the CA in the image"},
    {"The user specified as a definer", Code::conflict,
     "a view, trigger or routine belongs to an account that is gone: create that account, or drop "
     "the object"},
    {"references invalid table(s)", Code::conflict, "repair or drop the view it names"},
    {"Table definition has changed", Code::unavailable,
     "a table was altered during the dump: run again when no schema change is under way"},
    {"Unknown database", Code::not_found, "check 'db.name'"},
    {"doesn't exist", Code::not_found, "check 'db.name'; a table may have been dropped meanwhile"},
    {"Lost connection", Code::unavailable,
     "the server ended the connection: look into its own log"},
    {"has gone away", Code::unavailable, "the server ended the connection: look into its own log"},
    {"Can't connect", Code::unavailable, "check that the server runs and where it listens"},
    {"server host", Code::unavailable, "check 'db.host'"},
    {"max_allowed_packet", Code::unsupported, "raise max_allowed_packet of the server"},
    {"Unknown collation", Code::unsupported,
     "the backup is of a newer server: restore into an image of at least that version"},
    {"is full", Code::no_space, "free space on the server's volume"},
    {"No space left on device", Code::no_space, "free space on the server's volume"},
};

// A syntax error quotes the statement, which may hold a row or a password's hash.
std::string_view without_quote(std::string_view line) {
    return line.substr(0, std::min(line.find(" to use near '"), kQuotedBytes));
}

}  // namespace

std::vector<std::string> error_lines(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        const auto line = text.substr(0, end);
        text.remove_prefix(end == text.npos ? text.size() : end + 1);
        const bool of_client = line.starts_with("ERROR ");
        const bool of_dump = line.find(": Error: ") != line.npos ||
                             line.find(": Got error: ") != line.npos ||
                             line.find(": Couldn't ") != line.npos;
        if (of_client || of_dump) lines.emplace_back(without_quote(line));
    }
    return lines;
}

int error_number(std::string_view line) {
    constexpr std::string_view kBefore = "ERROR ";
    int number = 0;
    if (line.starts_with(kBefore))
        std::from_chars(line.data() + kBefore.size(), line.data() + line.size(), number);
    return number;
}

Error explain(std::string_view tool, const ExecResult& result) {
    const std::string exited =
        "'" + std::string(tool) + "' exited " + std::to_string(result.exit_code) + ": ";
    if (const auto found = understand(kMeanings, result.stderr_tail))
        return {found->meaning->code, exited + std::string(without_quote(found->line)),
                found->meaning->hint};
    const auto errors = error_lines(result.stderr_tail);
    if (!errors.empty())
        return {Code::failed, exited + errors.back(), "look the error up in the server's manual"};
    return Exec::failure(tool, result);
}

Status succeeded(std::string_view tool, const ExecResult& result) {
    if (result.exit_code == 0) return {};
    return explain(tool, result);
}

}  // namespace bkt::mysql
