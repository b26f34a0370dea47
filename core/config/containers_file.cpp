#include "core/config/containers_file.hpp"

#include <yaml-cpp/yaml.h>

#include <cctype>
#include <filesystem>
#include <set>

namespace bkt::config {

namespace {

constexpr std::string_view kPrefix = "baktainer.";
constexpr int kMaxMaps = 256;  // that one map takes in, however they are nested

unsigned line_of(const YAML::Node& node) {
    return static_cast<unsigned>(node.Mark().line < 0 ? 0 : node.Mark().line + 1);
}

YAML::Node child(const YAML::Node& map, const char* key) {
    // A node that is not there throws when asked what it is.
    return map && map.IsMap() ? map[key] : YAML::Node(YAML::NodeType::Undefined);
}

std::string text_at(const YAML::Node& map, const char* key) {
    const auto node = child(map, key);
    return node && node.IsScalar() ? node.Scalar() : std::string();
}

// "$$" is a dollar to Compose; "$NAME" and "${NAME…}" are filled in from outside.
struct Interpolated {
    std::string text;
    bool filled_in = false;
};
Interpolated interpolated(std::string_view written) {
    Interpolated out;
    for (std::size_t i = 0; i < written.size(); ++i) {
        out.text += written[i];
        if (written[i] != '$' || i + 1 == written.size()) continue;
        const auto next = static_cast<unsigned char>(written[i + 1]);
        if (next == '$') ++i;
        else if (next == '{' || next == '_' || std::isalpha(next)) out.filled_in = true;
    }
    return out;
}

// One key and value of a map, or one "key=value" of a list.
struct Entry {
    std::string key;
    std::string value;
    unsigned line;
    bool plain;  // the value is one text
};

Entry list_entry(const YAML::Node& item) {
    const auto text = item.IsScalar() ? item.Scalar() : std::string();
    const auto at = text.find('=');
    return {text.substr(0, at), at == text.npos ? "" : text.substr(at + 1), line_of(item),
            item.IsScalar()};
}

Entry map_entry(const YAML::Node& key, const YAML::Node& value) {
    return {key.IsScalar() ? key.Scalar() : "", value.IsScalar() ? value.Scalar() : "",
            line_of(key), value.IsScalar() || value.IsNull()};
}

// A map's own keys win over those it takes in with "<<"; a key it has twice is given twice.
void collect(const YAML::Node& node, std::vector<Entry>& entries, std::set<std::string>& seen,
             int& maps_left) {
    if (maps_left-- <= 0) return;
    if (node.IsSequence())
        for (const auto& item : node) entries.push_back(list_entry(item));
    if (!node.IsMap()) return;
    const auto above = seen;
    for (const auto& pair : node) {
        Entry entry = map_entry(pair.first, pair.second);
        if (entry.key == "<<" || above.count(entry.key)) continue;
        seen.insert(entry.key);
        entries.push_back(std::move(entry));
    }
    for (const auto& pair : node) {
        if (!pair.first.IsScalar() || pair.first.Scalar() != "<<") continue;
        if (pair.second.IsMap()) collect(pair.second, entries, seen, maps_left);
        if (pair.second.IsSequence())
            for (const auto& one : pair.second) collect(one, entries, seen, maps_left);
    }
}

std::vector<Entry> entries_of(const YAML::Node& node) {
    std::vector<Entry> entries;
    std::set<std::string> seen;
    int maps_left = kMaxMaps;
    if (node) collect(node, entries, seen, maps_left);
    return entries;
}

// A key of a service, its own or from a "<<".
YAML::Node key_in(const YAML::Node& service, const char* key, int& maps_left) {
    if (maps_left-- <= 0 || !service || !service.IsMap())
        return YAML::Node(YAML::NodeType::Undefined);
    if (const auto own = child(service, key)) return own;
    const auto merged = child(service, "<<");
    if (!merged) return YAML::Node(YAML::NodeType::Undefined);
    if (merged.IsMap()) return key_in(merged, key, maps_left);
    for (const auto& one : merged)
        if (const auto found = key_in(one, key, maps_left)) return found;
    return YAML::Node(YAML::NodeType::Undefined);
}

YAML::Node service_key(const YAML::Node& service, const char* key) {
    int maps_left = kMaxMaps;
    return key_in(service, key, maps_left);
}

class Compose {
public:
    Compose(const YAML::Node& root, const std::string& file) : root_(root) {
        project_ = text_at(root, "name");
        if (project_.empty()) {
            std::error_code ec;
            const auto folder = std::filesystem::absolute(file, ec).parent_path().filename();
            project_ = folder.string();
        }
    }

