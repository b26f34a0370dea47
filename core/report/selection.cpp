#include "core/report/selection.hpp"

#include <nlohmann/json.hpp>
#include <vector>

#include "core/config/nearest.hpp"
#include "core/config/split.hpp"

namespace bkt::report {

namespace {

constexpr std::string_view kWords[] = {"failed",   "failures", "degraded", "warnings",
                                       "finished", "success",  "recovered"};

// Events about notifying are never notified: they would chase their own tail.
bool is_about_notifying(const run::Event& event) {
    return event.id == "notify.failed" ||
           (event.id == "plugin.event" && run::field(event, "kind") == "notifier");
}

Result<std::vector<std::string>> words_of(std::string_view list) {
    if (!list.starts_with('[')) return config::split(list, ',');
    const auto json = nlohmann::json::parse(list, nullptr, false);
    std::vector<std::string> words;
    if (json.is_array())
        for (const auto& item : json)
            if (item.is_string()) words.push_back(item.get<std::string>());
    return words;
}

bool is_event(std::string_view word) {
    for (const auto& row : run::kEvents)
        if (row.id == word) return true;
    return false;
}

Error unknown(const std::string& word) {
    std::vector<std::string_view> known(std::begin(kWords), std::end(kWords));
    for (const auto& row : run::kEvents) known.push_back(row.id);
    const auto near = config::nearest(word, known);
    return {Code::invalid, "'on' names the unknown event '" + word + "'",
            near.empty() ? "write failed, degraded, finished, recovered, or ids of "
                           "docs/reference/events.md"
                         : "did you mean '" + near + "'?"};
}

}  // namespace

Result<Selection> Selection::parse(std::string_view list) {
    BKT_LET(const auto words, words_of(list));
    if (words.empty())
        return Error{Code::invalid, "'on' names no event", "leave it out for failures only"};
    Selection s;
    for (const auto& word : words) {
        if (word == "failed" || word == "failures") s.failed_ = true;
        else if (word == "degraded" || word == "warnings") s.degraded_ = true;
        else if (word == "finished" || word == "success") s.finished_ = true;
        else if (word == "recovered") s.recovered_ = true;
        else if (is_event(word)) s.ids_.insert(word);
        else return unknown(word);
    }
    return s;
}

bool Selection::takes(const run::Event& event, bool recovered) const {
    if (is_about_notifying(event)) return false;
    const auto severity = run::severity_of(event);
    return (failed_ && severity == run::Severity::error) ||
           (degraded_ && severity == run::Severity::warning) ||
           (finished_ && event.id.ends_with(".finished")) || (recovered_ && recovered) ||
           ids_.contains(event.id);
}

}  // namespace bkt::report
