// setting_text.hpp: what engines check of the settings that labels bring: texts of strangers, which may reach
// a tool only as the value of one option, and a terminal only harmless.
#pragma once

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>
#include <vector>

#include "baktainer/result.hpp"

namespace bkt {

// What is hostile must not reach a terminal through the very error that refuses it.
inline std::string shown(std::string_view text) {
    std::string safe;
    for (const char c : text.substr(0, 80))
        safe += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
    return text.size() > 80 ? safe + "..." : safe;
}

// Code::invalid: "'KEY' is 'VALUE', which WHY".
inline Error invalid_setting(std::string_view key, std::string_view value, std::string_view why) {
    return {Code::invalid,
            "'" + std::string(key) + "' is '" + shown(value) + "', which " + std::string(why)};
}

inline bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

inline Status check_port(std::string_view port) {
    const bool digits =
        !port.empty() && port.size() <= 5 && port.find_first_not_of("0123456789") == port.npos;
    if (!digits || std::stoi(std::string(port)) < 1 || std::stoi(std::string(port)) > 65535)
        return invalid_setting("db.port", port, "is no port number");
    return {};
}

// How many tools "parallel" asks for; 0 = "auto", 1 when it says nothing.
inline constexpr std::size_t kMaxParallel = 16;
inline Result<std::size_t> parallel_of(std::string_view text) {
    if (text.empty()) return std::size_t{1};
    if (text == "auto") return std::size_t{0};
    std::size_t value = 0;
    const auto end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || stop != end || value < 1 || value > kMaxParallel)
        return invalid_setting("parallel", text, "is neither 'auto' nor a number from 1 to 16");
    return value;
}

inline std::string_view without_blanks(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

// "a, b" -> a, b, as they stand there.
inline std::vector<std::string> words_of(std::string_view list) {
    std::vector<std::string> words;
    if (list.empty()) return words;
    for (;;) {
        const auto comma = list.find(',');
        words.emplace_back(without_blanks(list.substr(0, comma)));
        if (comma == list.npos) return words;
        list.remove_prefix(comma + 1);
    }
}

// The databases `db.name` names, each judged by `check(key, name)`; none for "*" and "".
template <class Check>
Result<std::vector<std::string>> database_names(std::string_view list, std::size_t most,
                                                Check&& check) {
    std::vector<std::string> names;
    if (without_blanks(list).empty() || without_blanks(list) == "*") return names;
    for (auto& name : words_of(list)) {
        BKT_TRY(check("db.name", name));
        if (std::find(names.begin(), names.end(), name) != names.end())
            return invalid_setting("db.name", name, "is named twice");
        names.push_back(std::move(name));
        if (names.size() > most)
            return Error{Code::invalid,
                         "'db.name' names more than " + std::to_string(most) + " databases"};
    }
    return names;
}

}  // namespace bkt
