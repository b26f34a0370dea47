#include "core/plugin/manifest.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

namespace bkt::plugin {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kMadeBy = "it is made by baktainer_add_plugin(): build the plugin again";

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Reads the fields of one object; the first mistake stays.
class Fields final {
public:
    Fields(const Json& object, std::string where) : object_(object), where_(std::move(where)) {
        if (!object.is_object()) wrong("", "is no object");
    }

    std::string text(const char* key, std::size_t most, bool needed = true) {
        const Json* value = find(key, needed);
        if (!value) return {};
        if (!value->is_string()) return wrong(key, "is no text"), std::string();
        auto text = value->get<std::string>();
        if (needed && text.empty()) wrong(key, "is empty");
        if (text.size() > most) wrong(key, "is too long");
        if (std::any_of(text.begin(), text.end(),
                        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }))
            wrong(key, "holds a control character");
        return text;
    }
    std::uint64_t number(const char* key) {
        const Json* value = find(key, true);
        if (value && !value->is_number_unsigned()) wrong(key, "is no number");
        return value && value->is_number_unsigned() ? value->get<std::uint64_t>() : 0;
    }
    std::uint32_t small_number(const char* key) {
        const auto n = number(key);
        if (n > 0xffff) wrong(key, "is too large");
        return static_cast<std::uint32_t>(n);
    }
    std::vector<std::string> texts(const char* key) {
        std::vector<std::string> all;
        for (const auto& item : list(key, false)) {
            const Json held{{"item", item}};
            Fields one(held, where_ + key + ".");
            all.push_back(one.text("item", kMaxIdBytes));
            if (one.error_) error_ = one.error_;
        }
        return all;
    }
    const Json& list(const char* key, bool needed) {
        static const Json kNone = Json::array();
        const Json* value = find(key, needed);
        if (!value) return kNone;
        if (!value->is_array()) return wrong(key, "is no list"), kNone;
        if (value->size() > kMaxListed) return wrong(key, "is too long"), kNone;
        return *value;
    }
    const Json& object(const char* key) {
        static const Json kNone = Json::object();
        const Json* value = find(key, true);
        if (value && value->is_object()) return *value;
        if (value) wrong(key, "is no object");
        return kNone;
    }
    const Json* find(const char* key, bool needed) {
        const auto found = object_.is_object() ? object_.find(key) : object_.end();
        if (object_.is_object() && found != object_.end()) return &*found;
        if (needed) wrong(key, "is missing");
        return nullptr;
    }
    void wrong(const std::string& key, const std::string& why) {
        if (!error_) error_ = Error{Code::invalid, "'" + where_ + key + "' " + why, kMadeBy};
    }
    Status status() const { return error_ ? Status(*error_) : Status(); }

private:
    const Json& object_;
    std::string where_;
    std::optional<Error> error_;
};

Result<ManifestComponent> parse_component(const Json& json, std::size_t i) {
    Fields fields(json, "components[" + std::to_string(i) + "].");
    ManifestComponent c;
    c.kind = fields.text("kind", kMaxIdBytes);
    c.name = fields.text("name", kMaxIdBytes);
    c.title = fields.text("title", kMaxTitleBytes, false);
    if (!c.name.empty() && !is_plugin_id(c.name)) fields.wrong("name", "is no plain name");
    if (const Json* schema = fields.find("config_schema", false)) {
        if (!schema->is_object()) fields.wrong("config_schema", "is no object");
        c.config_schema = nlohmann::json(*schema).dump();
        if (c.config_schema.size() > kMaxSchemaBytes) fields.wrong("config_schema", "is too long");
    }
    BKT_TRY(fields.status());
    return c;
}

Result<std::vector<ManifestComponent>> parse_components(const Json& list) {
    std::vector<ManifestComponent> all;
    std::set<std::pair<std::string, std::string>> seen;
    for (std::size_t i = 0; i < list.size(); ++i) {
        BKT_LET(auto component, parse_component(list[i], i));
        if (!seen.emplace(component.kind, component.name).second)
            return Error{Code::invalid, "it offers '" + component.name + "' twice", kMadeBy};
        all.push_back(std::move(component));
    }
    if (all.empty()) return Error{Code::invalid, "'components' is empty", kMadeBy};
    return all;
}

Result<Manifest> parse(const Json& json) {
    Fields fields(json, "");
    Manifest m;
    m.id = fields.text("id", kMaxIdBytes);
    if (!m.id.empty() && !is_plugin_id(m.id)) fields.wrong("id", "is no plain name");
    m.version = fields.text("version", kMaxIdBytes);
    m.vendor = fields.text("vendor", kMaxTitleBytes, false);
    m.needs = fields.texts("needs");
    m.experimental = fields.texts("experimental");
    m.arch = fields.text("arch", kMaxIdBytes);
    m.lib = fields.text("lib", kMaxIdBytes);
    if (!m.lib.empty() && (!is_plugin_id(m.lib) || !m.lib.ends_with(".so")))
        fields.wrong("lib", "is no plain file name ending in '.so'");
    m.sha256 = fields.text("sha256", 64);
    if (!m.sha256.empty() && !is_sha256(m.sha256))
        fields.wrong("sha256", "is not 64 lowercase hex digits");
    m.size_bytes = fields.number("size_bytes");
    m.glibc_min = fields.text("glibc_min", kMaxIdBytes, false);
    m.glibcxx_min = fields.text("glibcxx_min", kMaxIdBytes, false);
    m.runtime = fields.text("runtime", kMaxIdBytes);
    Fields abi(fields.object("abi"), "abi.");
    m.abi_major = abi.small_number("major");
    m.abi_min_minor = abi.small_number("min_minor");
    const Json& components = fields.list("components", true);
    BKT_TRY(fields.status());
    BKT_TRY(abi.status());
    BKT_LET(m.components, parse_components(components));
    return m;
}

}  // namespace

bool is_plugin_id(std::string_view text) {
    return !text.empty() && text.size() <= kMaxIdBytes && is_word(text.front()) &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return is_word(c) || c == '.' || c == '_' || c == '-'; });
}

bool is_sha256(std::string_view text) {
    return text.size() == 64 &&
           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_reserved_id(std::string_view id) { return id.starts_with("baktainer."); }

Result<Manifest> parse_manifest(std::string_view text) {
    if (text.size() > kMaxManifestBytes)
        return Error{Code::invalid, "it is longer than 256 KiB", kMadeBy};
    const auto json = Json::parse(text, nullptr, false);
    if (json.is_discarded()) return Error{Code::invalid, "it is not valid JSON", kMadeBy};
    return parse(json);
}

std::string to_json(const Manifest& m) {
    Json components = Json::array();
    for (const auto& c : m.components) {
        Json one{{"kind", c.kind}, {"name", c.name}, {"title", c.title}};
        if (!c.config_schema.empty()) one["config_schema"] = Json::parse(c.config_schema);
        components.push_back(std::move(one));
    }
    const Json json{
        {"id", m.id},
        {"version", m.version},
        {"vendor", m.vendor},
        {"abi", {{"major", m.abi_major}, {"min_minor", m.abi_min_minor}}},
        {"components", std::move(components)},
        {"needs", m.needs},
        {"experimental", m.experimental},
        {"arch", m.arch},
        {"lib", m.lib},
        {"sha256", m.sha256},
        {"size_bytes", m.size_bytes},
        {"glibc_min", m.glibc_min},
        {"glibcxx_min", m.glibcxx_min},
        {"runtime", m.runtime},
    };
    return json.dump(2) + "\n";
}

}  // namespace bkt::plugin
