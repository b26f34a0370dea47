#include "plugins/engines/influxdb/buckets.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

namespace bkt::influxdb {

Result<std::vector<BucketManifest>> buckets_of(std::string_view buckets_json) {
    std::vector<BucketManifest> all;
    try {
        auto buckets = nlohmann::json::parse(buckets_json);
        for (auto& bucket : buckets) {
            auto name = bucket.at("bucketName").get<std::string>();
            if (name.starts_with('_')) continue;
            for (auto& policy : bucket.at("retentionPolicies")) {
                auto& groups = policy.at("shardGroups");
                for (std::size_t i = groups.is_array() ? groups.size() : 0; i > 0; --i)
                    if (groups.at(i - 1).contains("deletedAt")) groups.erase(i - 1);
            }
            all.push_back(
                {bucket.at("organizationName").get<std::string>(), std::move(name), bucket.dump()});
        }
    } catch (const nlohmann::json::exception&) {
        return Error{Code::corrupt, "the list of buckets cannot be read"};
    }
    return all;
}

Result<std::vector<BucketManifest>> chosen_buckets(std::vector<BucketManifest> all,
                                                   const std::string& org,
                                                   const std::vector<std::string>& names) {
    std::string there;
    std::erase_if(all, [&](const auto& b) { return !org.empty() && b.org != org; });
    for (const auto& b : all) there += (there.empty() ? "" : ", ") + b.name;
    if (there.empty()) there = "none";
    for (const auto& name : names)
        if (std::none_of(all.begin(), all.end(), [&](const auto& b) { return b.name == name; }))
            return Error{Code::not_found, "the server has no bucket '" + name + "'",
                         "there are: " + there.substr(0, 500)};
    if (!names.empty())
        std::erase_if(all, [&](const auto& b) {
            return std::find(names.begin(), names.end(), b.name) == names.end();
        });
    if (all.empty())
        return Error{Code::not_found, "the organisation '" + org + "' has no bucket here",
                     "check 'db.org': it is the organisation's name"};
    std::set<std::string> seen;
    for (const auto& b : all)
        if (!seen.insert(b.name).second)
            return Error{Code::invalid, "two organisations have a bucket '" + b.name + "'",
                         "say which one is meant with 'db.org'"};
    return all;
}

}  // namespace bkt::influxdb
