#include "plugins/engines/influxdb/shards.hpp"

#include <nlohmann/json.hpp>

namespace bkt::influxdb {
namespace {

constexpr std::uint64_t kAskSoonMs = 200, kAskLaterMs = 2'000;
// Of a server that has every shard open, and one that still reads or indexes one.
constexpr std::uint64_t kStillMs = 15'000, kBusyMs = 3'600'000;

}  // namespace

Result<Shards> shards_of(const Tools& tools, const std::string& database) try {
    BKT_LET(const auto catalogue, tools.series("SHOW SHARDS"));
    BKT_LET(const auto counts, tools.series("SHOW STATS FOR 'tsm1_filestore'"));
    Shards shards;
    bool is_there = false;
    for (const auto& one : catalogue) {
        if (one.at("name") != database) continue;
        is_there = true;
        shards.all += one.value("values", nlohmann::json()).size();
    }
    if (!is_there)
        return Error{Code::not_found, "the server has no database '" + database + "' any more",
                     "see who dropped it, and restore again"};
    for (const auto& one : counts) {
        if (one.at("tags").at("database") != database) continue;
        ++shards.open;
        const auto& columns = one.at("columns");
        for (std::size_t i = 0; i < columns.size(); ++i)
            if (columns[i] == "numFiles" && one.at("values").at(0).at(i).get<double>() > 0)
                ++shards.filled;
    }
    return shards;
} catch (const nlohmann::json::exception&) {
    return Error{Code::failed, "what the server's shards hold cannot be read",
                 "run SHOW STATS in the container to see more"};
}

Result<std::size_t> wait_until_taken(const Tools& tools, const std::string& database,
                                     const Shards& sent) {
    std::size_t filled = 0;
    for (std::uint64_t still_ms = 0;;) {
        BKT_LET(const Shards now, shards_of(tools, database));
        const std::size_t gone = sent.all > now.all ? sent.all - now.all : 0;
        if (now.filled + gone >= sent.filled) return gone;
        if (now.filled != filled) filled = now.filled, still_ms = 0;
        if (still_ms >= (now.open < now.all ? kBusyMs : kStillMs))
            return Error{Code::failed,
                         "the server took in " + std::to_string(filled) + " of " +
                             std::to_string(sent.filled) + " shards that 'influxd restore' sent it",
                         "the reason is in the server's log: often its disk is full"};
        const auto pause_ms = still_ms < kStillMs ? kAskSoonMs : kAskLaterMs;
        BKT_TRY(tools.call().sleep_ms(pause_ms));
        still_ms += pause_ms;
    }
}

}  // namespace bkt::influxdb
