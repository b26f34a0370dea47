// wire/exec_words.hpp: a tool's run as the wire says it, and back into the contract's structs that borrow
// it. Streams travel beside it.
#pragma once

#include "baktainer/abi/services/exec.h"
#include "baktainer/call.hpp"
#include "core/plugin/wire/body.hpp"

namespace bkt::wire {

inline json said_words(const bkt_str* all, std::uint64_t count) {
    json made = json::array();
    for (std::uint64_t i = 0; i < count; ++i) made.push_back(view(all[i]));
    return made;
}

inline json said_request(const bkt_exec_request& r) {
    json made = {{"target", view(r.target)},
                 {"argv", said_words(r.argv, r.argc)},
                 {"env", said_words(r.env, r.env_count)},
                 {"user", view(r.user)},
                 {"flags", r.flags}};
    if (BKT_HAS(&r, bkt_exec_request, program) && r.program.len > 0)
        made["program"] = json::binary({r.program.ptr, r.program.ptr + r.program.len});
    return made;
}

// A list of texts, as the contract has it.
class Words final {
public:
    explicit Words(const json& list) {
        for (const auto& word : list) texts_.push_back(text_of(word));
        for (const auto& text : texts_) strs_.push_back(str(text));
    }
    Words(const Words&) = delete;
    Words& operator=(const Words&) = delete;
    const bkt_str* data() const { return strs_.data(); }
    std::uint64_t size() const { return strs_.size(); }

private:
    std::vector<std::string> texts_;
    std::vector<bkt_str> strs_;
};

class RequestWords final {
public:
    explicit RequestWords(const json& said)
        : target_(text(said, "target")),
          user_(text(said, "user")),
          flags_(static_cast<std::uint32_t>(number(said, "flags"))),
          argv_(list(said, "argv")),
          env_(list(said, "env")) {
        if (const json& program = at(said, "program"); program.is_binary())
            program_.assign(program.get_binary().begin(), program.get_binary().end());
    }
    RequestWords(const RequestWords&) = delete;
    RequestWords& operator=(const RequestWords&) = delete;
    // Valid as long as this object.
    bkt_exec_request with(const bkt_source* in, const bkt_sink* out) const {
        return {sizeof(bkt_exec_request),
                flags_,
                str(target_),
                argv_.data(),
                argv_.size(),
                env_.data(),
                env_.size(),
                str(user_),
                in,
                out,
                str(program_)};
    }

private:
    std::string target_, user_, program_;
    std::uint32_t flags_;
    Words argv_, env_;
};

inline json said_result(const bkt_exec_result& r) {
    return {{"exit_code", r.exit_code},
            {"how", r.how},
            {"stdin_bytes", r.stdin_bytes},
            {"stdout_bytes", r.stdout_bytes},
            {"stderr_tail", view(r.stderr_tail)}};
}

// Keeps what is reported, as the wire says it; null until then.
struct KeptResult {
    json said;
    bkt_exec_report report() { return {sizeof(bkt_exec_report), 0, this, &exited}; }
    static void exited(const bkt_exec_report* report, const bkt_exec_result* r) noexcept {
        try {
            static_cast<KeptResult*>(report->ctx)->said = said_result(*r);
        } catch (...) {
            // Without a told status the caller fails.
        }
    }
};

// Reports what was said. Nothing when no status was told.
inline void report_result(const json& said, const bkt_exec_report* report) {
    if (!at(said, "exit_code").is_number_integer()) return;
    const auto tail = text(said, "stderr_tail");
    const bkt_exec_result result{sizeof result,
                                 static_cast<std::int32_t>(integer(said, "exit_code")),
                                 static_cast<std::uint32_t>(number(said, "how")),
                                 0,
                                 number(said, "stdin_bytes"),
                                 number(said, "stdout_bytes"),
                                 str(tail)};
    report->exited(report, &result);
}

}  // namespace bkt::wire
