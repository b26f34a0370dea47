#include "core/config/label_value.hpp"

#include <algorithm>
#include <charconv>

#include "core/base/units.hpp"
#include "core/config/argv.hpp"
#include "core/config/nearest.hpp"
#include "core/config/secret_ref.hpp"
#include "core/config/split.hpp"

namespace bkt::config {

namespace {

Error wrong(const LabelRow& row, const std::string& why, const std::string& hint = {}) {
    return {Code::invalid, "'" + std::string(row.key) + "' " + why,
            hint.empty() ? std::string(row.help) : hint};
}

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

bool is_one_of(std::string_view choices, std::string_view value) {
    const auto words = split(choices, ',');
    return std::find(words.begin(), words.end(), value) != words.end();
}

std::string range_of(const LabelRow& row) {
    return std::to_string(row.least) + " to " + std::to_string(row.most);
}

Result<std::string> check_choice(const LabelRow& row, std::string_view value) {
    if (is_one_of(row.choices, value)) return std::string(value);
    const auto choices = split(row.choices, ',');
    const std::vector<std::string_view> known(choices.begin(), choices.end());
    const auto near = nearest(value, known);
    return wrong(row, "is '" + std::string(value) + "', not one of " + std::string(row.choices),
                 near.empty() ? "" : "did you mean '" + near + "'?");
}

Result<std::string> check_number(const LabelRow& row, std::string_view value) {
    if (is_one_of(row.choices, value)) return std::string(value);
    std::uint64_t number = 0;
    const auto* end = value.data() + value.size();
    const auto [at, error] = std::from_chars(value.data(), end, number);
    // "010" is eight to some and ten to others.
    const bool plain = value.size() == 1 || !value.starts_with('0');
    if (error == std::errc{} && at == end && plain && number >= row.least && number <= row.most)
        return std::string(value);
    return wrong(row, "is '" + std::string(value) + "', not a number from " + range_of(row) +
                          (row.choices.empty() ? "" : " nor " + std::string(row.choices)));
}

Result<std::string> check_duration(const LabelRow& row, std::string_view value) {
    auto parsed = base::parse_duration(value);
    if (!parsed) return std::move(parsed).error().within("'" + std::string(row.key) + "'");
    const auto seconds = static_cast<std::uint64_t>(parsed->count());
    if (seconds >= row.least && seconds <= row.most) return std::string(value);
    return wrong(row, "is '" + std::string(value) + "', not from " + std::to_string(row.least) +
                          "s to " + std::to_string(row.most / 86400) + "d");
}

Result<std::string> check_rate(const LabelRow& row, std::string_view value) {
    auto parsed = base::parse_size(value);
    if (!parsed) return std::move(parsed).error().within("'" + std::string(row.key) + "'");
    if (*parsed == 0) return wrong(row, "is 0", "remove it for no limit");
    if (*parsed <= row.most) return std::string(value);
    return wrong(row, "is '" + std::string(value) + "', more than " + base::human_size(row.most));
}

Result<std::string> check_command(const LabelRow& row, std::string_view value) {
    auto argv = parse_argv(value);
    if (!argv) return wrong(row, argv.error().message, argv.error().hint);
    return to_text(*argv);
}

// Bounds of what is measured in its own bytes.
bool is_measured_in_bytes(LabelType type) {
    return type != LabelType::number && type != LabelType::duration && type != LabelType::rate;
}
constexpr std::size_t kMaxQuantityBytes = 32;

}  // namespace

std::optional<bool> parse_bool(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) {
        return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    });
    if (lower == "true" || lower == "1" || lower == "yes" || lower == "on") return true;
    if (lower == "false" || lower == "0" || lower == "no" || lower == "off") return false;
    return std::nullopt;
}

