// config/split.hpp: lists written in one line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bkt::config {

// The pieces between separators, blanks around each removed, empty ones left out.
inline std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> pieces;
    while (!text.empty()) {
        const auto at = text.find(separator);
        std::string_view piece = text.substr(0, at);
        text = at == text.npos ? std::string_view{} : text.substr(at + 1);
        while (!piece.empty() && piece.front() == ' ') piece.remove_prefix(1);
        while (!piece.empty() && piece.back() == ' ') piece.remove_suffix(1);
        if (!piece.empty()) pieces.emplace_back(piece);
    }
    return pieces;
}

}  // namespace bkt::config
