#include "core/plugin/config_schema.hpp"

#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "core/config/label_value.hpp"
#include "core/config/nearest.hpp"

namespace bkt::plugin {

namespace {

using nlohmann::json;

// A scalar of the schema as the settings have it: text.
std::string as_text(const json& value) {
    return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string description(const json& property) {
    const auto found = property.find("description");
    return found != property.end() && found->is_string() ? found->get<std::string>() : "";
}

std::optional<std::int64_t> integer(std::string_view text) {
    std::int64_t n = 0;
    const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), n);
    return error == std::errc{} && at == text.data() + text.size() ? std::optional(n)
                                                                   : std::nullopt;
}

std::string shown(const json& property, const std::string& value) {
    const auto hidden = property.find("writeOnly");
    return hidden != property.end() && *hidden == true ? "***" : value;
}

Status check_integer(const std::string& key, const json& property, const std::string& value) {
    const auto bad = [&](const std::string& why) {
        return Error{Code::invalid, "'" + key + "' is '" + shown(property, value) + "', " + why,
                     description(property)};
    };
    const auto n = integer(value);
    if (!n) return bad("not a whole number");
    const auto limit = [&](const char* name) {
        const auto found = property.find(name);
        return found != property.end() && found->is_number_integer()
                   ? std::optional(found->get<std::int64_t>())
                   : std::nullopt;
    };
    if (const auto least = limit("minimum"); least && *n < *least)
        return bad("below " + std::to_string(*least));
    if (const auto most = limit("maximum"); most && *n > *most)
        return bad("above " + std::to_string(*most));
    return {};
}

Status check_choice(const std::string& key, const json& property, const std::string& value) {
    const auto choices = property.find("enum");
    if (choices == property.end() || !choices->is_array()) return {};
    std::string all;
    for (const auto& choice : *choices) {
        if (as_text(choice) == value) return {};
        all += (all.empty() ? "" : ", ") + as_text(choice);
    }
    return Error{Code::invalid,
                 "'" + key + "' is '" + shown(property, value) + "', not one of " + all,
                 description(property)};
}

// Brings the value into its normal form ("yes" -> "true").
Status check_value(const std::string& key, const json& property, std::string& value) {
    const auto type = property.value("type", "string");
    if (type == "boolean") {
        const auto flag = config::parse_bool(value);
        if (!flag)
            return Error{Code::invalid,
                         "'" + key + "' is '" + shown(property, value) + "', not true or false",
                         description(property)};
        value = *flag ? "true" : "false";
    }
    if (type == "integer") BKT_TRY(check_integer(key, property, value));
    return check_choice(key, property, value);
}

Status check_known(const json& properties, const std::map<std::string, std::string>& config,
                   const std::function<bool(std::string_view)>& passes, const WrongAt& at) {
    std::vector<std::string_view> known;
    for (const auto& [key, property] : properties.items()) known.push_back(key);
    for (const auto& [key, value] : config) {
        if (properties.contains(key) || (passes && passes(key))) continue;
        const auto near = config::nearest(key, known);
        std::string all;
        for (const auto one : known) all += (all.empty() ? "" : ", ") + std::string(one);
        return at(key, {Code::invalid, "unknown setting '" + key + "'",
                        !near.empty() ? "did you mean '" + near + "'?"
                        : all.empty() ? "it takes no settings"
                                      : "there are: " + all});
    }
    return {};
}

}  // namespace

Result<std::map<std::string, std::string>> check_config(
    const std::string& schema, std::map<std::string, std::string> config,
    const std::function<bool(std::string_view)>& passes, const WrongAt& at) {
    if (schema.empty()) return config;
    if (!at)
        return check_config(schema, std::move(config), passes,
                            [](const std::string&, Error error) { return error; });
    const Error no_schema(Code::fault, "its schema of settings is none",
                          "report it to the plugin's author");
    const auto root = json::parse(schema, nullptr, false);
    if (!root.is_object()) return no_schema;
    const auto properties = root.value("properties", json::object());
    const auto required = root.value("required", json::array());
    if (!properties.is_object() || !required.is_array()) return no_schema;
    BKT_TRY(check_known(properties, config, passes, at));
    for (const auto& [key, property] : properties.items()) {
        if (!property.is_object() || !property.value("type", json("string")).is_string())
            return no_schema;
        if (const auto set = config.find(key); set != config.end()) {
            if (auto good = check_value(key, property, set->second); !good)
                return at(key, std::move(good).error());
        } else if (property.contains("default")) {
            config[key] = as_text(property["default"]);
        }
    }
    for (const auto& item : required) {
        const auto key = item.is_string() ? item.get<std::string>() : "";
        if (key.empty() || config.count(key) || (passes && passes(key))) continue;
        return at(key, {Code::invalid, "'" + key + "' is missing",
                        description(properties.value(key, json::object()))});
    }
    return config;
}

}  // namespace bkt::plugin
