#include "plugins/engines/postgres/globals_filter.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace bkt::postgres {
namespace {

constexpr std::size_t kMaxLineBytes = 16u << 20;

// The identifier `text` begins with, quoted or bare.
std::optional<std::string> identifier(std::string_view text) {
    std::string name;
    if (!text.starts_with('"')) {
        name = text.substr(0, text.find_first_of(" ;"));
        if (name.empty()) return std::nullopt;
        return name;
    }
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] != '"') name += text[i];
        else if (i + 1 < text.size() && text[i + 1] == '"') name += text[i++];
        else return name;
    }
    return std::nullopt;
}

}  // namespace

bool GlobalsFilter::drops(std::string_view line) {
    constexpr std::string_view kRole = "CREATE ROLE ", kTablespace = "CREATE TABLESPACE ";
    const bool whole = line.ends_with(";\n");
    if (in_literal_ || !whole) return false;
    if (line.starts_with(kRole)) {
        const auto name = identifier(line.substr(kRole.size()));
        return name && roles_.contains(*name);
    }
    if (line.starts_with(kTablespace)) {
        const auto name = identifier(line.substr(kTablespace.size()));
        return name && tablespaces_.contains(*name);
    }
    return false;
}

void GlobalsFilter::pass_complete_lines() {
    std::size_t at = 0;
    for (auto end = partial_line_.find('\n'); end != std::string::npos;
         end = partial_line_.find('\n', at)) {
        const std::string_view line(partial_line_.data() + at, end + 1 - at);
        if (!drops(line)) ready_ += line;
        // A comment line may hold a lone apostrophe; a quoted identifier may too.
        if (in_literal_ || !line.starts_with("--")) {
            bool in_identifier = false;
            for (const char c : line) {
                if (c == '"' && !in_literal_) in_identifier = !in_identifier;
                if (c == '\'' && !in_identifier) in_literal_ = !in_literal_;
            }
        }
        at = end + 1;
    }
    partial_line_.erase(0, at);
}

Status GlobalsFilter::fill() {
    std::array<std::byte, 16384> chunk;
    while (ready_.empty() && !ended_) {
        BKT_LET(const std::size_t n, from_.read(chunk));
        partial_line_.append(as_text({chunk.data(), n}));
        if (partial_line_.size() > kMaxLineBytes)
            return Error{Code::corrupt, "globals.sql has a line longer than any pg_dumpall writes"};
        pass_complete_lines();
        if (n > 0) continue;
        ended_ = true;
        ready_ += partial_line_;
    }
    return {};
}

bkt_rc GlobalsFilter::read(const bkt_source* source, void* into, std::uint64_t cap,
                           std::uint64_t* len) noexcept {
    auto& self = *static_cast<GlobalsFilter*>(source->ctx);
    try {
        if (const Status filled = self.fill(); !filled)
            return static_cast<bkt_rc>(filled.error().code);
        *len = std::min<std::uint64_t>(cap, self.ready_.size());
        self.ready_.copy(static_cast<char*>(into), *len);
        self.ready_.erase(0, *len);
        return BKT_OK;
    } catch (...) {
        return BKT_BUG;
    }
}

}  // namespace bkt::postgres
