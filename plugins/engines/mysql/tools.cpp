#include "plugins/engines/mysql/tools.hpp"

#include <algorithm>
#include <array>

#include "plugins/engines/mysql/failure.hpp"

namespace bkt::mysql {
namespace {

constexpr std::size_t kMaxAnswerBytes = 64u << 20;

std::vector<std::string> joined(std::vector<std::string> words,
                                const std::vector<std::string>& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

// The batch format escapes what would look like its own separators.
char unescaped(char c) {
    switch (c) {
        case 'n': return '\n';
        case 't': return '\t';
        case '0': return '\0';
        default: return c;
    }
}

std::vector<Row> parse_rows(std::string_view answer) {
    std::vector<Row> rows;
    Row row;
    std::string field;
    for (std::size_t i = 0; i < answer.size(); ++i) {
        const char c = answer[i];
        if (c == '\\' && i + 1 < answer.size()) field += unescaped(answer[++i]);
        else if (c == '\t' || c == '\n') {
            row.push_back(std::move(field));
            field.clear();
            if (c == '\t') continue;
            rows.push_back(std::move(row));
            row.clear();
        } else field += c;
    }
    return rows;
}

std::string_view between(std::string_view text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    if (at == text.npos) return {};
    text.remove_prefix(at + from.size());
    return text.substr(0, text.find_first_of(to));
}

// "mysqldump  Ver 9.7.4-2 for Linux", "mariadb-dump  Ver 10.19 Distrib 10.5.23-MariaDB, for ...",
// "mariadb-dump from 11.8.9-MariaDB, client 10.20 for ...".
std::string version_in(std::string_view said) {
    for (const std::string_view from : {"Distrib ", " from ", "Ver "})
        if (const auto version = between(said, from, ", \n"); !version.empty())
            return std::string(version);
    return std::string(said.substr(0, said.find('\n')));
}

}  // namespace

bkt_rc TextSource::read(const bkt_source* source, void* into, std::uint64_t cap,
                        std::uint64_t* len) noexcept {
    auto& text = static_cast<TextSource*>(source->ctx)->text_;
    *len = std::min<std::uint64_t>(cap, text.size());
    text.copy(static_cast<char*>(into), *len);
    text.remove_prefix(*len);
    return BKT_OK;
}

Result<std::optional<std::string>> Tools::version_of(const std::string& tool) const {
    std::string answer;
    auto result = call_.exec({tool, "--no-defaults", "--version"})
                      .env("LC_ALL", "C")
                      .capture(answer, 4096)
                      .result();
    if (!result && result.error().code == Code::not_found) return std::optional<std::string>();
    if (!result) return std::move(result).error();
    if (result->exit_code == 126 || result->exit_code == 127) return std::optional<std::string>();
    BKT_TRY(succeeded(tool, *result));
    return std::optional(std::move(answer));
}

Result<Tools> Tools::create(Call& call, Flavour flavour, Settings settings) {
    BKT_LET(const std::string_view password, call.secret("db.password"));
    Tools tools(call, std::move(settings), password);
    // The server's own name first: MariaDB's images have both and warn of the other.
    std::array names{"mysql", "mariadb"};
    if (flavour == Flavour::mariadb) std::swap(names[0], names[1]);
    for (const char* name : names) {
        BKT_LET(const auto version, tools.version_of(name));
        if (!version) continue;
        tools.client_ = name;
        return tools;
    }
    return tools.missing("'mariadb' nor 'mysql'");
}

Result<Tools::DumpTool> Tools::dump_tool(bool of_mariadb) const {
    std::array names{"mysqldump", "mariadb-dump"};
    if (of_mariadb) std::swap(names[0], names[1]);
    std::string other;
    for (const char* name : names) {
        BKT_LET(const auto said, version_of(name));
        if (!said) continue;
        const bool is_of_mariadb = said->find("MariaDB") != said->npos;
        if (is_of_mariadb == of_mariadb) return DumpTool{name, version_in(*said), is_of_mariadb};
        other = name;
    }
    if (other.empty()) return missing("'mariadb-dump' nor 'mysqldump'");
    const std::string kind = of_mariadb ? "MariaDB" : "MySQL";
    return Error{Code::unsupported,
                 "the server is " + kind + ", and '" + other +
                     "' is the other's: not all it writes can be restored",
                 settings_.on_this_machine
                     ? "install " + kind + "'s own client programs here, or set 'mode' to 'sidecar'"
                     : "use an image that holds " + kind + "'s own client programs"};
}

Error Tools::missing(const std::string& what) const {
    if (settings_.on_this_machine)
        return {Code::unsupported, "this machine has neither " + what,
                "install the client programs here, or leave out 'mode' 'remote'"};
    return {Code::unsupported, "the target has neither " + what,
            "use an image that holds the client programs, or 'mode' 'remote' with those of this "
            "machine"};
}

Exec Tools::with_environment(Exec exec) const {
    if (!password_.empty()) exec.env("MYSQL_PWD", password_);
    // Option files of a home folder would win over the password given here; and this machine's own password
    // is nothing for a server that a label names.
    if (!password_.empty() || settings_.on_this_machine) exec.env("HOME", "/nonexistent");
    exec.env("LC_ALL", "C");
    return exec;
}

Exec Tools::client(std::vector<std::string> options) const {
    return client_at(settings_.host, std::move(options));
}

Exec Tools::client_at(const std::string& host, std::vector<std::string> options) const {
    Settings there = settings_;
    there.host = host;
    return with_environment(
        call_.exec(joined(joined({client_}, there.connection_options()),
                          joined({"--default-character-set=utf8mb4", "--connect-timeout=10",
                                  "--local-infile=0", "--binary-mode", "--batch",
                                  "--skip-column-names", "--loose-skip-print-query-on-error"},
                                 options))));
}

Result<ExecResult> Tools::script(std::string_view sql, std::vector<std::string> options) const {
    const TextSource text(sql);
    return client(std::move(options)).in(text.source()).result();
}

Result<std::vector<Row>> Tools::query(const std::string& sql, OnError on_error) const {
    // Quotes and backslashes mean what literal() and the server's own QUOTE() take them for.
    const std::string all = "SET SESSION sql_mode='';\n" + sql;
    const TextSource text(all);
    std::vector<std::string> options;
    if (on_error == OnError::go_on) options.emplace_back("--force");
    std::string answer;
    BKT_LET(const ExecResult r,
            client(std::move(options)).in(text.source()).capture(answer, kMaxAnswerBytes).result());
    BKT_TRY(succeeded(client_, r));
    return parse_rows(answer);
}

Exec Tools::dump(const DumpTool& tool, std::vector<std::string> options) const {
    return with_environment(
        call_.exec(joined(joined({tool.name}, settings_.connection_options()), options)));
}

}  // namespace bkt::mysql
