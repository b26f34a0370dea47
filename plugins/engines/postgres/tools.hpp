// tools.hpp: PostgreSQL's own programs, run with the job's connection and password.
//
// The password travels in the environment of the one program, never in an argv. No program may prompt,
// read a startup file or speak another language than English, because their words are looked at.
#pragma once

#include <charconv>

#include "baktainer/exec.hpp"
#include "plugins/engines/postgres/settings.hpp"

namespace bkt::postgres {

class Tools final {  // Valid for one call.
public:
    static Result<Tools> create(Call& call, Settings settings);

    const Settings& settings() const { return settings_; }
    const Call& call() const { return call_; }

    // `tool` with the connection's options after its own `options`.
    Exec run(const std::string& tool, std::vector<std::string> options) const;
    // The same, connected to another host than the settings say ("127.0.0.1").
    Exec run_at(const std::string& host, const std::string& tool,
                std::vector<std::string> options) const;
    // A constant query; fields and rows of the answer are flattened in order.
    Result<std::vector<std::string>> query(std::string_view database,
                                           const std::string& sql) const {
        return queries(database, {sql});
    }
    // Several by one program. What one answers may begin with a line feed that ends the answer before it.
    Result<std::vector<std::string>> queries(std::string_view database,
                                             const std::vector<std::string>& sqls) const;
    // A constant script on stdin, with `variables` ("name=value") for psql to quote. Stops at the first error.
    Status script(std::string_view database, const std::string& sql,
                  std::vector<std::string> variables) const;
    // "pg_dump (PostgreSQL) 15.20 ..." -> "15.20 ..."; says how to get the tool when it is missing.
    Result<std::string> version(const std::string& tool) const;

private:
    Tools(Call& call, Settings settings, std::string_view password)
        : call_(call), settings_(std::move(settings)), password_(password) {}
    Exec with_environment(Exec exec) const;

    Call call_;
    Settings settings_;
    std::string_view password_;  // borrowed until the call returns
};

// A number in an answer; 0 for what is none.
template <class T>
T number(const std::string& text) {
    T value{};
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

// A failed tool's exit code and words as an error a caller can act on.
Error explain(std::string_view tool, const ExecResult& result);
// Code::failed and so on unless the tool exited 0.
Status succeeded(std::string_view tool, const ExecResult& result);

}  // namespace bkt::postgres
