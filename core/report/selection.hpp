// report/selection.hpp: which events a notifier is told, as `on:` says.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "baktainer/result.hpp"
#include "core/run/event.hpp"

namespace bkt::report {

inline constexpr std::string_view kDefaultSelection = "failed";

// Words: failed (or failures) = every error; degraded (or warnings) = every warning; finished (or success) =
// every "*.finished"; recovered = a backup that succeeds after one that failed. Beside them event ids.
class Selection final {
public:
    // A list as configured: "failed,run.finished" or a JSON array of texts. Code::invalid names the word and
    // the nearest known one.
    static Result<Selection> parse(std::string_view list);

    bool takes(const run::Event& event, bool recovered) const;

private:
    bool failed_ = false, degraded_ = false, finished_ = false, recovered_ = false;
    std::set<std::string, std::less<>> ids_;
};

}  // namespace bkt::report
