// targets.hpp: the list of files and servers of this machine that the configuration names.
//
// The list is JSON: [{"name": "notes", "db.engine": "sqlite", "db.name": "/srv/notes.db"}, ...]. Every
// key but "name" becomes the label "baktainer.<key>", so that what a label can say of a container can
// be said of this machine with the same words. It refuses what it does not understand.
#pragma once

#include <string_view>
#include <vector>

#include "baktainer/discovery.hpp"

namespace bkt::local_host {

inline constexpr std::size_t kMaxTargets = 10'000;
inline constexpr std::size_t kMaxNameBytes = 128;

// An empty text is an empty list. Code::invalid says what is wrong and with which target.
Result<std::vector<FoundTarget>> parse_targets(std::string_view json);

}  // namespace bkt::local_host
