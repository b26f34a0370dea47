#include "plugins/engines/postgres/shares.hpp"

#include <algorithm>
#include <thread>

namespace bkt::postgres {
namespace {

constexpr std::size_t kMaxListed = 400;  // of the largest tables: each is a word of an argv
constexpr std::uint64_t kWorthIt = 256ull << 20;  // below it "auto" starts one tool
constexpr std::size_t kMaxAuto = 4;

// A pattern reaches the server in the database's encoding.
bool can_be_named(const Relation& r, bool utf8) {
    const auto ascii = [](std::string_view s) {
        return std::all_of(s.begin(), s.end(), [](char c) { return (c & '\x80') == 0; });
    };
    return utf8 || (ascii(r.schema) && ascii(r.name));
}

std::size_t by_size(std::uint64_t bytes) {
    if (bytes < kWorthIt) return 1;
    return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, kMaxAuto);
}

}  // namespace

Shares divide(const Relations& relations, const Filter& filter, std::size_t parallel) {
    std::vector<Relation> tables;
    std::uint64_t sum_bytes = 0;
    for (const auto& r : relations.all)
        if (r.kind == 'r' && filter.takes(r)) tables.push_back(r), sum_bytes += r.size_bytes;
    const std::size_t count = parallel ? parallel : by_size(sum_bytes);
    if (count < 2) return {};
    // Every tool locks what it dumps, one the whole, and the keeper of the snapshot too.
    if (relations.all.size() * (count + 2) > relations.lock_slots * 8 / 10)
        return {{},
                "one process, for the server has no room for more locks: raise "
                "max_locks_per_transaction"};

    std::sort(tables.begin(), tables.end(),
              [](const Relation& a, const Relation& b) { return a.size_bytes > b.size_bytes; });
    std::vector<std::uint64_t> loads(count, 0);
    std::vector<std::vector<Relation>> lists(count);
    std::uint64_t listed_bytes = 0;
    for (std::size_t i = 0; i < std::min(tables.size(), kMaxListed); ++i)
        if (can_be_named(tables[i], relations.utf8)) listed_bytes += tables[i].size_bytes;
    loads[0] = sum_bytes - listed_bytes;
    // The largest first, each to whoever has least.
    for (std::size_t i = 0; i < std::min(tables.size(), kMaxListed); ++i) {
        if (!can_be_named(tables[i], relations.utf8)) continue;
        const auto least = std::min_element(loads.begin(), loads.end()) - loads.begin();
        loads[static_cast<std::size_t>(least)] += std::max<std::uint64_t>(tables[i].size_bytes, 1);
        lists[static_cast<std::size_t>(least)].push_back(tables[i]);
    }
    lists.erase(lists.begin());  // the first needs no names
    std::erase_if(lists, [](const auto& list) { return list.empty(); });
    return {std::move(lists), lists.empty() ? "one process, for there is nothing to divide" : ""};
}

}  // namespace bkt::postgres
