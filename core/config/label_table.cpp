#include "core/config/label_table.hpp"

#include <algorithm>
#include <vector>

#include "core/config/nearest.hpp"
#include "core/config/split.hpp"

namespace bkt::config {

namespace {

bool holds(std::string_view list, std::string_view word) {
    const auto words = split(list, ',');
    return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

const LabelRow* find_label(std::string_view key) {
    if (key.empty()) return nullptr;
    for (const auto& row : kLabels) {
        if (row.key == key) return &row;
        for (const auto& old : row.old)
            if (old.key == key) return &row;
    }
    return nullptr;
}

const OldSpelling* find_old_spelling(std::string_view key) {
    if (key.empty()) return nullptr;
    for (const auto& row : kLabels)
        for (const auto& old : row.old)
            if (old.key == key) return &old;
    return nullptr;
}

std::string_view nearest_label(std::string_view key) {
    std::vector<std::string_view> known;
    for (const auto& row : kLabels) known.push_back(row.key);
    const LabelRow* row = find_label(nearest(key, known));
    return row ? row->key : std::string_view{};
}

bool applies(const LabelRow& row, std::string_view engine) {
    const bool known = std::any_of(kEngineNames.begin(), kEngineNames.end(),
                                   [&](const auto& e) { return e.name == engine; });
    if (row.engines.empty() || !known) return true;
    return row.engines.front() == '!' ? !holds(row.engines.substr(1), engine)
                                      : holds(row.engines, engine);
}

std::string_view engine_name(std::string_view name_or_alias) {
    for (const auto& engine : kEngineNames)
        if (holds(engine.aliases, name_or_alias)) return engine.name;
    return name_or_alias;
}

}  // namespace bkt::config