    ContainersFile read() {
        if (const auto include = child(root_, "include"))
            remark(include, "", "'include' is not followed", "check those files on their own");
        for (const auto& entry : child(root_, "services"))
            if (entry.second.IsMap()) service(entry.first, entry.second);
        return std::move(out_);
    }

private:
    void remark(const YAML::Node& node, const std::string& where, std::string text,
                std::string hint) {
        out_.remarks.push_back({line_of(node), false, where, "", std::move(text), std::move(hint)});
    }

    void service(const YAML::Node& name, const YAML::Node& node) {
        WrittenContainer c;
        c.name = project_ + "/" + name.Scalar();
        c.line = line_of(name);
        if (const auto image = service_key(node, "image"); image && image.IsScalar())
            c.image = image.Scalar();
        for (const auto& entry : entries_of(service_key(node, "environment")))
            if (!entry.key.empty()) c.env[entry.key] = base::Secret(entry.value);
        labels(service_key(node, "labels"), c);
        if (const auto deploy = service_key(node, "deploy"); deploy && deploy.IsMap())
            labels(child(deploy, "labels"), c);
        for (const char* key : {"extends", "env_file", "label_file"})
            if (const auto there = service_key(node, key))
                if (!c.labels.empty() || key != std::string_view("env_file"))
                    remark(there, c.name, "'" + std::string(key) + "' is not followed",
                           "what it brings is not checked here");
        out_.containers.push_back(std::move(c));
    }

    void labels(const YAML::Node& node, WrittenContainer& c) {
        std::set<std::string> here;
        for (const auto& entry : entries_of(node)) {
            if (!entry.key.starts_with(kPrefix)) continue;
            const auto say = [&](bool error, const char* what, const char* hint) {
                out_.remarks.push_back({entry.line, error, c.name, entry.key,
                                        "label '" + entry.key.substr(0, 200) + "' " + what, hint});
            };
            const auto value = interpolated(entry.value);
            const bool filled_in = value.filled_in || interpolated(entry.key).filled_in;
            if (!here.insert(entry.key).second) say(true, "is written twice", "remove one of them");
            if (!entry.plain) say(true, "is no plain text", "write lists with commas, in one line");
            if (filled_in)
                say(false, "is filled in by Compose and not checked",
                    "check the container too: docker inspect NAME | baktainer labels check -");
            if (entry.plain) c.labels.insert({entry.key, {value.text, entry.line, filled_in}});
        }
    }

    const YAML::Node& root_;
    std::string project_;
    ContainersFile out_;
};

WrittenContainer inspected(const YAML::Node& node) {
    WrittenContainer c;
    const auto config = child(node, "Config");
    const auto labels = child(config, "Labels");
    c.line = line_of(node);
    c.image = text_at(config, "Image");
    const auto project = text_at(labels, "com.docker.compose.project");
    const auto service = text_at(labels, "com.docker.compose.service");
    c.name = !project.empty() && !service.empty() ? project + "/" + service : text_at(node, "Name");
    if (c.name.starts_with('/')) c.name.erase(0, 1);
    for (const auto& entry : entries_of(labels))
        if (entry.key.starts_with(kPrefix)) c.labels[entry.key] = {entry.value, entry.line, false};
    for (const auto& entry : entries_of(child(config, "Env")))
        c.env[entry.key] = base::Secret(entry.value);
    return c;
}

Result<ContainersFile> read_root(const YAML::Node& root, const std::string& file) {
    if (const auto services = child(root, "services"); services && services.IsMap())
        return Compose(root, file).read();
    ContainersFile out;
    if (root.IsMap() && child(root, "Config")) out.containers.push_back(inspected(root));
    else if (root.IsSequence())
        for (const auto& one : root)
            if (one.IsMap() && child(one, "Config")) out.containers.push_back(inspected(one));
    if (out.containers.empty())
        return Error{Code::invalid,
                     file +
                         ":1: neither a compose file with services nor what `docker inspect` "
                         "prints of containers",
                     "give a compose.yaml, or: docker inspect NAME… | baktainer labels check -"};
    return out;
}

}  // namespace

Result<ContainersFile> read_containers(const std::string& text, const std::string& file) {
    try {
        return read_root(YAML::Load(text), file);
    } catch (const YAML::Exception& e) {
        return Error{Code::invalid,
                     file + ":" + std::to_string(e.mark.line + 1) + ": not valid YAML: " + e.msg,
                     "check the indentation around that line"};
    }
}

}  // namespace bkt::config
