#include "plugins/engines/influxdb/api_backup.hpp"

#include <nlohmann/json.hpp>

#include "plugins/engines/influxdb/api.hpp"
#include "plugins/engines/influxdb/api_tar.hpp"
#include "plugins/engines/influxdb/multipart.hpp"
#include "plugins/engines/influxdb/taking_sink.hpp"

namespace bkt::influxdb {
namespace {

// A server that is writing its cache out, or merging the files of a shard, fails at that shard for a moment
// (https://github.com/influxdata/influxdb/issues/21743).
constexpr std::uint64_t kFirstPauseMs = 500, kLongestPauseMs = 8'000;

// The server's metadata as files of the tar; the list of buckets is kept, for it names the shards.
class MetadataToTar final : public MultipartReader {
public:
    explicit MetadataToTar(ApiTarWriter& tar) : tar_(tar) {}
    const std::string& buckets() const { return buckets_; }

private:
    Status begin(const std::string& name) override {
        in_buckets_ = name == "buckets";
        if (in_buckets_) tar_.begin(std::string(kBucketsFile));
        else if (name == "kv") tar_.begin(std::string(kKvFile));
        else if (name == "sql") tar_.begin(std::string(kSqlFile));
        else
            return Error{
                Code::unsupported,
                "the server's metadata have a part '" + name.substr(0, 100) + "' that is not known",
                "look for a newer version of Baktainer"};
        return {};
    }
    Status content(Bytes bytes) override {
        if (in_buckets_) {
            if (buckets_.size() + bytes.size() > kMaxBucketsBytes)
                return Error{Code::unsupported, "the list of buckets is larger than 64 MiB"};
            buckets_.append(as_text(bytes));
        }
        return tar_.write(bytes);
    }
    Status end() override { return tar_.end(); }

