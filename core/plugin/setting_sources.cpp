#include "core/plugin/setting_sources.hpp"

#include <nlohmann/json.hpp>

#include "core/config/secret_value.hpp"

namespace bkt::plugin {

namespace {

using nlohmann::json;
constexpr std::string_view kFile = "_file";

Error wrong(const std::string& key, const std::string& why, std::string hint = {}) {
    return {Code::invalid, "'" + key + "' " + why, std::move(hint)};
}

class Sources {
public:
    explicit Sources(const std::string& schema) {
        const auto root = json::parse(schema, nullptr, false);
        if (!root.is_object()) return;  // config_schema.cpp says so
        if (const auto found = root.find("properties"); found != root.end() && found->is_object())
            properties_ = *found;
    }

    Status take(const std::string& key, const std::string& value) {
        if (!is_known(key) && key.ends_with(kFile)) {
            const auto base = key.substr(0, key.size() - kFile.size());
            if (is_known(base)) return take_file(base, value);
        }
        if (is_secret(key)) return take_secret(key, value);
        return put(made.config, key, value);
    }

    Sourced made;

private:
    bool is_known(const std::string& key) const { return properties_.contains(key); }
    bool is_secret(const std::string& key) const {
        if (!is_known(key) || !properties_[key].is_object()) return false;
        const auto mark = properties_[key].find("writeOnly");
        return mark != properties_[key].end() && *mark == true;
    }

    Status not_twice(const std::string& key) const {
        if (made.config.contains(key) || made.secrets.contains(key))
            return wrong(key, "is given twice, by itself and as '" + key + "_file'");
        return {};
    }

    Status put(std::map<std::string, std::string>& where, const std::string& key,
               std::string value) {
        BKT_TRY(not_twice(key));
        where[key] = std::move(value);
        return {};
    }

    Status take_secret(const std::string& key, const std::string& reference) {
        if (config::is_secret_reference(reference)) return put(made.secrets, key, reference);
        return wrong(
            key, "is a secret, which does not belong into this file",
            "write '" + key + "_file: /path', or '" + key + ": env:NAME' or 'credential:NAME'");
    }

    Status take_file(const std::string& key, const std::string& path) {
        if (!path.starts_with('/')) return wrong(key + "_file", "is not an absolute path");
        if (is_secret(key)) return put(made.secrets, key, "file:" + path);
        BKT_TRY(not_twice(key));  // before the file is blamed
        BKT_LET(std::string content, config::read_secret_file(path));
        BKT_LET(const auto value, config::trimmed_secret(std::move(content), "'" + path + "'"));
        return put(made.config, key, std::string(value.reveal()));
    }

    json properties_ = json::object();
};

}  // namespace

Result<Sourced> sourced(const std::string& schema,
                        const std::map<std::string, std::string>& options, const WrongAt& at) {
    Sources sources(schema);
    for (const auto& [key, value] : options)
        if (auto taken = sources.take(key, value); !taken)
            return at ? at(key, std::move(taken).error()) : std::move(taken).error();
    return std::move(sources.made);
}

}  // namespace bkt::plugin
