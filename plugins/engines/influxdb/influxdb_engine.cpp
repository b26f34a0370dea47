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

bool has_api_part(const std::vector<std::string>& parts) {
    return std::find(parts.begin(), parts.end(), kApiPart) != parts.end();
}

}  // namespace

Status InfluxdbEngine::recognise(Call&, const TargetView& target, Recognition& out) {
    return recognise_server(target, out);
}

Status InfluxdbEngine::plan(Call& call, Plan& plan) {
    return by_api(call) ? plan_api_backup(call, plan) : portable_.plan(call, plan);
}

Status InfluxdbEngine::dump(Call& call, PartsOut& out) {
    return by_api(call) ? dump_by_api(call, out) : portable_.dump(call, out);
}

Status InfluxdbEngine::restore(Call& call, PartsIn& in) {
    return has_api_part(in.names()) ? restore_by_api(call, in) : portable_.restore(call, in);
}

Result<std::unique_ptr<Tap>> InfluxdbEngine::validator(Call&, std::string_view name,
                                                       std::string_view media_type, bool) {
    if (media_type == kBackupMedia) return backup_tap();
    if (media_type == kApiMedia) return api_tap();
    return Error{Code::unsupported, "part '" + std::string(name) + "' of type '" +
                                        std::string(media_type) + "' is none of this engine's"};
}

Result<std::string> InfluxdbEngine::recipe(Call&, const std::vector<std::string>& parts) {
    return has_api_part(parts) ? api_restore_recipe() : restore_recipe(parts);
}

}  // namespace bkt::influxdb
