#include "plugins/engines/sqlite/database_file.hpp"

#include <algorithm>
#include <set>

#include "baktainer/engine.hpp"

namespace bkt::sqlite {
namespace {

constexpr auto kHint =
    "set 'db.name' to the absolute path of the database file, several separated by commas";
constexpr std::size_t kMaxPartStemBytes = 180;  // leaves room for "-1000.sqlite" in 200

// What is hostile must not reach a terminal through the very error that refuses it.
std::string shown(std::string_view text) {
    std::string safe;
    for (const char c : text.substr(0, 120))
        safe += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
    return text.size() > 120 ? safe + "..." : safe;
}

Error invalid(std::string_view path, const std::string& why) {
    return {Code::invalid, "the database path '" + shown(path) + "' " + why, kHint};
}

std::string_view trimmed(std::string_view s) {
    while (!s.empty() && s.front() == ' ') s.remove_prefix(1);
    while (!s.empty() && s.back() == ' ') s.remove_suffix(1);
    return s;
}

std::string stem_of(std::string_view path) {
    std::string stem = part_name(path.substr(path.rfind('/') + 1), "");
    if (stem.size() <= kMaxPartStemBytes) return stem;
    // Never through the middle of a "%XX".
    std::size_t end = kMaxPartStemBytes;
    if (const auto percent = stem.find('%', end - 2); percent < end) end = percent;
    return stem.substr(0, end);
}

}  // namespace

Error no_file(const std::string& path) {
    return {Code::not_found, "there is no database file '" + path + "'",
            "check 'db.name' and that the volume is mounted"};
}

Status check_path(std::string_view path) {
    if (path.size() > kMaxPathBytes)
        return invalid(path, "is longer than " + std::to_string(kMaxPathBytes) + " bytes");
    if (path.empty() || path.front() != '/') return invalid(path, "is not absolute");
    if (path.back() == '/') return invalid(path, "names a folder");
    for (const char c : path)
        if (c == '\0' || c == '\n' || c == '\r')
            return invalid(path, "holds a line break or a NUL byte");
    return {};
}

Result<std::vector<DatabaseFile>> parse_files(std::string_view list) {
    if (trimmed(list).empty()) return Error{Code::invalid, "no database file is named", kHint};
    std::vector<DatabaseFile> files;
    std::set<std::string> parts, paths;
    while (true) {
        const auto comma = list.find(',');
        const std::string_view path = trimmed(list.substr(0, comma));
        BKT_TRY(check_path(path));
        if (!paths.emplace(path).second) return invalid(path, "is named twice");
        if (paths.size() > kMaxFiles)
            return Error{Code::invalid,
                         "more than " + std::to_string(kMaxFiles) + " files are named"};
        const std::string stem = stem_of(path);
        std::string part = stem + ".sqlite";
        for (int n = 2; !parts.insert(part).second; ++n)
            part = stem + "-" + std::to_string(n) + ".sqlite";
        files.push_back({std::string(path), std::move(part)});
        if (comma == std::string_view::npos) return files;
        list.remove_prefix(comma + 1);
    }
}

}  // namespace bkt::sqlite
