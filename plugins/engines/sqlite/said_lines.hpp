// said_lines.hpp: what a script or program of ours says on its stderr, one line a fact: "<mark> <name> <value>".
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bkt::sqlite {

inline constexpr std::string_view kFactMark = "baktainer-fact ";

// The lines that begin with `mark`, as (name, value).
inline std::vector<std::pair<std::string, std::string>> marked(std::string_view text,
                                                               std::string_view mark) {
    std::vector<std::pair<std::string, std::string>> found;
    while (!text.empty()) {
        const auto end = text.find('\n');
        std::string_view line = text.substr(0, end);
        text.remove_prefix(end == text.npos ? text.size() : end + 1);
        if (!line.starts_with(mark)) continue;
        line.remove_prefix(mark.size());
        const auto space = line.find(' ');
        found.emplace_back(line.substr(0, space),
                           space == line.npos ? "" : line.substr(space + 1).substr(0, 200));
    }
    return found;
}

}  // namespace bkt::sqlite
