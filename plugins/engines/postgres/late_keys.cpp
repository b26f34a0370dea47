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

// Names in the list have no line ends: pg_restore makes them blanks. Its own remarks begin with ';'.
std::size_t entries_of(std::string_view list) {
    std::size_t count = 0;
    while (!list.empty()) {
        const auto line = list.substr(0, list.find('\n'));
        list.remove_prefix(std::min(list.size(), line.size() + 1));
        if (!line.empty() && line.front() != ';') ++count;
    }
    return count;
}

}  // namespace

Result<LateKeys> LateKeys::divide(std::string_view script, std::string_view list,
                                  const std::vector<std::string>& hypertables) {
    LateKeys keys;
    std::size_t headings = 0;
    auto at = std::min(script.find(kEntry), script.size());
    const std::string_view settings = script.substr(0, at);
    keys.now = settings;
    while (at < script.size()) {
        const auto next = std::min(script.find(kEntry, at + kEntry.size()), script.size());
        const auto entry = script.substr(at, next - at);
        (is_key_of(entry, hypertables) ? keys.after : keys.now) += entry;
        ++headings;
        at = next;
    }
    if (headings != entries_of(list))
        return Error{Code::unsupported,
                     "the definitions of indexes and keys cannot be told apart: a text in them "
                     "looks like the heading of one",
                     "restore to files (--to file:DIR) and follow RESTORE.txt"};
    if (!keys.after.empty()) keys.after.insert(0, settings);
    return keys;
}

}  // namespace bkt::postgres
