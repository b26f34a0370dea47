// config/label_row.hpp: what is known of one job setting: a row of label_table.hpp.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace bkt::config {

enum class LabelType {
    boolean,
    slug,        // letters, digits, '.', '_', '-', not starting with '.' or '-'
    text,        // no control characters
    list,        // comma-separated texts
    number,      // whole; or one of `choices`
    duration,    // "30m"
    compress,    // none, gzip[:1-9], zstd[:1-19], or a boolean
    secret_ref,  // secret_ref.hpp
    secret,      // the secret itself
    choice,
    rate,     // bytes a second as a size
    command,  // argv.hpp
};

// How the value of an older spelling becomes one of today's.
enum class OldForm {
    same,
    path,   // "/run/secrets/pw" -> "file:/run/secrets/pw"
    every,  // "true" -> "*"; "false" says nothing
    days,   // "30" -> "30d"
    up_to_1000
};

struct OldSpelling {
    std::string_view key{};  // "" = none
    OldForm form = OldForm::same;
};

struct LabelRow {
    std::string_view key;
    LabelType type;
    std::string_view fallback{};  // "" = none, or as `help` says
    std::string_view choices{};   // for LabelType::choice and ::number, comma-separated
    std::uint64_t least = 1;      // of a number, duration or rate in its unit; else of its bytes
    std::uint64_t most = 0;
    std::string_view unit = "bytes";
    std::string_view engines{};  // "" = all, "a,b" = these, "!a,b" = all but these
    bool later = false;          // checked, but this version cannot do it yet
    std::array<OldSpelling, 2> old{};
    std::string_view help{};
    std::string_view example{};
};

// Whether the row says anything to this engine.
bool applies(const LabelRow& row, std::string_view engine);

}  // namespace bkt::config