    ApiTarWriter& tar_;
    bool in_buckets_ = false;
    std::string buckets_;
};

Result<std::vector<std::uint64_t>> dump_metadata(const Api& api, ApiTarWriter& tar) {
    MetadataToTar metadata(tar);
    BKT_TRY(ask_metadata(api, metadata));
    return shards_of(metadata.buckets());
}

Status restore_file(Api& api, ApiTarSource& tar, const std::string& file) {
    if (file == kKvFile) {
        BKT_LET(const std::string said, api.send("/api/v2/restore/kv", tar.file()));
        // The tokens are the backup's from here on; the answer has one that may go on.
        const auto answer = nlohmann::json::parse(said, nullptr, false);
        if (answer.is_object() && answer.contains("token") && answer.at("token").is_string())
            api.use_token(answer.at("token").get<std::string>());
        return {};
    }
    if (file == kSqlFile) {
        BKT_LET(const std::string said, api.send("/api/v2/restore/sql", tar.file()));
        return {};
    }
    const auto shard = shard_of(file);
    if (!shard) return {};  // a list, for people and for the validator
    BKT_LET(const std::string said,
            api.send("/api/v2/restore/shards/" + std::to_string(*shard), tar.file()));
    return {};
}

// Returns how many shards there were.
Result<std::size_t> restore_files(Api& api, ApiTarSource& tar) {
    std::size_t shards = 0;
    for (bool is_first = true;; is_first = false) {
        BKT_LET(const std::string file, tar.next());
        if (file.empty()) break;
        // Without it the server would not know the buckets of the shards.
        if (is_first && file != kKvFile)
            return Error{Code::corrupt,
                         "the backup does not begin with '" + std::string(kKvFile) + "'"};
        if (auto done = restore_file(api, tar, file); !done)
            return std::move(done).error().within("restoring '" + file + "'");
        shards += shard_of(file).has_value();
    }
    return shards;
}

// After a restore the server knows the backup's tokens only.
void look_at_token(Call& call, const Settings& settings) {
    const auto configured = call.secret("db.password");
    if (!configured || configured->empty()) return;
    auto api = Api::create(call, settings);
    if (!api) return;
    const auto checked = api->check_token();
    if (!checked && checked.error().code == Code::denied)
        call.log_warning(
            "the token that this target is configured with is none of the restored server's: let "
            "'db.secret' refer to an operator token of the backup");
}

Status check_wish(const Call& call, const std::vector<std::string>& parts) {
    if (parts.size() != 1 || parts.front() != kApiPart)
        return Error{Code::unsupported, "the parts are none of one backup of InfluxDB 2"};
    if (!call.config("restore.database").empty())
        return Error{Code::invalid,
                     "a backup of InfluxDB 2 is the whole server: there is no other name for it",
                     "leave the database's name out"};
    if (call.config("restore.clean") != "true")
        return Error{Code::exists,
                     "a restore replaces every organisation, user, token and bucket of the server",
                     "restore with --clean, or into a new container"};
    return {};
}

}  // namespace

Status ask_metadata(const Api& api, MultipartReader& into) {
    TakingSink taking([&](Bytes bytes) { return into.feed(bytes); });
    BKT_LET(const auto fetched,
            taking.settled(api.fetch("/api/v2/backup/metadata", taking.sink())));
    if (fetched == Api::Fetched::failed)
        return Error{Code::unavailable, "the server failed at its metadata (500)",
                     "look into its log"};
    if (fetched == Api::Fetched::missing)
        return Error{Code::unsupported,
                     "the server is InfluxDB " + api.version() + ", which has no such backup",
                     "update it to 2.1 or later"};
    return into.finish();
}

Result<bool> dump_shard(const Api& api, ApiTarWriter& tar, std::uint64_t id) {
    const std::string path = "/api/v2/backup/shards/" + std::to_string(id);
    for (auto pause_ms = kFirstPauseMs;; pause_ms *= 2) {
        tar.begin(shard_file(id));
        TakingSink taking([&](Bytes bytes) { return tar.write(bytes); });
        BKT_LET(const auto fetched, taking.settled(api.fetch(path, taking.sink())));
        if (fetched == Api::Fetched::whole) {
            BKT_TRY(tar.end());
            return true;
        }
        tar.drop();
        if (fetched == Api::Fetched::missing) return false;
        if (pause_ms > kLongestPauseMs)
            return Error{Code::unavailable, "the server failed at it again and again (500)",
                         "look into its log; a server under heavy writes may need a quieter hour"};
        BKT_TRY(api.pause(pause_ms));
    }
}

Status plan_api_backup(Call& call, Plan& plan) {
    BKT_LET(const Settings settings, Settings::load(call));
    BKT_LET(Api api, Api::create(call, settings));
    BKT_TRY(api.ask_version());
    BKT_TRY(api.check_token());
    BKT_TRY(plan.part(kApiPart, kApiMedia, api.stored_bytes()));
    plan.consistency(BKT_CONSISTENCY_NONE);
    plan.note("the metadata are one moment; each shard is one in itself, not with the others");
    plan.note(
        "the backup holds every user's token and password hash: encrypt it if others read the "
        "store");
    plan.note(
        "a restore replaces the whole server: its organisations, users, tokens, dashboards and "
        "buckets become those of the backup");
    return {};
}

Status dump_by_api(Call& call, PartsOut& out) {
    BKT_LET(const Settings settings, Settings::load(call));
    BKT_LET(Api api, Api::create(call, settings));
    BKT_TRY(api.ask_version());
    out.fact("server_version", api.version());
    const PartOut part = out.begin(kApiPart);
    BKT_TRY(part.opened());
    ApiTarWriter tar(part.sink());
    BKT_LET(const auto shards, dump_metadata(api, tar));
    std::vector<std::uint64_t> expired;
    for (const auto id : shards) {
        auto dumped = dump_shard(api, tar, id);
        if (!dumped)
            return std::move(dumped).error().within("backing up shard " + std::to_string(id));
        if (!*dumped) expired.push_back(id);
    }
    BKT_TRY(tar.finish(api.version(), expired));
    out.fact("shards", std::to_string(shards.size() - expired.size()));
    if (!expired.empty()) out.fact("expired_shards", std::to_string(expired.size()));
    return part.finish(0, tar.total_bytes());
}

Status restore_by_api(Call& call, PartsIn& in) {
    BKT_TRY(check_wish(call, in.names()));
    BKT_LET(const Settings settings, Settings::load_connection(call));
    BKT_LET(Api api, Api::create(call, settings));
    BKT_TRY(api.wait_until_ready());
    BKT_TRY(api.set_up_if_new());
    BKT_TRY(api.check_token());
    BKT_LET(const Source source, in.open(kApiPart));
    call.log_warning(
        "every organisation, user, token, dashboard and bucket of the server is replaced by the "
        "backup's");
    ApiTarSource tar(source);
    auto shards = restore_files(api, tar);
    if (!shards) {
        auto error = std::move(shards).error();
        error.hint = "the server holds half of the backup now: restore again" +
                     (error.hint.empty() ? "" : "; " + error.hint);
        return error;
    }
    look_at_token(call, settings);
    call.log_info("restored " + std::to_string(*shards) + " shards");
    return {};
}

}  // namespace bkt::influxdb
