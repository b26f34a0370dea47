#include "core/config/settings.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "core/base/units.hpp"
#include "core/config/key_table.hpp"
#include "core/config/label_value.hpp"
#include "core/config/nearest.hpp"
#include "core/config/split.hpp"
#include "core/config/yaml_file.hpp"

extern char** environ;

namespace bkt::config {

namespace {

namespace fs = std::filesystem;

std::string variable(const Environment& env, std::string_view name) {
    const auto found = env.find(name);
    return found == env.end() ? std::string() : found->second;
}

std::string default_file(const Environment& env) {
    std::vector<std::string> places;
    if (const auto home = variable(env, "XDG_CONFIG_HOME"); !home.empty())
        places.push_back(home + "/baktainer/baktainer.yaml");
    else if (const auto user = variable(env, "HOME"); !user.empty())
        places.push_back(user + "/.config/baktainer/baktainer.yaml");
    places.emplace_back("/etc/baktainer/baktainer.yaml");
    for (const auto& place : places)
        if (std::error_code ec; fs::exists(place, ec)) return place;
    return {};
}

std::string default_state_dir(const Environment& env) {
    if (const auto dir = variable(env, "STATE_DIRECTORY"); !dir.empty()) return dir;
    if (::geteuid() == 0) return "/var/lib/baktainer";
    if (const auto dir = variable(env, "XDG_STATE_HOME"); !dir.empty()) return dir + "/baktainer";
    return variable(env, "HOME") + "/.local/state/baktainer";
}

std::string host_name() {
    char name[256] = {};
    if (::gethostname(name, sizeof name - 1) != 0 || !name[0]) return "localhost";
    return name;
}

Result<void> check_key(const KeyRow& row, const Value& value) {
    const auto bad = [&](const std::string& why) {
        return Error{Code::invalid, value.origin + ": '" + std::string(row.key) + "' " + why,
                     std::string(row.doc)};
    };
    if (value.text.empty()) return bad("is empty");
    switch (row.type) {
        case KeyType::size: {
            auto size = base::parse_size(value.text);
            if (!size)
                return std::move(size).error().within(value.origin + ": '" + std::string(row.key) +
                                                      "'");
            if (*size < (16ull << 20)) return bad("is below 16MiB");
            break;
        }
        case KeyType::count: {
            unsigned n = 0;
            const auto* end = value.text.data() + value.text.size();
            const auto [at, error] = std::from_chars(value.text.data(), end, n);
            if (error != std::errc{} || at != end || n < 1 || n > 50)
                return bad("is not a number from 1 to 50");
            break;
        }
        case KeyType::choice: {
            const auto choices = split(row.choices, ',');
            if (std::find(choices.begin(), choices.end(), value.text) == choices.end())
                return bad("is '" + value.text + "', not one of " + std::string(row.choices));
            break;
        }
        case KeyType::path:
            if (!value.text.starts_with('/')) return bad("is not an absolute path");
            break;
        case KeyType::folders:
        case KeyType::text: break;
    }
    return {};
}

// Origin's variables that are not keys of their own.
Result<void> apply_old_variables(Settings& s, const Environment& env) {
    const auto set = [&](const char* name, auto&& apply) {
        if (const auto text = variable(env, name); !text.empty())
            apply(Value{text, std::string("environment ") + name});
    };
    set("BT_DOCKER_URL", [&](Value v) {
        auto& docker = s.discovery["docker"];
        docker.type = "docker";
        docker.options["socket"] = std::move(v);
    });
    set("BT_BACKUP_DIR", [&](Value v) {
        auto& store = s.stores["disk"];
        if (store.type.empty()) store.type = "local";
        store.origin = v.origin;
        store.options["path"] = std::move(v);
    });
    set("BT_COMPRESS", [&](Value v) {  // a bare true meant gzip, and still does
        if (parse_bool(v.text) == true) v.text = "gzip";
        s.defaults["compress"] = std::move(v);
    });
    return {};
}

Result<void> check_defaults(Settings& s) {
    for (auto& [key, value] : s.defaults) {
        const LabelRow* row = find_label(key);
        if (row->later)
            return Error{Code::invalid,
                         value.origin + ": 'defaults." + key + "' is not in this version",
                         std::string(row->help)};
        auto checked = check_label(*row, value.text);
        if (!checked) return std::move(checked).error().within(value.origin + ": defaults");
        value.text = *checked;
    }
    return {};
}

bool is_pin(std::string_view text) {
    return text.starts_with("sha256:") && text.size() == 7 + 64 &&
           text.find_first_not_of("0123456789abcdef", 7) == text.npos;
}

Result<void> check_plugins(Settings& s) {
    for (auto& [id, use] : s.plugins) {
        if (use.isolation.text.empty()) use.isolation = {"auto", "default"};
        const auto bad = [&, name = id](const Value& value, const char* key, const char* hint) {
            return Error{
                Code::invalid,
                value.origin + ": 'plugins.use." + name + "." + key + "' is '" + value.text + "'",
                hint};
        };
        const auto& trust = use.trust.text;
        if (!trust.empty() && trust != "signed" && trust != "unsigned" && !is_pin(trust))
            return bad(use.trust, "trust",
                       "say signed, unsigned, or sha256: and the 64 lowercase hex digits that "
                       "`baktainer plugin trust` prints");
        const auto& where = use.isolation.text;
        if (where != "auto" && where != "in-process" && where != "worker")
            return bad(use.isolation, "isolation", "say auto, in-process or worker");
        if (trust == "unsigned" && where == "in-process")
            return bad(use.isolation, "isolation",
                       "an unsigned plugin always runs in a worker: pin it by its sha256 first");
    }
    return {};
}

void fill_blocks(Settings& s, const Environment& env) {
    if (s.discovery.empty()) s.discovery["docker"] = {"docker", "default", {}};
    if (!s.stores.empty()) return;
    std::error_code ec;
    std::string path = "/backups";
    if (!fs::is_directory(path, ec)) {
        const auto data = variable(env, "XDG_DATA_HOME");
        path = ::geteuid() == 0 ? "/var/lib/baktainer/backups"
               : !data.empty()  ? data + "/baktainer/backups"
                                : variable(env, "HOME") + "/.local/share/baktainer/backups";
    }
    s.stores["disk"] = {"local", "default", {{"path", {path, "default"}}}};
}

}  // namespace

std::uint64_t Settings::size(std::string_view key) const {
    return base::parse_size(text(key)).value_or(0);
}

unsigned Settings::count(std::string_view key) const {
    return static_cast<unsigned>(std::stoul(text(key)));
}

Environment process_environment() {
    Environment env;
    for (char** entry = environ; entry && *entry; ++entry) {
        const std::string_view text = *entry;
        if (const auto at = text.find('='); at != text.npos)
            env.emplace(text.substr(0, at), text.substr(at + 1));
    }
    return env;
}

Result<Settings> load(const std::string& file, const Environment& environment) {
    Settings s;
    const std::string main = file.empty() ? default_file(environment) : file;
    if (!main.empty()) {
        BKT_TRY(read_yaml(main, s));
        BKT_TRY(read_fragments((fs::path(main).parent_path() / "conf.d").string(), s));
    }
    BKT_TRY(apply_old_variables(s, environment));
    for (const auto& row : kKeys) {
        if (const auto text = variable(environment, row.env); !row.env.empty() && !text.empty())
            s.values[std::string(row.key)] = {text, "environment " + std::string(row.env)};
        if (s.values.count(row.key) == 0)
            s.values[std::string(row.key)] = {std::string(row.fallback), "default"};
    }
    if (s.text("host").empty()) s.values["host"].text = host_name();
    if (s.text("state_dir").empty()) s.values["state_dir"].text = default_state_dir(environment);
    for (const auto& row : kKeys)
        if (const auto& value = s.values[std::string(row.key)];
            !(value.text.empty() && row.fallback.empty()))
            BKT_TRY(check_key(row, value));
    BKT_TRY(check_defaults(s));
    BKT_TRY(check_plugins(s));
    fill_blocks(s, environment);
    return s;
}

}  // namespace bkt::config
