#include "core/config/yaml_file.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/config/key_table.hpp"
#include "core/config/label_value.hpp"
#include "core/config/nearest.hpp"

namespace bkt::config {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMaxFileBytes = 1 << 20;

// Reads one document; holds what every step needs to say where something is wrong.
class Reader {
public:
    Reader(const std::string& file, Settings& into) : file_(file), s_(into) {}

    Result<void> read(const YAML::Node& root) {
        if (root.IsNull()) return {};
        if (!root.IsMap()) return wrong(root, "the file is not a list of keys");
        for (const auto& entry : root) {
            const auto key = entry.first.Scalar();
            if (key == "stores") BKT_TRY(blocks(entry.second, key, s_.stores));
            else if (key == "discovery") BKT_TRY(blocks(entry.second, key, s_.discovery));
            else if (key == "notifiers") BKT_TRY(blocks(entry.second, key, s_.notifiers));
            else if (key == "secrets") BKT_TRY(secrets(entry.second));
            else if (key == "defaults") BKT_TRY(defaults(entry.second, ""));
            else BKT_TRY(plain(entry.first, entry.second, key));
        }
        return {};
    }

private:
    std::string at(const YAML::Node& node) const {
        return file_ + ":" + std::to_string(node.Mark().line + 1);
    }
    Error wrong(const YAML::Node& node, const std::string& why, std::string hint = {}) const {
        return {Code::invalid, at(node) + ": " + why, std::move(hint)};
    }
    Error unknown(const YAML::Node& node, const std::string& key,
                  const std::vector<std::string_view>& known) const {
        const auto near = nearest(key, known);
        return wrong(node, "unknown key '" + key + "'",
                     near.empty() ? "see `baktainer config show` for the keys there are"
                                  : "did you mean '" + near + "'?");
    }

    Result<void> folders(const std::string& key, const YAML::Node& node) {
        std::string joined;
        for (const auto& item : node) {
            if (!item.IsScalar() || item.Scalar().empty() ||
                item.Scalar().find(':') != std::string::npos)
                return wrong(item,
                             "'" + key + "' is a list of folders, without ':' in their names");
            joined += (joined.empty() ? "" : ":") + item.Scalar();
        }
        s_.values[key] = {joined, at(node)};
        return {};
    }

    // A key of key_table.hpp: "log: { level: debug }" is the same as "log.level: debug".
    Result<void> plain(const YAML::Node& name, const YAML::Node& node, const std::string& key) {
        if (key == "plugins.use") return plugin_uses(node);
        std::vector<std::string_view> known = {"stores",  "discovery", "notifiers",
                                               "secrets", "defaults",  "plugins.use"};
        bool branch = false;
        for (const auto& row : kKeys) {
            if (row.key == key) {
                if (row.type == KeyType::folders && node.IsSequence()) return folders(key, node);
                if (!node.IsScalar()) return wrong(name, "'" + key + "' needs one plain value");
                s_.values[key] = {node.Scalar(), at(node)};
                return {};
            }
            branch = branch || row.key.starts_with(key + ".");
            known.push_back(row.key);
        }
        if (!branch) return unknown(name, key, known);
        if (!node.IsMap()) return wrong(name, "'" + key + "' needs keys below it");
        for (const auto& entry : node)
            BKT_TRY(plain(entry.first, entry.second, key + "." + entry.first.Scalar()));
        return {};
    }

    Result<void> blocks(const YAML::Node& node, const std::string& what,
                        std::map<std::string, Block>& into) {
        if (!node.IsMap()) return wrong(node, "'" + what + "' needs named blocks below it");
        for (const auto& entry : node) {
            const auto name = entry.first.Scalar();
            if (!entry.second.IsMap() && !entry.second.IsNull())
                return wrong(entry.first, "'" + what + "." + name + "' needs keys below it");
            Block& block = into[name];
            block.origin = at(entry.first);
            for (const auto& option : entry.second) {
                const auto key = option.first.Scalar();
                if (key == "type") block.type = option.second.Scalar();
                else block.options[key] = {text_of(option.second), at(option.second)};
            }
            // A discovery source is usually named after its plugin; a store never is.
            if (block.type.empty() && what == "discovery") block.type = name;
            if (block.type.empty())
                return wrong(entry.first, "'" + what + "." + name + "' has no 'type'",
                             "say which plugin it is, e.g. type: local");
        }
        return {};
    }

    Result<void> secrets(const YAML::Node& node) {
        BKT_TRY(blocks(node, "secrets", s_.secrets));
        for (const auto& entry : node) {
            const auto name = entry.first.Scalar();
            const auto ref = parse_secret_ref(name + ":x");
            if (ref && ref->where == SecretRef::Where::provider) continue;
            return wrong(entry.first, "'secrets." + name + "' cannot be a provider's name",
                         "write letters, digits, '.', '_' or '-', and none of env, file, "
                         "docker-secret, host-file and credential");
        }
        return {};
    }

