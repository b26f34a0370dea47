// cli/table.hpp: columns of text for people.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

namespace bkt::cli {

// Control characters become '?': a label must not steer a terminal.
inline std::string printable(std::string text) {
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
    return text;
}

class Table final {
public:
    explicit Table(std::vector<std::string> head) { rows_.push_back(std::move(head)); }
    void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

    // Columns two blanks apart, no blanks at line ends, no newline after the last line.
    std::string text() const {
        std::vector<std::size_t> widths;
        for (const auto& row : rows_)
            for (std::size_t i = 0; i < row.size(); ++i) {
                if (widths.size() <= i) widths.resize(i + 1);
                widths[i] = std::max(widths[i], columns(row[i]));
            }
        std::string all;
        for (const auto& row : rows_) {
            std::string line;
            for (std::size_t i = 0; i < row.size(); ++i) {
                line += printable(row[i]);
                if (i + 1 < row.size()) line.append(widths[i] - columns(row[i]) + 2, ' ');
            }
            while (!line.empty() && line.back() == ' ') line.pop_back();
            all += (all.empty() ? "" : "\n") + line;
        }
        return all;
    }

private:
    // UTF-8 continuation bytes take no column.
    static std::size_t columns(const std::string& cell) {
        return static_cast<std::size_t>(std::count_if(cell.begin(), cell.end(), [](char c) {
            return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
        }));
    }

    std::vector<std::vector<std::string>> rows_;
};

}  // namespace bkt::cli
