// tools.hpp: the clients the image has, mariadb and mariadb-dump or mysql and mysqldump, run with the job's
// connection and password.
//
// The password travels in the environment of the one program, never in an argv. SQL travels on stdin, so
// that no name of a database becomes a word of a command line.
#pragma once

#include "baktainer/exec.hpp"
#include "plugins/engines/mysql/recognise.hpp"
#include "plugins/engines/mysql/settings.hpp"

namespace bkt::mysql {

using Row = std::vector<std::string>;

enum class OnError { stop, go_on };

// A source over a text of ours, which must outlive it.
class TextSource final {
public:
    explicit TextSource(std::string_view text) : text_(text) {}
    TextSource(const TextSource&) = delete;
    TextSource& operator=(const TextSource&) = delete;
    Source source() const { return Source(&raw_); }

private:
    static bkt_rc read(const bkt_source* source, void* into, std::uint64_t cap,
                       std::uint64_t* len) noexcept;
    std::string_view text_;
    bkt_source raw_{sizeof(bkt_source), 0, this, &read, 0};
};

class Tools final {  // Valid for one call.
public:
    // Code::unsupported when the image has no client.
    static Result<Tools> create(Call& call, Flavour flavour, Settings settings);

    const Settings& settings() const { return settings_; }
    const Call& call() const { return call_; }
    const std::string& client_name() const { return client_; }

    // The client, which reads SQL from stdin; `options` after the connection's.
    Exec client(std::vector<std::string> options) const;
    // The same, connected to another host than the settings say ("127.0.0.1").
    Exec client_at(const std::string& host, std::vector<std::string> options) const;
    // The rows of all statements of `sql`, each field as it is; NULL is "NULL". With OnError::go_on a
    // statement the server refuses gives no rows, and only a lost or refused connection fails.
    Result<std::vector<Row>> query(const std::string& sql, OnError on_error = OnError::stop) const;
    // Like query(), for statements whose rows do not matter; the whole result, also of a failure.
    Result<ExecResult> script(std::string_view sql, std::vector<std::string> options = {}) const;

    // The dump tool of the server's own kind. Code::unsupported when there is none: MariaDB's writes the values of
    // MySQL's generated columns, which MySQL then refuses.
    struct DumpTool {
        std::string name, version;
        bool of_mariadb = false;
    };
    Result<DumpTool> dump_tool(bool of_mariadb) const;
    Exec dump(const DumpTool& tool, std::vector<std::string> options) const;

private:
    Tools(Call& call, Settings settings, std::string_view password)
        : call_(call), settings_(std::move(settings)), password_(password) {}
    // "<tool> --version" as printed; nullopt when there is no such tool.
    Result<std::optional<std::string>> version_of(const std::string& tool) const;
    Error missing(const std::string& what) const;
    Exec with_environment(Exec exec) const;

    Call call_;
    Settings settings_;
    std::string_view password_;  // borrowed until the call returns
    std::string client_;
};

}  // namespace bkt::mysql
