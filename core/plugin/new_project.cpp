#include "core/plugin/new_project.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

namespace bkt::plugin {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxNewIdBytes = 100;
constexpr const char* kKinds[] = {"engine", "storage", "notifier", "discovery",
                                  "hook",   "secrets", "transform"};
constexpr const char* kLangs[] = {"cpp", "c"};

using Words = std::map<std::string, std::string>;

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

std::vector<std::string> split(const std::string& text, char at) {
    std::vector<std::string> words;
    std::istringstream in(text);
    for (std::string word; std::getline(in, word, at);) words.push_back(word);
    if (text.empty() || text.back() == at) words.emplace_back();
    return words;
}

bool is_word(const std::string& word) {
    const auto ok = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    };
    return !word.empty() && word.front() >= 'a' && word.front() <= 'z' && word.back() != '-' &&
           std::all_of(word.begin(), word.end(), ok);
}

// my-pager -> my_pager
std::string target_of(std::string name) {
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
}

// my-pager -> MyPager
std::string class_of(const std::string& name) {
    std::string text;
    for (const auto& word : split(name, '-')) {
        if (word.empty()) continue;
        text += static_cast<char>(std::toupper(static_cast<unsigned char>(word.front())));
        text += word.substr(1);
    }
    return text;
}

Words words_of(const NewProject& wish) {
    const std::string name = split(wish.id, '.').back();
    const std::string version = BAKTAINER_VERSION;
    return {{"@ID@", wish.id},
            {"@NAME@", name},
            {"@TARGET@", target_of(name)},
            {"@CLASS@", class_of(name)},
            {"@KIND@", wish.kind},
            {"@SOURCE@", "src/" + target_of(name) + "." + wish.lang},
            {"@LANGUAGES@", wish.lang == "c" ? "C" : "CXX"},
            {"@SDK@", version.substr(0, version.rfind('.'))}};
}

std::string filled(std::string text, const Words& words) {
    for (const auto& [word, value] : words)
        for (std::size_t at = 0; (at = text.find(word, at)) != std::string::npos;
             at += value.size())
            text.replace(at, word.size(), value);
    return text;
}

Status check_kind(const std::string& templates, const NewProject& wish) {
    if (std::find(std::begin(kKinds), std::end(kKinds), wish.kind) == std::end(kKinds))
        return Error{Code::invalid, "there is no plugin kind '" + wish.kind + "'",
                     "one of: " + joined({std::begin(kKinds), std::end(kKinds)})};
    if (std::find(std::begin(kLangs), std::end(kLangs), wish.lang) == std::end(kLangs))
        return Error{Code::invalid, "there is no language '" + wish.lang + "'",
                     "one of: " + joined({std::begin(kLangs), std::end(kLangs)})};
    if (!fs::is_directory(templates))
        return Error{Code::not_found, "there are no templates in '" + templates + "'",
                     "install the package baktainer-sdk"};
    if (fs::exists(templates + "/" + wish.kind + "/plugin." + wish.lang + ".in")) return {};
    std::vector<std::string> kinds;
    for (const char* kind : kKinds)
        if (fs::exists(templates + "/" + kind + "/plugin." + wish.lang + ".in"))
            kinds.emplace_back(kind);
    return Error{
        Code::invalid,
        "there is no template in '" + wish.lang + "' for the kind '" + wish.kind + "'",
        "in '" + wish.lang + "' there is: " + joined(kinds) + "; the C headers serve every kind"};
}

Status write_file(const std::string& from, const std::string& to, const Words& words) {
    std::ifstream in(from, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    if (!in)
        return Error{Code::not_found, "cannot read '" + from + "'",
                     "install the package baktainer-sdk again"};
    std::error_code ec;
    fs::create_directories(fs::path(to).parent_path(), ec);
    std::ofstream out(to, std::ios::binary);
    out << filled(text.str(), words);
    out.close();
    if (ec || !out) return Error{Code::failed, "cannot write '" + to + "'"};
    return {};
}

}  // namespace

std::string templates_dir() {
    std::error_code ec;
    const auto self = fs::read_symlink("/proc/self/exe", ec);
    return (self.parent_path().parent_path() / "share/baktainer/templates").string();
}

Status check_new_id(const std::string& id) {
    constexpr const char* kHint =
        "take a domain of yours backwards, then the plugin's name, such as com.example.pager";
    const auto words = split(id, '.');
    if (words.size() < 3 || id.size() > kMaxNewIdBytes ||
        !std::all_of(words.begin(), words.end(), is_word))
        return Error{Code::invalid, "'" + id + "' cannot be a plugin's id", kHint};
    if (words.front() == "baktainer")
        return Error{Code::invalid, "ids that begin with 'baktainer' are of its own plugins",
                     kHint};
    return {};
}

Result<WrittenProject> write_project(const std::string& templates, const NewProject& wish) {
    BKT_TRY(check_new_id(wish.id));
    BKT_TRY(check_kind(templates, wish));
    const Words words = words_of(wish);
    const std::string& target = words.at("@TARGET@");
    WrittenProject project;
    project.dir = wish.dir.empty() ? words.at("@NAME@") : wish.dir;
    std::error_code ec;
    if (fs::exists(fs::symlink_status(project.dir, ec)))
        return Error{Code::exists, "'" + project.dir + "' is there already",
                     "name another folder with --dir"};

    const std::pair<std::string, std::string> kFiles[] = {
        {"common/CMakeLists.txt.in", "CMakeLists.txt"},
        {wish.kind + "/plugin." + wish.lang + ".in", words.at("@SOURCE@")},
        {wish.kind + "/test.cpp.in", "tests/" + target + "_test.cpp"},
        {"common/README.md.in", "README.md"},
        {"common/gitignore.in", ".gitignore"},
        {"common/ci.yml.in", ".github/workflows/ci.yml"},
    };
    for (const auto& [from, to] : kFiles) {
        auto written = write_file(templates + "/" + from, project.dir + "/" + to, words);
        if (!written) {
            fs::remove_all(project.dir, ec);  // made by us: it was not there before
            return std::move(written).error();
        }
        project.files.push_back(to);
    }
    return project;
}

}  // namespace bkt::plugin
