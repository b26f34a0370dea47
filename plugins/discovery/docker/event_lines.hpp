// event_lines.hpp: the engine's stream of events, one JSON object a line, cut into its lines.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "baktainer/result.hpp"

namespace bkt::docker {

class EventLines final {
public:
    static constexpr std::size_t kMaxLineBytes = 1 << 20;

    // Fails when a line is longer than kMaxLineBytes; the lines before it are lost too, so the stream
    // must be begun anew.
    Status add(std::string_view more) {
        text_ += more;
        if (const auto last = text_.rfind('\n'); text_.size() - (last + 1) > kMaxLineBytes)
            return Error{Code::unavailable, "an event of the container engine is larger than 1 MiB",
                         "see whether something else listens there"};
        return {};
    }
    // The next whole line without its end; an unfinished one waits for more.
    std::optional<std::string> next() {
        const auto end = text_.find('\n');
        if (end == text_.npos) return std::nullopt;
        auto line = text_.substr(0, end);
        text_.erase(0, end + 1);
        return line;
    }

private:
    std::string text_;
};

}  // namespace bkt::docker
