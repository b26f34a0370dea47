// archive_tap.hpp: the validator of a part: the archive is whole, and holds what the part is named for.
#pragma once

#include <memory>

#include "plugins/engines/mongodb/archive.hpp"

namespace bkt::mongodb {

// Documents of each collection, left by the tap of a dump for the engine to compare.
using Counts = std::map<Namespace, std::uint64_t>;

// `database`: of which the archive must hold a collection, "" = any: mongodump exits 0 and writes an archive
// of nothing for a database that is not there. `counts` may be null.
std::unique_ptr<Tap> archive_tap(std::string database, std::shared_ptr<Counts> counts);

}  // namespace bkt::mongodb
