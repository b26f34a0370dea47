#include "plugins/discovery/local/targets.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

namespace bkt::local_host {
namespace {

using nlohmann::json;

constexpr auto kHint =
    "write each target as {\"name\": \"notes\", \"db.engine\": \"sqlite\", \"db.name\": "
    "\"/srv/notes.db\"}";

Error invalid(std::string message) { return {Code::invalid, std::move(message), kHint}; }

// A name becomes an id, a folder in the store and a word of a command line.
bool is_name(std::string_view name) {
    return !name.empty() && name.size() <= kMaxNameBytes && name.front() != '.' &&
           name.front() != '-' && std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_' || c == '-' || c == '.';
           });
}

// A list is what a label would say instead: the words of a command as JSON, anything else with commas.
Result<std::string> label_text(const std::string& key, const json& value,
                               const std::string& where) {
    if (value.is_array() && key.starts_with("command")) return value.dump();
    if (value.is_array()) {
        std::string list;
        for (const auto& item : value) {
            if (item.is_structured()) return invalid(where + " is a list of more than plain words");
            BKT_LET(const std::string word, label_text(key, item, where));
            list += (list.empty() ? "" : ",") + word;
        }
        return list;
    }
    if (value.is_string()) return value.get<std::string>();
    if (value.is_boolean() || value.is_number_integer()) return value.dump();
    return invalid(where + " is neither text, number, list nor true or false");
}

Result<FoundTarget> parse_target(const json& item, std::size_t index) {
    const std::string where = "local target " + std::to_string(index + 1);
    if (!item.is_object()) return invalid(where + " is not an object");
    const auto name = item.find("name");
    if (name == item.end() || !name->is_string()) return invalid(where + " has no 'name'");
    FoundTarget target;
    target.name = name->get<std::string>();
    if (!is_name(target.name))
        return invalid(where + " has a 'name' outside [A-Za-z0-9_.-], 1 to " +
                       std::to_string(kMaxNameBytes) +
                       " characters, starting with neither '.' nor '-'");
    target.id = target.name;
    target.host_files = true;
    target.labels.emplace_back("baktainer.backup", "true");
    for (const auto& [key, value] : item.items()) {
        if (key == "name") continue;
        const std::string at = "'" + key + "' of local target '" + target.name + "'";
        BKT_LET(std::string text, label_text(key, value, at));
        if (key == "backup") target.labels.front().second = std::move(text);
        else target.labels.emplace_back("baktainer." + key, std::move(text));
    }
    return target;
}

}  // namespace

Result<std::vector<FoundTarget>> parse_targets(std::string_view text) {
    std::vector<FoundTarget> targets;
    if (text.empty()) return targets;
    const json list = json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (list.is_discarded()) return invalid("the list of local targets is not JSON");
    if (!list.is_array()) return invalid("the list of local targets is not a list");
    if (list.size() > kMaxTargets)
        return invalid("there are more than " + std::to_string(kMaxTargets) + " local targets");
    std::set<std::string> names;
    for (std::size_t i = 0; i < list.size(); ++i) {
        BKT_LET(FoundTarget target, parse_target(list[i], i));
        if (!names.insert(target.name).second)
            return invalid("two local targets are named '" + target.name + "'");
        targets.push_back(std::move(target));
    }
    return targets;
}

}  // namespace bkt::local_host