    Result<void> plugin_uses(const YAML::Node& node) {
        if (!node.IsMap()) return wrong(node, "'plugins.use' needs plugin ids below it");
        for (const auto& entry : node) {
            const auto id = entry.first.Scalar();
            PluginUse& use = s_.plugins[id];
            use.origin = at(entry.first);
            if (!entry.second.IsMap() && !entry.second.IsNull())
                return wrong(entry.first, "'plugins.use." + id + "' needs keys below it",
                             "`baktainer plugin trust " + id + "` prints them");
            for (const auto& option : entry.second)
                BKT_TRY(plugin_use(option.first, option.second, use));
        }
        return {};
    }

    Result<void> plugin_use(const YAML::Node& name, const YAML::Node& node, PluginUse& use) {
        const auto key = name.Scalar();
        if (key == "experimental") {
            use.experimental.clear();
            if (!node.IsSequence()) return wrong(name, "'experimental' is no list");
            for (const auto& item : node) use.experimental.push_back(item.Scalar());
            return {};
        }
        if (key == "trust" || key == "isolation") {
            if (!node.IsScalar()) return wrong(name, "'" + key + "' needs one plain value");
            (key == "trust" ? use.trust : use.isolation) = {node.Scalar(), at(node)};
            return {};
        }
        std::vector<std::string_view> known;
        for (const auto& row : kPluginUseKeys) known.push_back(row.key);
        return unknown(name, key, known);
    }

    Result<void> defaults(const YAML::Node& node, const std::string& prefix) {
        if (!node.IsMap()) return wrong(node, "'defaults' needs keys below it");
        for (const auto& entry : node) {
            const auto key = prefix + entry.first.Scalar();
            if (const LabelRow* row = find_label(key)) {
                BKT_TRY(default_of(*row, key, entry.second));
            } else if (entry.second.IsMap()) {
                BKT_TRY(defaults(entry.second, key + "."));
            } else {
                std::vector<std::string_view> known;
                for (const auto& row : kLabels) known.push_back(row.key);
                return unknown(entry.first, key, known);
            }
        }
        return {};
    }

    Result<void> default_of(const LabelRow& row, const std::string& key, const YAML::Node& node) {
        std::optional<std::string> text = node.IsScalar() ? node.Scalar() : joined(node);
        if (row.type == LabelType::command && node.IsSequence()) text = to_json(node).dump();
        if (const auto* old = find_old_spelling(key)) {
            auto translated = from_old_spelling(*old, *text);
            if (!translated) return std::move(translated).error().within(at(node));
            text = *std::move(translated);
        }
        if (text) s_.defaults[std::string(row.key)] = {*std::move(text), at(node)};
        return {};
    }

    static std::string joined(const YAML::Node& list) {
        std::string text;
        for (const auto& item : list) text += (text.empty() ? "" : ",") + item.Scalar();
        return text;
    }

    static std::string text_of(const YAML::Node& node) {
        return node.IsScalar() ? node.Scalar() : to_json(node).dump();
    }
    // Values below a block stay text: what they mean is the plugin's business.
    static nlohmann::json to_json(const YAML::Node& node) {
        if (node.IsSequence()) {
            auto list = nlohmann::json::array();
            for (const auto& item : node) list.push_back(to_json(item));
            return list;
        }
        if (node.IsMap()) {
            auto map = nlohmann::json::object();
            for (const auto& entry : node) map[entry.first.Scalar()] = to_json(entry.second);
            return map;
        }
        return node.IsNull() ? "" : node.Scalar();
    }

    const std::string& file_;
    Settings& s_;
};

}  // namespace

Result<void> read_yaml(const std::string& file, Settings& into) {
    std::error_code ec;
    const auto size = fs::file_size(file, ec);
    if (ec)
        return Error{Code::invalid, "cannot read '" + file + "': " + ec.message(),
                     "name an existing file with --config, or none to use the defaults"};
    if (size > kMaxFileBytes) return Error{Code::invalid, "'" + file + "' is larger than 1 MiB"};
    try {
        BKT_TRY(Reader(file, into).read(YAML::LoadFile(file)));
    } catch (const YAML::Exception& e) {
        return Error{Code::invalid,
                     file + ":" + std::to_string(e.mark.line + 1) + ": not valid YAML: " + e.msg,
                     "check the indentation around that line"};
    }
    into.files.push_back(file);
    return {};
}

Result<void> read_fragments(const std::string& dir, Settings& into) {
    std::vector<std::string> files;
    std::error_code ec;
    for (const auto& entry : fs::directory_iterator(dir, ec))
        if (entry.path().extension() == ".yaml") files.push_back(entry.path().string());
    std::sort(files.begin(), files.end());
    for (const auto& file : files) BKT_TRY(read_yaml(file, into));
    return {};
}

}  // namespace bkt::config
