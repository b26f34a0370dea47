#include "core/config/label_words.hpp"

#include "core/base/units.hpp"
#include "core/config/split.hpp"

namespace bkt::config {

namespace {

std::string spaced(std::string_view list) {
    std::string text;
    for (const auto& word : split(list, ',')) text += (text.empty() ? "" : ", ") + word;
    return text;
}

const char* form_words(OldForm form) {
    switch (form) {
        case OldForm::same: return "";
        case OldForm::path: return " (a path)";
        case OldForm::every: return " (true = *)";
        case OldForm::days: return " (1 to 3650 days)";
        case OldForm::up_to_1000: return " (0 to 1000)";
    }
    return "";
}

}  // namespace

std::string type_words(const LabelRow& row) {
    switch (row.type) {
        case LabelType::boolean: return "boolean";
        case LabelType::slug: return "name";
        case LabelType::text: return "text";
        case LabelType::list: return "list, comma-separated";
        case LabelType::number: return "number";
        case LabelType::duration: return "duration";
        case LabelType::compress: return "compression";
        case LabelType::secret_ref: return "reference to a secret";
        case LabelType::secret: return "secret";
        case LabelType::choice: return "choice";
        case LabelType::rate: return "size";
        case LabelType::command: return "command";
    }
    return "";
}

std::string bounds_words(const LabelRow& row) {
    const auto least = std::to_string(row.least), most = std::to_string(row.most);
    switch (row.type) {
        case LabelType::boolean: return "true or false";
        case LabelType::slug: return least + " to " + most + " letters, digits, '.', '_', '-'";
        case LabelType::choice: return spaced(row.choices);
        case LabelType::compress: return "none, gzip[:1-9], zstd[:1-19], boolean";
        case LabelType::duration: return least + "s to " + std::to_string(row.most / 86400) + "d";
        case LabelType::rate: return least + " B to " + base::human_size(row.most) + " a second";
        case LabelType::number:
            return least + " to " + most + (row.unit.empty() ? "" : " " + std::string(row.unit)) +
                   (row.choices.empty() ? "" : ", " + spaced(row.choices));
        case LabelType::text:
        case LabelType::list:
        case LabelType::secret:
        case LabelType::secret_ref:
        case LabelType::command: return least + " to " + most + " bytes";
    }
    return "";
}

std::string engines_words(const LabelRow& row) {
    if (row.engines.empty()) return "all";
    return row.engines.front() == '!' ? "all but " + spaced(row.engines.substr(1))
                                      : spaced(row.engines);
}

std::vector<std::string> old_words(const LabelRow& row) {
    std::vector<std::string> words;
    for (const auto& old : row.old)
        if (!old.key.empty()) words.push_back(std::string(old.key) + form_words(old.form));
    return words;
}

}  // namespace bkt::config
