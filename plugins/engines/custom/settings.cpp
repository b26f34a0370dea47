#include "plugins/engines/custom/settings.hpp"

#include <nlohmann/json.hpp>

namespace bkt::custom {
namespace {

constexpr std::size_t kMaxMarkerBytes = 1024;

Error invalid(std::string_view key, const std::string& why, std::string hint) {
    return {Code::invalid, "'" + std::string(key) + "' " + why, std::move(hint)};
}

Result<Argv> argv_of(const Call& call, std::string_view key) {
    const std::string text = call.config(key);
    if (text.empty()) return Argv{};
    const auto list = nlohmann::json::parse(text, nullptr, false);
    const char* hint = "write a JSON array of texts, e.g. [\"/usr/bin/tool\", \"dump\"]";
    if (!list.is_array()) return invalid(key, "is no JSON array", hint);
    Argv argv;
    for (const auto& word : list) {
        if (!word.is_string()) return invalid(key, "holds something that is no text", hint);
        argv.push_back(word.get<std::string>());
        if (argv.back().find('\0') != std::string::npos)
            return invalid(key, "holds a NUL byte", hint);
    }
    if (argv.empty() || argv.front().empty()) return invalid(key, "names no program", hint);
    return argv;
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

Result<std::string> unescaped(std::string_view text) {
    const auto bad = [] {
        return invalid("command.end-marker", "has a backslash that stands for nothing",
                       R"(it may stand in \n, \r, \t, \xHH, or for itself as \\)");
    };
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\') {
            bytes += text[i];
            continue;
        }
        switch (++i < text.size() ? text[i] : '\0') {
            case 'n': bytes += '\n'; break;
            case 'r': bytes += '\r'; break;
            case 't': bytes += '\t'; break;
            case '\\': bytes += '\\'; break;
            case 'x': {
                if (i + 2 >= text.size()) return bad();
                const int high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
                if (high < 0 || low < 0) return bad();
                bytes += static_cast<char>(high * 16 + low);
                i += 2;
                break;
            }
            default: return bad();
        }
    }
    return bytes;
}

Result<Settings> Settings::load(const Call& call) {
    Settings s;
    BKT_LET(s.command, argv_of(call, "command"));
    if (s.command.empty())
        return invalid("command", "is not set", "name the program that writes the backup");
    BKT_LET(s.validate, argv_of(call, "command.validate"));
    BKT_LET(s.restore, argv_of(call, "command.restore"));
    const std::string marker = call.config("command.end-marker");
    if (marker.size() > kMaxMarkerBytes)
        return invalid("command.end-marker",
                       "is longer than " + std::to_string(kMaxMarkerBytes) + " bytes",
                       "its last line is enough");
    BKT_LET(s.end_marker, unescaped(marker));
    if (s.end_marker.empty() && s.validate.empty())
        return invalid("command", "alone cannot tell a whole backup from a cut one",
                       "add 'command.end-marker' (what only a whole one ends with) or "
                       "'command.validate' (a program that reads one and exits 0)");
    return s;
}

}  // namespace bkt::custom
