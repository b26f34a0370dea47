#include "plugins/engines/influxdb/bucket_backup.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "plugins/engines/influxdb/api_backup.hpp"
#include "plugins/engines/influxdb/multipart.hpp"
#include "plugins/engines/influxdb/taking_sink.hpp"

namespace bkt::influxdb {
namespace {

using nlohmann::json;

// Keeps the list of buckets alone: users and tokens are nobody's business here.
class BucketsOnly final : public MultipartReader {
public:
    const std::string& text() const { return text_; }

private:
    Status begin(const std::string& name) override {
        in_buckets_ = name == "buckets";
        return {};
    }
    Status content(Bytes bytes) override {
        if (!in_buckets_) return {};
        if (text_.size() + bytes.size() > kMaxBucketsBytes)
            return Error{Code::unsupported, "the list of buckets is larger than 64 MiB"};
        text_.append(as_text(bytes));
        return {};
    }
    Status end() override { return {}; }

    bool in_buckets_ = false;
    std::string text_;
};

Result<std::vector<BucketManifest>> ask_buckets(const Api& api) {
    BucketsOnly metadata;
    BKT_TRY(ask_metadata(api, metadata));
    return buckets_of(metadata.text());
}

Status dump_bucket(const Api& api, const BucketManifest& bucket, const PartOut& part) {
    ApiTarWriter tar(part.sink());
    const std::string list = "[" + bucket.json + "]";
    tar.begin(std::string(kBucketsFile));
    BKT_TRY(tar.write(as_bytes(list)));
    BKT_TRY(tar.end());
    BKT_LET(const auto shards, shards_of(list));
    std::vector<std::uint64_t> expired;
    for (const auto id : shards) {
        BKT_LET(const bool there, dump_shard(api, tar, id));
        if (!there) expired.push_back(id);
    }
    BKT_TRY(tar.finish(api.version(), expired));
    return part.finish(0, tar.total_bytes());
}

std::string url_encoded(std::string_view text) {
    static constexpr char kHex[] = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        const auto u = static_cast<unsigned char>(c);
        if (std::isalnum(u) && u < 0x80) encoded += c;
        else ((encoded += '%') += kHex[u >> 4]) += kHex[u & 15];
    }
    return encoded;
}

// The ids in a list that the server answered, of what is called so.
Result<std::vector<std::string>> ids_of(std::string_view answer, const char* list,
                                        const std::string& name) {
    std::vector<std::string> ids;
    try {
        const json said = json::parse(answer);
        for (const auto& one : said.at(list))
            if (one.at("name") == name) ids.push_back(one.at("id").get<std::string>());
    } catch (const json::exception&) {
        return Error{Code::failed,
                     "the server's list of its " + std::string(list) + " cannot be read"};
    }
    return ids;
}

Result<std::string> org_id(const Api& api, const std::string& name) {
    const auto found = api.ask("GET", "/api/v2/orgs?org=" + url_encoded(name));
    if (!found && found.error().code != Code::not_found) return found.error();
    if (found) {
        BKT_LET(const auto ids, ids_of(*found, "orgs", name));
        if (!ids.empty()) return ids.front();
    }
    BKT_LET(const std::string made, api.ask("POST", "/api/v2/orgs", json{{"name", name}}.dump()));
    const json org = json::parse(made, nullptr, false);
    if (!org.is_object() || !org.contains("id") || !org.at("id").is_string())
        return Error{Code::failed, "the server did not say which organisation it made"};
    return org.at("id").get<std::string>();
}

// Of one organisation, or of any.
Result<std::vector<std::string>> bucket_ids(const Api& api, const std::string& org,
                                            const std::string& name) {
    const auto said = api.ask("GET", "/api/v2/buckets?name=" + url_encoded(name) +
                                         (org.empty() ? "" : "&orgID=" + url_encoded(org)));
    if (!said && said.error().code == Code::not_found) return std::vector<std::string>();
    if (!said) return said.error();
    return ids_of(*said, "buckets", name);
}

struct Made {
    std::string id;
    std::map<std::uint64_t, std::uint64_t> shards;  // the backup's number to the server's
};

Result<Made> make_bucket(const Api& api, json manifest, const std::string& name) {
    BKT_LET(const std::string org, org_id(api, manifest.value("organizationName", std::string())));
    BKT_LET(const auto old, bucket_ids(api, org, name));
    for (const auto& id : old)
        if (auto dropped = api.ask("DELETE", "/api/v2/buckets/" + id); !dropped)
            return dropped.error();
    manifest["organizationID"] = org;
    manifest["bucketName"] = name;
    BKT_LET(const std::string said,
            api.ask("POST", "/api/v2/restore/bucketMetadata", manifest.dump()));
    Made made;
    try {
        const json answer = json::parse(said);
        made.id = answer.at("id").get<std::string>();
        for (const auto& pair : answer.at("shardMappings"))
            made.shards[pair.at("oldId").get<std::uint64_t>()] =
                pair.at("newId").get<std::uint64_t>();
    } catch (const json::exception&) {
        return Error{Code::failed, "the server did not say which bucket it made"};
    }
    return made;
}

Status restore_shards(const Api& api, ApiTarSource& tar, const Made& made) {
    for (;;) {
        BKT_LET(const std::string file, tar.next());
        if (file.empty()) return {};
        const auto shard = shard_of(file);
        if (!shard) continue;
        const auto to = made.shards.find(*shard);
        if (to == made.shards.end())
            return Error{Code::corrupt, "the backup has a shard that its bucket does not have"};
        BKT_LET(const std::string said,
                api.send("/api/v2/restore/shards/" + std::to_string(to->second), tar.file()));
    }
}

Result<json> read_manifest(ApiTarSource& tar) {
    BKT_LET(const std::string first, tar.next());
    if (first != kBucketsFile)
        return Error{Code::corrupt, "the backup does not begin with its bucket"};
    std::string text;
    std::array<std::byte, 16 * 1024> buffer;
    for (;;) {
        BKT_LET(const std::size_t n, tar.file().read(buffer));
        if (n == 0) break;
        text.append(as_text(Bytes(buffer).first(n)));
        if (text.size() > kMaxBucketsBytes)
            return Error{Code::corrupt, "the list of buckets is larger than 64 MiB"};
    }
    json list = json::parse(text, nullptr, false);
    if (!list.is_array() || list.size() != 1 || !list.front().is_object())
        return Error{Code::corrupt, "the backup is not of one bucket"};
    return std::move(list.front());
}

Status restore_bucket(const Api& api, const Source& source, const std::string& name) {
    ApiTarSource tar(source);
    BKT_LET(json manifest, read_manifest(tar));
    BKT_LET(const Made made, make_bucket(api, std::move(manifest), name));
    auto done = restore_shards(api, tar, made);
    if (done) return {};
    // Lest an application find half of it.
    Error error = std::move(done).error();
    if (const auto dropped = api.ask("DELETE", "/api/v2/buckets/" + made.id); !dropped)
        error.hint = "half of it may be there: delete the bucket '" + name + "'";
    return error;
}

// What each part becomes; Code::invalid, Code::unsupported for what cannot be.
Result<std::map<std::string, std::string>> names_of(const Call& call,
                                                    const std::vector<std::string>& parts) {
    const std::string elsewhere = call.config("restore.database");
    if (!elsewhere.empty()) BKT_TRY(check_bucket("restore.database", elsewhere));
    if (!elsewhere.empty() && parts.size() > 1)
        return Error{Code::invalid, "several buckets cannot all be restored to '" + elsewhere + "'",
                     "restore one part at a time"};
    std::map<std::string, std::string> names;
    for (const auto& part : parts) {
        const auto bucket = database_of_part(part, kBucketEnd);
        if (!bucket || !check_bucket("part", *bucket))
            return Error{Code::unsupported, "part '" + part + "' is none of this engine's"};
        names[part] = elsewhere.empty() ? *bucket : elsewhere;
    }
    return names;
}

}  // namespace

