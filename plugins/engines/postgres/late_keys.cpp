#include "plugins/engines/postgres/late_keys.hpp"

#include <algorithm>

namespace bkt::postgres {
namespace {

constexpr std::string_view kEntry = "--\n-- Name: ";

// An entry's heading line says what it is.
bool is_key_of(std::string_view entry, const std::vector<std::string>& hypertables) {
    const auto heading =
        entry.substr(kEntry.size(), entry.find('\n', kEntry.size()) - kEntry.size());
    if (heading.find("; Type: FK CONSTRAINT; ") == heading.npos) return false;
    return std::any_of(hypertables.begin(), hypertables.end(), [&](const std::string& name) {
        return entry.find(" REFERENCES " + name + "(") != entry.npos;
    });
}

}  // namespace

LateKeys LateKeys::divide(std::string_view script, const std::vector<std::string>& hypertables) {
    LateKeys keys;
    auto at = std::min(script.find(kEntry), script.size());
    const std::string_view settings = script.substr(0, at);
    keys.now = settings;
    while (at < script.size()) {
        const auto next = std::min(script.find(kEntry, at + kEntry.size()), script.size());
        const auto entry = script.substr(at, next - at);
        (is_key_of(entry, hypertables) ? keys.after : keys.now) += entry;
        at = next;
    }
    if (!keys.after.empty()) keys.after.insert(0, settings);
    return keys;
}

}  // namespace bkt::postgres
