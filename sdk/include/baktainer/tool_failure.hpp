// tool_failure.hpp: what a database's tool means by its last words.
#pragma once

#include <optional>
#include <span>

#include "baktainer/exec.hpp"

namespace bkt {

// Words a tool's error holds, and what they say to the operator.
struct Meaning {
    std::string_view words;
    Code code;
    const char* hint;
};

struct Understood {
    const Meaning* meaning;
    std::string_view line;  // the one that holds the words: the last is often mere advice
};

// The first of `meanings`, in their order, whose words stand in the last lines of `said`: what went before was
// a warning, or is the cause of something else.
inline std::optional<Understood> understand(std::span<const Meaning> meanings,
                                            std::string_view said) {
    constexpr std::size_t kLookedAtBytes = 4000;
    if (said.size() > kLookedAtBytes) said.remove_prefix(said.size() - kLookedAtBytes);
    for (const Meaning& meaning : meanings) {
        const auto at = said.find(meaning.words);
        if (at == said.npos) continue;
        const auto before = said.rfind('\n', at);
        const auto begin = before == said.npos ? 0 : before + 1;
        return Understood{&meaning, said.substr(begin, said.find_first_of("\r\n", at) - begin)};
    }
    return std::nullopt;
}

// A failed tool as an error a caller can act on: "'TOOL' exited N: LINE".
inline Error explain_by(std::span<const Meaning> meanings, std::string_view tool,
                        const ExecResult& result) {
    Error error = Exec::failure(tool, result);
    const auto found = understand(meanings, result.stderr_tail);
    if (!found) return error;
    error.code = found->meaning->code;
    error.hint = found->meaning->hint;
    error.message = "'" + std::string(tool) + "' exited " + std::to_string(result.exit_code) +
                    ": " + std::string(found->line.substr(0, 500));
    return error;
}

}  // namespace bkt