Status BucketBackup::plan(Call& call, Plan& plan) {
    BKT_LET(const Settings settings, Settings::load(call));
    BKT_LET(Api api, Api::create(call, settings));
    BKT_TRY(api.ask_version());
    BKT_TRY(api.check_token());
    BKT_LET(auto all, ask_buckets(api));
    auto names = settings.databases;
    if (Plan::is_safety(call)) {  // the token is an operator's, so `all` are all
        const auto is_there = [&](const std::string& name) {
            return std::any_of(all.begin(), all.end(), [&](const auto& b) {
                return (settings.org.empty() || b.org == settings.org) &&
                       (name.empty() || b.name == name);
            });
        };
        std::erase_if(names, [&](const auto& name) {
            if (is_there(name)) return false;
            plan.gone("bucket '" + name + "'");
            return true;
        });
        if (settings.databases.empty() && !is_there("")) {
            plan.gone("a bucket");
            return {};
        }
        if (!settings.databases.empty() && names.empty()) return {};
    }
    BKT_LET(chosen_, chosen_buckets(std::move(all), settings.org, names));
    for (const auto& bucket : *chosen_)
        BKT_TRY(plan.part(part_name(bucket.name, kBucketEnd), kBucketMedia));
    plan.consistency(BKT_CONSISTENCY_NONE);
    plan.note("each shard is one moment in itself, not with the others");
    plan.note("users, tokens, dashboards and tasks are left out: only buckets are named");
    return {};
}

Status BucketBackup::dump(Call& call, PartsOut& out) {
    if (!chosen_) return Error{Code::bug, "dump before plan"};
    BKT_LET(const Settings settings, Settings::load(call));
    BKT_LET(Api api, Api::create(call, settings));
    BKT_TRY(api.ask_version());
    out.fact("server_version", api.version());
    for (const auto& bucket : *chosen_) {
        const PartOut part = out.begin(part_name(bucket.name, kBucketEnd));
        BKT_TRY(part.opened());
        if (auto dumped = dump_bucket(api, bucket, part); !dumped)
            return std::move(dumped).error().within("backing up bucket '" + bucket.name + "'");
    }
    return {};
}

Status BucketBackup::restore(Call& call, PartsIn& in) {
    BKT_LET(const auto names, names_of(call, in.names()));
    BKT_LET(const Settings settings, Settings::load_connection(call));
    BKT_LET(Api api, Api::create(call, settings));
    BKT_TRY(api.wait_until_ready());
    BKT_TRY(api.set_up_if_new());
    BKT_TRY(api.check_token());
    // Everything that can be refused is refused before the first change.
    if (call.config("restore.clean") != "true")
        for (const auto& entry : names) {
            BKT_LET(const auto there, bucket_ids(api, "", entry.second));
            if (!there.empty())
                return Error{Code::exists, "the bucket '" + entry.second + "' exists",
                             "delete it, restore under another name, or restore with --clean"};
        }
    for (const auto& entry : names) {
        BKT_LET(const Source source, in.open(entry.first));
        if (auto done = restore_bucket(api, source, entry.second); !done)
            return std::move(done).error().within("restoring '" + entry.second + "'");
    }
    return {};
}

}  // namespace bkt::influxdb
