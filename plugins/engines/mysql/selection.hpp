// selection.hpp: which tables a job wants (baktainer/table_selection.hpp; what holds a table is its database), and
// what the part of a database holds of it.
#pragma once

#include "baktainer/table_selection.hpp"
#include "plugins/engines/mysql/parts.hpp"

namespace bkt::mysql {

using Pattern = TablePattern;
using Selection = TableSelection;

inline Holds holds_of(const Selection& selection) {
    if (!selection.rows) return Holds::schema;
    if (!selection.schema) return Holds::rows;
    return selection.chooses_tables() ? Holds::some_tables : Holds::everything;
}

}  // namespace bkt::mysql
