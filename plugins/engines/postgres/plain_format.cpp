#include "plugins/engines/postgres/plain_format.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace bkt::postgres {
namespace {

constexpr std::size_t kHeadBytes = 4096, kTailBytes = 4096;
constexpr std::string_view kRestrict = "\\restrict ", kUnrestrict = "\\unrestrict ";

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end == text.npos ? text.size() : end + 1);
    }
    return lines;
}

class PlainFormat final : public Tap {
public:
    explicit PlainFormat(PlainKind kind)
        : marker_(kind == PlainKind::database ? "-- PostgreSQL database dump complete"
                                              : "-- PostgreSQL database cluster dump complete") {}

    Status feed(Call&, Bytes bytes) override {
        const auto wanted = std::min(kHeadBytes - head_.size(), bytes.size());
        head_.append(as_text(bytes.first(wanted)));
        const Bytes kept = bytes.last(std::min(bytes.size(), kTailBytes));
        tail_.append(as_text(kept));
        if (tail_.size() > kTailBytes) {
            tail_.erase(0, tail_.size() - kTailBytes);
            tail_is_all_ = false;
        }
        return {};
    }

    Status finish(Call&) override {
        auto lines = lines_of(tail_);
        // A first line that was cut into may not be taken for a whole one.
        if (!tail_is_all_ && !lines.empty()) lines.erase(lines.begin());
        const auto marker = std::find(lines.rbegin(), lines.rend(), marker_);
        if (marker == lines.rend()) return truncated("without '" + std::string(marker_) + "'");
        for (auto line = lines.rbegin(); line != marker; ++line)
            if (!line->empty() && !line->starts_with("--") && !line->starts_with(kUnrestrict))
                return truncated("with more than blank lines after '" + std::string(marker_) + "'");
        // The comment is framed by "--" lines and the file ends with an empty one: with that, no
        // byte of the end can be missing.
        const bool framed = marker != lines.rbegin() && *(marker - 1) == "--" &&
                            marker + 1 != lines.rend() && *(marker + 1) == "--";
        if (!framed || !tail_.ends_with("\n\n")) return truncated("within its last lines");
        if (const auto key = restrict_key();
            !key.empty() &&
            std::find(lines.begin(), lines.end(), std::string(kUnrestrict) + key) == lines.end())
            return truncated("without giving back the key it began with (\\unrestrict)");
        return {};
    }

private:
    std::string restrict_key() const {
        for (const auto line : lines_of(head_))
            if (line.starts_with(kRestrict)) return std::string(line.substr(kRestrict.size()));
        return {};
    }
    static Error truncated(const std::string& how) {
        return {Code::truncated, "the dump ends " + how,
                "the dump tool was probably killed: read its stderr in this run's log"};
    }

    std::string_view marker_;
    std::string head_, tail_;
    bool tail_is_all_ = true;
};

}  // namespace

std::unique_ptr<Tap> plain_format_tap(PlainKind kind) {
    return std::make_unique<PlainFormat>(kind);
}

}  // namespace bkt::postgres
