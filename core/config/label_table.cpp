#include "core/config/label_table.hpp"

#include "core/config/split.hpp"

namespace bkt::config {

const LabelRow* find_label(std::string_view key) {
    for (const auto& row : kLabels) {
        if (row.key == key) return &row;
        for (const auto& old : split(row.old, ','))
            if (old == key) return &row;
    }
    return nullptr;
}

}  // namespace bkt::config
