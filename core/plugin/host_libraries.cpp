#include "core/plugin/host_libraries.hpp"

#include <dlfcn.h>
#include <glob.h>
#include <link.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>

#include "core/plugin/safe_path.hpp"

namespace bkt::plugin {

namespace {

namespace fs = std::filesystem;

// Folders the running loader searches: LD_LIBRARY_PATH as it was at start, then its built-in ones.
std::vector<std::string> loader_dirs() {
    const std::unique_ptr<void, int (*)(void*)> self(::dlopen(nullptr, RTLD_LAZY), &::dlclose);
    Dl_serinfo head{};
    if (!self || ::dlinfo(self.get(), RTLD_DI_SERINFOSIZE, &head) != 0) return {};
    const auto memory = std::make_unique<std::byte[]>(head.dls_size);
    auto* info = reinterpret_cast<Dl_serinfo*>(memory.get());
    if (::dlinfo(self.get(), RTLD_DI_SERINFOSIZE, info) != 0 ||
        ::dlinfo(self.get(), RTLD_DI_SERINFO, info) != 0)
        return {};
    std::vector<std::string> dirs;
    for (unsigned i = 0; i < info->dls_cnt; ++i) dirs.emplace_back(info->dls_serpath[i].dls_name);
    return dirs;
}

// ldconfig(8): a folder a line, or "include PATTERN". What it lists ends in the loader's cache.
void add_configured(const std::string& file, std::vector<std::string>& dirs, int depth = 0) {
    constexpr int kMaxDepth = 8;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        line.resize(std::min(line.find('#'), line.size()));
        while (!line.empty() && std::isspace(static_cast<unsigned char>(line.back())))
            line.pop_back();
        if (line.starts_with('/')) dirs.push_back(line);
        if (!line.starts_with("include ") || depth >= kMaxDepth) continue;
        auto pattern = line.substr(line.find_first_not_of(' ', 8));
        if (!pattern.starts_with('/')) pattern = "/etc/" + pattern;
        glob_t found{};
        if (::glob(pattern.c_str(), 0, nullptr, &found) == 0)
            for (std::size_t i = 0; i < found.gl_pathc; ++i)
                add_configured(found.gl_pathv[i], dirs, depth + 1);
        ::globfree(&found);
    }
}

const std::vector<std::string>& system_dirs() {
    static const std::vector<std::string> kDirs = [] {
        auto dirs = loader_dirs();
        add_configured("/etc/ld.so.conf", dirs);
        return dirs;
    }();
    return kDirs;
}

std::optional<std::string> loaded_library(const std::string& name) {
    struct Search {
        const std::string& name;
        std::optional<std::string> path{};
    } search{name};
    ::dl_iterate_phdr(
        [](dl_phdr_info* info, std::size_t, void* data) {
            auto& wanted = *static_cast<Search*>(data);
            if (!info->dlpi_name || fs::path(info->dlpi_name).filename() != wanted.name) return 0;
            wanted.path = info->dlpi_name;
            return 1;
        },
        &search);
    return search.path;
}

// Read once a file: twelve plugins ask the same three libraries.
const std::set<std::string>& versions_of(const std::string& file) {
    static std::mutex mutex;
    static std::map<std::string, std::set<std::string>> known;
    const std::lock_guard lock(mutex);
    const auto found = known.find(file);
    if (found != known.end()) return found->second;
    return known[file] = defined_versions(file).value_or({});
}

Status check_version(const VersionNeed& need, const std::string& file) {
    const auto& there = versions_of(file);
    if (there.empty() || there.count(need.name)) return {};
    const auto family = need.name.substr(0, need.name.find('_'));
    std::vector<VersionNeed> all;
    for (const auto& name : there) all.push_back({need.file, name});
    return Error{Code::unsupported,
                 "it needs " + need.name + ", this host's " + need.file + " has up to " + family +
                     "_" + highest_version(all, family),
                 "install the plugin's build for this distribution, or build it here"};
}

}  // namespace

std::optional<std::string> find_library(const std::string& name,
                                        const std::vector<std::string>& run_path) {
    std::error_code ec;
    if (name.find('/') != name.npos)
        return fs::exists(name, ec) ? std::optional(name) : std::nullopt;
    if (auto loaded = loaded_library(name)) return loaded;
    for (const auto* dirs : {&run_path, &system_dirs()})
        for (const auto& dir : *dirs)
            if (const auto file = fs::path(dir) / name; fs::exists(file, ec)) return file.string();
    return std::nullopt;
}

Status check_host(const ElfFacts& facts) {
    for (const auto& dir : facts.run_path)
        if (auto folder = open_folder(dir); folder && folder->unsafe)
            return std::move(*folder->unsafe).within("it looks for libraries in '" + dir + "'");
    for (const auto& name : facts.needed) {
        const auto file = find_library(name, facts.run_path);
        if (!file)
            return Error{Code::unsupported,
                         "it needs the library '" + name + "', which is not here",
                         "install the package that has it"};
        for (const auto& need : facts.versions)
            if (need.file == name) BKT_TRY(check_version(need, *file));
    }
    return {};
}

}  // namespace bkt::plugin
