#include "plugins/engines/mysql/shares.hpp"

#include <algorithm>
#include <numeric>
#include <thread>

namespace bkt::mysql {
namespace {

constexpr std::uint64_t kWorthIt = 256ull << 20;  // below it "auto" starts one tool
constexpr std::size_t kMaxAuto = 4;
// Linux gives a program's words and environment 2 MiB as a rule.
constexpr std::size_t kMaxNamedBytes = 1u << 20;

std::size_t by_size(const std::vector<Choice>& choices) {
    const auto bytes = std::accumulate(
        choices.begin(), choices.end(), std::uint64_t{0},
        [](std::uint64_t sum, const Choice& c) { return sum + c.database.size_bytes; });
    if (bytes < kWorthIt) return 1;
    return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, kMaxAuto);
}

std::size_t named_bytes(const std::vector<Choice>& share) {
    std::size_t bytes = 0;
    for (const auto& choice : share) {
        bytes += choice.database.name.size() + 1;
        for (const auto& option : choice.options()) bytes += option.size() + 1;
    }
    return bytes;
}

}  // namespace

Shares divide(const std::vector<Choice>& choices, const Selection& selection, const Server& server,
              std::size_t parallel) {
    const std::size_t wanted = parallel ? parallel : by_size(choices);
    const std::size_t count = std::min(wanted, choices.size());
    if (wanted < 2) return {};
    if (!selection.rows) return {{}, "one process, for definitions have no moment in common"};
    if (count < 2) return {{}, "one process, for a single database is not divided"};
    if (!server.may_lock && !server.has_role)
        return {{},
                "one process, for login '" + server.account +
                    "' may not hold the databases still for a moment: grant it RELOAD"};

    std::vector<Choice> by_weight = choices;
    std::stable_sort(by_weight.begin(), by_weight.end(), [](const Choice& a, const Choice& b) {
        return a.database.size_bytes > b.database.size_bytes;
    });
    std::vector<std::uint64_t> loads(count, 0);
    std::vector<std::vector<Choice>> lists(count);
    // The largest first, each to whoever has least.
    for (auto& choice : by_weight) {
        const auto least = std::min_element(loads.begin(), loads.end()) - loads.begin();
        loads[static_cast<std::size_t>(least)] +=
            std::max<std::uint64_t>(choice.database.size_bytes, 1);
        lists[static_cast<std::size_t>(least)].push_back(std::move(choice));
    }
    for (const auto& list : lists)
        if (named_bytes(list) > kMaxNamedBytes)
            return {{}, "one process, for a share has more names than a command line takes"};
    return {std::move(lists), ""};
}

}  // namespace bkt::mysql
