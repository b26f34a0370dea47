// config/label_value.hpp: checks one setting's value against its row.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "baktainer/result.hpp"
#include "core/config/label_table.hpp"

namespace bkt::config {

// The value in its normal form ("yes" -> "true"), or why it is wrong. Never echoes a secret.
Result<std::string> check_label(const LabelRow& row, std::string_view value);

// What the value of an older spelling says in today's; nullopt: nothing ("db.all=false").
Result<std::optional<std::string>> from_old_spelling(const OldSpelling& old,
                                                     std::string_view value);

std::optional<bool> parse_bool(std::string_view text);  // true/1/yes/on, false/0/no/off, any case

struct Compression {
    enum class Method { none, gzip, zstd } method = Method::zstd;
    int level = 3;
    bool operator==(const Compression&) const = default;
};
Result<Compression> parse_compression(std::string_view text);
std::string to_text(const Compression& compression);

}  // namespace bkt::config
