#include "core/config/nearest.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace bkt::config {

namespace {

std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
        }
    }
    return row.back();
}

}  // namespace

std::string nearest(std::string_view word, std::span<const std::string_view> known) {
    constexpr std::size_t kLongestCompared = 100;
    if (word.size() > kLongestCompared) return {};
    std::string_view best;
    // Two edits are one slip: two letters swapped.
    std::size_t least = (word.size() < 4 ? 1 : std::max<std::size_t>(word.size() / 3, 2)) + 1;
    for (const auto candidate : known) {
        const auto d = distance(word, candidate);
        if (d < least) best = candidate, least = d;
    }
    return std::string(best);
}

}  // namespace bkt::config
