#include "plugins/engines/postgres/plain_connect.hpp"

#include <algorithm>
#include <array>

namespace bkt::postgres {
namespace {

constexpr std::size_t kMaxPreludeBytes = 1u << 20;

// "-- Name: x; Type: TABLE; Schema: ...": does the entry belong to the database itself?
bool is_of_database(std::string_view line) {
    return line.find("; Type: DATABASE") != line.npos || line.starts_with("-- Name: DATABASE ");
}

// Where the database's own entries end and what is in it begins; npos = not seen yet.
std::size_t end_of_prelude(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto end = text.find('\n', at);
        if (end == text.npos) return text.npos;
        const std::string_view line = text.substr(at, end - at);
        const bool complete = line.starts_with("-- PostgreSQL database dump complete");
        if (complete || (line.starts_with("-- Name: ") && !is_of_database(line))) return at;
        at = end + 1;
    }
    return text.npos;
}

}  // namespace

Status WithoutCreate::drop_prelude() {
    std::array<std::byte, 16384> chunk;
    std::size_t end = std::string::npos;
    while ((end = end_of_prelude(head_)) == std::string::npos) {
        BKT_LET(const std::size_t n, from_.read(chunk));
        if (n == 0 || head_.size() > kMaxPreludeBytes)
            return Error{Code::corrupt, "the plain dump does not begin as pg_dump writes it"};
        head_.append(as_text({chunk.data(), n}));
    }
    const auto connect = head_.rfind("\n\\connect ", end);
    if (connect == std::string::npos)
        return Error{Code::unsupported, "the plain dump was not made with --create"};
    head_.erase(0, head_.find('\n', connect + 1) + 1);
    in_prelude_ = false;
    return {};
}

bkt_rc WithoutCreate::read(const bkt_source* source, void* into, std::uint64_t cap,
                           std::uint64_t* len) noexcept {
    auto& self = *static_cast<WithoutCreate*>(source->ctx);
    try {
        if (self.in_prelude_)
            if (const Status dropped = self.drop_prelude(); !dropped)
                return static_cast<bkt_rc>(dropped.error().code);
        if (self.head_.empty()) {
            const bkt_source* from = self.from_.raw();
            return from->read(from, into, cap, len);
        }
        *len = std::min<std::uint64_t>(cap, self.head_.size());
        self.head_.copy(static_cast<char*>(into), *len);
        self.head_.erase(0, *len);
        return BKT_OK;
    } catch (...) {
        return BKT_BUG;
    }
}

}  // namespace bkt::postgres
