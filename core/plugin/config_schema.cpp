#include "core/plugin/config_schema.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "core/config/label_value.hpp"
#include "core/config/nearest.hpp"
#include "core/config/secret_value.hpp"

namespace bkt::plugin {

namespace {

using Json = nlohmann::json;
constexpr std::string_view kFile = "_file";

Error wrong(const std::string& key, const std::string& why, std::string hint = {}) {
    return {Code::invalid, "'" + key + "' " + why, std::move(hint)};
}

std::string text_of(const Json& value) {
    return value.is_string() ? value.get<std::string>() : value.dump();
}

Result<std::string> checked_integer(const std::string& key, const std::string& text,
                                    const Json& property) {
    std::int64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || at != end) return wrong(key, "is not a whole number");
    if (property.contains("minimum") && value < property["minimum"].get<std::int64_t>())
        return wrong(key, "is below " + text_of(property["minimum"]));
    if (property.contains("maximum") && value > property["maximum"].get<std::int64_t>())
        return wrong(key, "is above " + text_of(property["maximum"]));
    return text;
}

// The value as the plugin reads it.
Result<std::string> checked(const std::string& key, const std::string& text, const Json& property) {
    const auto type = property.value("type", "string");
    if (type == "integer") return checked_integer(key, text, property);
    if (type == "boolean") {
        const auto truth = config::parse_bool(text);
        if (!truth) return wrong(key, "is neither true nor false");
        return std::string(*truth ? "true" : "false");
    }
    if (!property.contains("enum")) return text;
    std::string words;
    for (const Json& word : property["enum"]) {
        if (text_of(word) == text) return text;
        words += (words.empty() ? "" : ", ") + text_of(word);
    }
    return wrong(key, "is not one of " + words);
}

// One pass over the options; what each step needs of the others.
class Configurer {
public:
    Configurer(const Json& schema, bool closed)
        : properties_(schema.value("properties", Json::object())),
          required_(schema.value("required", Json::array())),
          closed_(closed) {}

    Status take(const std::string& key, const std::string& value) {
        if (properties_.contains(key)) return take_known(key, value);
        if (key.ends_with(kFile)) {
            const auto base = key.substr(0, key.size() - kFile.size());
            if (properties_.contains(base)) return take_file(base, value);
        }
        if (closed_) return unknown(key);
        made.config[key] = value;
        return {};
    }

    Status complete() {
        for (const auto& [key, property] : properties_.items())
            if (!is_set(key) && property.contains("default"))
                made.config[key] = text_of(property["default"]);
        for (const Json& key : required_)
            if (!is_set(text_of(key)))
                return wrong(text_of(key), "is not set", described(text_of(key)));
        return {};
    }

    Configured made;

private:
    bool is_secret(const std::string& key) const {
        return properties_[key].value("writeOnly", false);
    }
    bool is_set(const std::string& key) const {
        return made.config.contains(key) || made.secrets.contains(key);
    }
    std::string described(const std::string& key) const {
        return properties_.contains(key) ? properties_[key].value("description", "") : "";
    }

    Status take_known(const std::string& key, const std::string& value) {
        if (is_set(key)) return wrong(key, "is given twice, by itself and as '" + key + "_file'");
        if (is_secret(key)) {
            if (!config::is_secret_reference(value))
                return wrong(key, "is a secret, which does not belong into this file",
                             "write '" + key + "_file: /path', or '" + key +
                                 ": env:NAME' or 'credential:NAME'");
            made.secrets[key] = value;
            return {};
        }
        BKT_LET(made.config[key], checked(key, value, properties_[key]));
        return {};
    }

    Status take_file(const std::string& key, const std::string& path) {
        if (is_set(key)) return wrong(key, "is given twice, by itself and as '" + key + "_file'");
        if (!path.starts_with('/')) return wrong(key + "_file", "is not an absolute path");
        if (is_secret(key)) {
            made.secrets[key] = "file:" + path;
            return {};
        }
        BKT_LET(std::string content, config::read_secret_file(path));
        BKT_LET(const auto value, config::trimmed_secret(std::move(content), "'" + path + "'"));
        BKT_LET(made.config[key], checked(key, std::string(value.reveal()), properties_[key]));
        return {};
    }

    Status unknown(const std::string& key) const {
        std::vector<std::string> names;
        for (const auto& [name, property] : properties_.items()) {
            names.push_back(name);
            names.push_back(name + std::string(kFile));
        }
        const std::vector<std::string_view> known(names.begin(), names.end());
        const auto near = config::nearest(key, known);
        return Error{
            Code::invalid, "unknown option '" + key + "'",
            near.empty() ? "see the plugin's documentation" : "did you mean '" + near + "'?"};
    }

    const Json properties_, required_;
    const bool closed_;
};

}  // namespace

Result<Configured> configure(std::string_view schema,
                             const std::map<std::string, std::string>& options, bool closed) {
    try {
        Configurer configurer(Json::parse(schema), closed);
        for (const auto& [key, value] : options) BKT_TRY(configurer.take(key, value));
        BKT_TRY(configurer.complete());
        return std::move(configurer.made);
    } catch (const Json::exception&) {
        return Error{Code::fault, "its config_schema is not what the contract says",
                     "report it to the plugin's author"};
    }
}

}  // namespace bkt::plugin
