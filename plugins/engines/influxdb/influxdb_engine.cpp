#include "plugins/engines/influxdb/influxdb_engine.hpp"

#include <algorithm>

#include "plugins/engines/influxdb/api_backup.hpp"
#include "plugins/engines/influxdb/api_tar.hpp"
#include "plugins/engines/influxdb/backup_tar.hpp"
#include "plugins/engines/influxdb/recipe.hpp"
#include "plugins/engines/influxdb/recognise.hpp"

namespace bkt::influxdb {
namespace {

bool by_api(const Call& call) { return call.config("mode") == "remote"; }

// A job that names buckets or an organisation means these alone.
bool names_buckets(const Call& call) {
    const auto name = call.config("db.name");
    return (!name.empty() && name != "*") || !call.config("db.org").empty();
}

bool has_buckets(const std::vector<std::string>& parts) {
    return !parts.empty() && parts.front().ends_with(kBucketEnd);
}

bool has_api_part(const std::vector<std::string>& parts) {
    return std::find(parts.begin(), parts.end(), kApiPart) != parts.end();
}

}  // namespace

Status InfluxdbEngine::recognise(Call&, const TargetView& target, Recognition& out) {
    return recognise_server(target, out);
}

Status InfluxdbEngine::plan(Call& call, Plan& plan) {
    if (!by_api(call)) return portable_.plan(call, plan);
    return names_buckets(call) ? buckets_.plan(call, plan) : plan_api_backup(call, plan);
}

Status InfluxdbEngine::dump(Call& call, PartsOut& out) {
    if (!by_api(call)) return portable_.dump(call, out);
    return names_buckets(call) ? buckets_.dump(call, out) : dump_by_api(call, out);
}

Status InfluxdbEngine::restore(Call& call, PartsIn& in) {
    const auto parts = in.names();
    if (has_buckets(parts)) return BucketBackup::restore(call, in);
    return has_api_part(parts) ? restore_by_api(call, in) : portable_.restore(call, in);
}

Result<std::unique_ptr<Tap>> InfluxdbEngine::validator(Call&, std::string_view name,
                                                       std::string_view media_type, bool) {
    if (media_type == kBackupMedia) return backup_tap();
    if (media_type == kApiMedia) return api_tap();
    if (media_type == kBucketMedia) return bucket_tap();
    return Error{Code::unsupported, "part '" + std::string(name) + "' of type '" +
                                        std::string(media_type) + "' is none of this engine's"};
}

Result<std::string> InfluxdbEngine::recipe(Call&, const std::vector<std::string>& parts) {
    if (has_buckets(parts)) return bucket_restore_recipe(parts);
    return has_api_part(parts) ? api_restore_recipe() : restore_recipe(parts);
}

}  // namespace bkt::influxdb
