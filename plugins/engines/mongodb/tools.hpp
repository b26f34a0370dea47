// tools.hpp: mongodump, mongorestore and the image's shell, run with the job's connection and password.
//
// A password travels on the tool's stdin: as its configuration file or, where stdin is the archive, as the line
// that mongorestore asks for before it reads on; never in an argv, an environment or a URI.
#pragma once

#include "baktainer/exec.hpp"
#include "plugins/engines/mongodb/settings.hpp"

namespace bkt::mongodb {

class Tools final {  // Valid for one call.
public:
    static Result<Tools> create(Call& call, Settings settings);

    const Settings& settings() const { return settings_; }
    const Call& call() const { return call_; }

    // Of the programs, for a message: "the container", "this machine".
    std::string where() const;
    // "100.9.4"; Code::unsupported says how to get the tool when it is missing.
    Result<std::string> version(const std::string& tool) const;
    // mongodump of `options` into `out`.
    Result<ExecResult> dump(std::vector<std::string> options, const Sink& out) const;
    // mongorestore of `options` from `in`. Code::unsupported for a password that is no line.
    Result<ExecResult> restore(std::vector<std::string> options, const Source& in) const;
    // The script in mongosh, or in mongo; its stdout. nullopt: there is neither.
    Result<std::optional<std::string>> shell(const std::string& script,
                                             const std::string& words = {}) const;

private:
    Tools(Call& call, Settings settings, std::string_view password)
        : call_(call), settings_(std::move(settings)), password_(password) {}
    std::vector<std::string> words(const std::string& tool, std::vector<std::string> options) const;
    Error missing(const std::string& tool) const;

    Call call_;
    Settings settings_;
    std::string_view password_;  // borrowed until the call returns
};

// Code::failed and so on, as an error a caller can act on, unless the tool exited 0.
Status succeeded(std::string_view tool, const ExecResult& result);

}  // namespace bkt::mongodb