Result<Compression> parse_compression(std::string_view text) {
    using Method = Compression::Method;
    if (const auto on = parse_bool(text))
        return *on ? Compression{Method::zstd, 3} : Compression{Method::none, 0};
    const auto colon = text.find(':');
    const auto name = text.substr(0, colon);
    const bool gzip = name == "gzip";
    Compression c{gzip ? Method::gzip : Method::zstd, gzip ? 6 : 3};
    if (name == "none" && colon == text.npos) return Compression{Method::none, 0};
    if (gzip || name == "zstd") {
        if (colon == text.npos) return c;
        const auto level = text.substr(colon + 1);
        const auto [end, error] =
            std::from_chars(level.data(), level.data() + level.size(), c.level);
        if (error == std::errc{} && end == level.data() + level.size() && c.level >= 1 &&
            c.level <= (gzip ? 9 : 19))
            return c;
    }
    return Error{Code::invalid, "'" + std::string(text) + "' is not a compression",
                 "write none, gzip, gzip:1-9, zstd or zstd:1-19"};
}

std::string to_text(const Compression& c) {
    switch (c.method) {
        case Compression::Method::none: return "none";
        case Compression::Method::gzip: return "gzip:" + std::to_string(c.level);
        case Compression::Method::zstd: return "zstd:" + std::to_string(c.level);
    }
    return "none";
}

Result<std::string> check_label(const LabelRow& row, std::string_view value) {
    if (value.empty()) return wrong(row, "is empty", "give it a value or remove it");
    const auto most = is_measured_in_bytes(row.type) ? row.most : kMaxQuantityBytes;
    if (value.size() > most)
        return wrong(row, "has " + std::to_string(value.size()) + " bytes, at most " +
                              std::to_string(most) + " are allowed");
    if (has_control(value))
        return wrong(row, "holds a control character (a line break, a tab, ...)");
    switch (row.type) {
        case LabelType::boolean:
            if (const auto on = parse_bool(value)) return std::string(*on ? "true" : "false");
            return wrong(row, "is '" + std::string(value) + "', neither true nor false",
                         "write true or false");
        case LabelType::slug:
            if (is_slug(value)) return std::string(value);
            return wrong(row, "is not a name of 1-64 letters, digits, '.', '_' or '-'");
        case LabelType::list:
            if (!split(value, ',').empty()) return std::string(value);
            return wrong(row, "names nothing");
        case LabelType::compress: {
            auto parsed = parse_compression(value);
            if (!parsed) return std::move(parsed).error().within("'" + std::string(row.key) + "'");
            return to_text(*parsed);
        }
        case LabelType::secret_ref:
            if (auto ref = parse_secret_ref(value); !ref)
                return wrong(row, ref.error().message, ref.error().hint);
            return std::string(value);
        case LabelType::number: return check_number(row, value);
        case LabelType::duration: return check_duration(row, value);
        case LabelType::rate: return check_rate(row, value);
        case LabelType::command: return check_command(row, value);
        case LabelType::choice: return check_choice(row, value);
        case LabelType::secret:
        case LabelType::text: return std::string(value);
    }
    return wrong(row, "has an unknown type");
}

Result<std::optional<std::string>> from_old_spelling(const OldSpelling& old,
                                                     std::string_view value) {
    const auto number_to = [&](unsigned least, unsigned most) -> Result<std::string> {
        const LabelRow bounds{.key = old.key,
                              .type = LabelType::number,
                              .least = least,
                              .most = most,
                              .help = "write a whole number, or use today's key"};
        return check_number(bounds, value);
    };
    switch (old.form) {
        case OldForm::same: return std::optional(std::string(value));
        case OldForm::path:
            return std::optional((value.starts_with('/') ? "file:" : "") + std::string(value));
        case OldForm::every: {
            const auto on = parse_bool(value);
            if (!on)
                return Error{Code::invalid,
                             "'" + std::string(old.key) + "' is neither true nor false",
                             "write db.name: the names of the databases, or *"};
            return *on ? std::optional<std::string>("*") : std::nullopt;
        }
        case OldForm::days: {
            BKT_LET(const std::string days, number_to(1, 3650));
            return std::optional(days + "d");
        }
        case OldForm::up_to_1000: {
            BKT_LET(std::string count, number_to(0, 1000));
            return std::optional(std::move(count));
        }
    }
    return std::optional<std::string>();
}

}  // namespace bkt::config
