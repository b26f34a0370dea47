#include "core/config/label_value.hpp"

#include <algorithm>
#include <charconv>

#include "core/base/units.hpp"
#include "core/config/nearest.hpp"
#include "core/config/split.hpp"

namespace bkt::config {

namespace {

Error wrong(const LabelRow& row, const std::string& why, const std::string& hint = {}) {
    return {Code::invalid, "'" + std::string(row.key) + "' " + why,
            hint.empty() ? std::string(row.doc) : hint};
}

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

bool is_slug(std::string_view text) {
    const auto ok = [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '_' || c == '-';
    };
    return !text.empty() && text.size() <= 64 && text.front() != '.' && text.front() != '-' &&
           std::all_of(text.begin(), text.end(), ok);
}

bool is_secret_ref(std::string_view text) {
    const auto rest_of = [&](std::string_view scheme) {
        return text.starts_with(scheme) ? text.substr(scheme.size()) : std::string_view{};
    };
    if (rest_of("file:").starts_with('/') || rest_of("host-file:").starts_with('/')) return true;
    return !rest_of("env:").empty() || is_slug(rest_of("docker-secret:")) ||
           is_slug(rest_of("credential:"));
}

Result<std::string> check_choice(const LabelRow& row, std::string_view value) {
    const auto choices = split(row.choices, ',');
    if (std::find(choices.begin(), choices.end(), value) != choices.end())
        return std::string(value);
    const std::vector<std::string_view> known(choices.begin(), choices.end());
    const auto near = nearest(value, known);
    return wrong(row, "is '" + std::string(value) + "', not one of " + std::string(row.choices),
                 near.empty() ? "" : "did you mean '" + near + "'?");
}

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
    if (value.size() > row.most)
        return wrong(row, "has " + std::to_string(value.size()) + " bytes, at most " +
                              std::to_string(row.most) + " are allowed");
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
        case LabelType::port: {
            int port = 0;
            const auto [end, error] =
                std::from_chars(value.data(), value.data() + value.size(), port);
            if (error == std::errc{} && end == value.data() + value.size() && port >= 1 &&
                port <= 65535)
                return std::string(value);
            return wrong(row, "is '" + std::string(value) + "', not a port from 1 to 65535");
        }
        case LabelType::duration: {
            auto parsed = base::parse_duration(value);
            if (!parsed) return std::move(parsed).error().within("'" + std::string(row.key) + "'");
            return std::string(value);
        }
        case LabelType::rate: {
            auto parsed = base::parse_size(value);
            if (!parsed) return std::move(parsed).error().within("'" + std::string(row.key) + "'");
            if (*parsed == 0) return wrong(row, "is 0", "remove it for no limit");
            return std::string(value);
        }
        case LabelType::compress: {
            auto parsed = parse_compression(value);
            if (!parsed) return std::move(parsed).error().within("'" + std::string(row.key) + "'");
            return to_text(*parsed);
        }
        case LabelType::secret_ref:
            if (is_secret_ref(value)) return std::string(value);
            return wrong(row, "is not a reference to a secret");
        case LabelType::choice: return check_choice(row, value);
        case LabelType::secret:
        case LabelType::text:
        case LabelType::later: return std::string(value);
    }
    return wrong(row, "has an unknown type");
}

}  // namespace bkt::config
