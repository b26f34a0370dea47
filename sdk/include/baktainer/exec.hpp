// exec.hpp: one tool run in or beside a target, as a builder: argv first, then env, in, out, run().
#pragma once

#include <functional>
#include <optional>

#include "baktainer/abi/services/exec.h"
#include "baktainer/stream.hpp"

namespace bkt {

// In the environment of each tool, with a value of its own, and so in that of each process it starts: by it a
// discovery source finds what a call that ends has to end too. Empty it for a process that must outlive a cancelled
// call to put things right, bounded in time and silent.
inline constexpr const char* kExecMark = "BAKTAINER_EXEC_ID";

struct ExecResult {
    std::int32_t exit_code = -1;
    std::uint64_t stdin_bytes = 0;
    std::uint64_t stdout_bytes = 0;
    std::string stderr_tail;
};

class PartOut;  // engine.hpp

class Exec final {
public:
    Exec(const Call& call, std::string target, std::vector<std::string> argv)
        : call_(call), target_(std::move(target)), argv_(std::move(argv)) {}

    // Adds NAME=value to the tool's environment. The value may be a secret: it is wiped after the run
    // and never logged.
    Exec& env(std::string_view name, std::string_view value) {
        env_.push_back(std::string(name) + "=" + std::string(value));
        return *this;
    }
    // Runs these bytes, a static executable, beside the target in place of argv[0] (abi/services/exec.h).
    // Borrowed until the run has ended.
    Exec& program(std::string_view bytes) {
        program_ = bytes;
        return *this;
    }
    Exec& user(std::string name) {
        user_ = std::move(name);
        return *this;
    }
    Exec& in(const Source& source) {
        in_ = source.raw();
        return *this;
    }
    // As opened by a parts reader: run() fails with its error when there is none.
    Exec& in(const Result<Source>& source) {
        if (source) return in(*source);
        failed_ = source.error();
        return *this;
    }
    Exec& out(const Sink& sink) {
        out_ = sink.raw();
        return *this;
    }
    // Collects stdout; more than `bytes_max` is an error.
    Exec& capture(std::string& text, std::size_t bytes_max = 1 << 20) {
        capture_ = &text;
        capture_max_ = bytes_max;
        return *this;
    }
    // Delivers stdout as part `part` and, when the tool exits 0, finishes the part with its counts.
    Exec& out(PartOut part);

    // The result whatever the exit code. Fails when the tool could not run to its end.
    Result<ExecResult> result();
    // Fails on a non-zero exit code too, with the tool's last stderr line in the message.
    Status run();
    // An exit code as the error run() would give.
    static Error failure(std::string_view tool, const ExecResult& result);

private:
    Call call_;
    std::string target_;
    std::vector<std::string> argv_;
    std::vector<std::string> env_;
    std::string user_;
    std::string_view program_;
    const bkt_source* in_ = nullptr;
    const bkt_sink* out_ = nullptr;
    std::string* capture_ = nullptr;
    std::size_t capture_max_ = 0;
    std::optional<Error> failed_;  // why what it should read or write is not there
    std::function<Status(const ExecResult&)> finish_;
};

inline Exec Call::exec(std::vector<std::string> argv) const { return {*this, {}, std::move(argv)}; }
inline Exec Call::exec(std::string target, std::vector<std::string> argv) const {
    return {*this, std::move(target), std::move(argv)};
}

}  // namespace bkt

#include "baktainer/detail/exec_run.hpp"
