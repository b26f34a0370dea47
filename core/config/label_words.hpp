// config/label_words.hpp: a row of the label table in words, for `labels explain` and the reference page.
#pragma once

#include <string>
#include <vector>

#include "core/config/label_table.hpp"

namespace bkt::config {

std::string type_words(const LabelRow& row);     // "duration"
std::string bounds_words(const LabelRow& row);   // "1s to 3650d", "1 to 16 processes, auto"
std::string engines_words(const LabelRow& row);  // "all", "mongodb", "all but sqlite"
// With what each means when that differs: "db.all (true = *)".
std::vector<std::string> old_words(const LabelRow& row);

}  // namespace bkt::config
