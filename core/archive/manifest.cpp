#include "core/archive/manifest.hpp"

#include <nlohmann/json.hpp>

namespace bkt::archive {

namespace {

using Json = nlohmann::ordered_json;

constexpr int kVersion = 1;

Json digest_json(const stream::Digest& d) {
    return {{"size_bytes", d.size_bytes}, {"sha256", d.sha256}};
}

stream::Digest digest_of(const Json& j) { return {j.at("size_bytes"), j.at("sha256")}; }

Json part_json(const Part& p) {
    Json layers = Json::array();
    for (const auto& layer : p.layers)
        layers.push_back({{"kind", layer.kind}, {"id", layer.id}, {"params", layer.params}});
    return {{"name", p.name},
            {"object", p.object},
            {"media_type", p.media_type},
            {"plain", digest_json(p.plain)},
            {"stored", digest_json(p.stored)},
            {"layers", layers},
            {"marker_seen", p.marker_seen},
            {"exit_code", p.exit_code}};
}

Part part_of(const Json& j) {
    Part p;
    p.name = j.at("name");
    p.object = j.at("object");
    p.media_type = j.at("media_type");
    p.plain = digest_of(j.at("plain"));
    p.stored = digest_of(j.at("stored"));
    for (const auto& layer : j.at("layers"))
        p.layers.push_back({layer.at("kind"), layer.at("id"), layer.at("params")});
    p.marker_seen = j.at("marker_seen");
    p.exit_code = j.at("exit_code");
    return p;
}

// Over the text of everything else. Digests protect the parts; this protects what says so.
std::string digest_of_text(const Json& without) {
    const auto text = without.dump(2, ' ', false, Json::error_handler_t::replace);
    stream::Sha256 hash;
    hash.update(as_bytes(text));
    return hash.hex();
}

bool is_unchanged(const Json& j) {
    Json without = j;
    without.erase("sha256");
    return j.at("sha256") == digest_of_text(without);
}

// A manifest is outside input: its names become keys and file names.
bool is_plain_name(const std::string& name) {
    return !name.empty() && name.size() <= 255 && name.front() != '.' &&
           name.find('/') == name.npos && name.find('\0') == name.npos;
}

}  // namespace

std::uint64_t Manifest::plain_bytes() const {
    std::uint64_t sum = 0;
    for (const auto& part : parts) sum += part.plain.size_bytes;
    return sum;
}

std::uint64_t Manifest::stored_bytes() const {
    std::uint64_t sum = 0;
    for (const auto& part : parts) sum += part.stored.size_bytes;
    return sum;
}

std::string Manifest::folder() const {
    return host + "/" + target.name + "/" + job + "/" + base::compact(created) + "-" + id;
}

std::string to_json(const Manifest& m) {
    Json parts = Json::array();
    for (const auto& part : m.parts) parts.push_back(part_json(part));
    Json j = {
        {"version", kVersion},
        {"id", m.id},
        {"created", base::rfc3339(m.created)},
        {"host", m.host},
        {"target",
         {{"name", m.target.name},
          {"container_id", m.target.container_id},
          {"image", m.target.image},
          {"image_digest", m.target.image_digest},
          {"discovery", m.target.discovery},
          {"labels", m.target.labels}}},
        {"job", m.job},
        {"engine",
         {{"name", m.engine}, {"plugin", m.engine_plugin}, {"version", m.engine_version}}},
        {"program_version", m.program_version},
        {"consistency", m.consistency},
        {"settings", m.settings},
        {"facts", m.facts},
        {"parts", parts},
        {"duration_ms", m.duration_ms},
    };
    j["sha256"] = digest_of_text(j);
    return j.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<Manifest> parse_manifest(std::string_view text) {
    try {
        const Json j = Json::parse(text);
        if (j.at("version").get<int>() > kVersion)
            return Error{Code::unsupported,
                         "the manifest has version " + std::to_string(j.at("version").get<int>()),
                         "use a newer Baktainer to read it"};
        if (!is_unchanged(j))
            return Error{
                Code::corrupt, "the manifest is not what was published: its digest differs",
                "check the store's disk; RESTORE.txt beside it restores the parts by hand"};
        Manifest m;
        m.id = j.at("id");
        BKT_LET(m.created, base::parse_rfc3339(j.at("created").get<std::string>()));
        m.host = j.at("host");
        const Json& t = j.at("target");
        m.target = {t.at("name"),         t.at("container_id"), t.at("image"),
                    t.at("image_digest"), t.at("discovery"),    t.at("labels")};
        m.job = j.at("job");
        m.engine = j.at("engine").at("name");
        m.engine_plugin = j.at("engine").at("plugin");
        m.engine_version = j.at("engine").at("version");
        m.program_version = j.at("program_version");
        m.consistency = j.at("consistency");
        m.settings = j.at("settings").get<std::map<std::string, std::string>>();
        m.facts = j.at("facts").get<std::map<std::string, std::string>>();
        for (const auto& part : j.at("parts")) m.parts.push_back(part_of(part));
        m.duration_ms = j.at("duration_ms");
        for (const auto* name : {&m.id, &m.host, &m.target.name, &m.job})
            if (!is_plain_name(*name))
                return Error{Code::corrupt, "the manifest holds a name that is no file name"};
        for (const auto& part : m.parts)
            if (!is_plain_name(part.name) || !is_plain_name(part.object))
                return Error{Code::corrupt, "the manifest holds a part whose name is no file name"};
        return m;
    } catch (const nlohmann::json::exception& e) {
        return Error{Code::corrupt, std::string("the manifest is damaged: ") + e.what()};
    }
}

}  // namespace bkt::archive
