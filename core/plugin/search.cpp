#include "core/plugin/search.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/auxv.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "core/config/split.hpp"

namespace bkt::plugin {

namespace {

namespace fs = std::filesystem;

// Of an open folder, in byte order. Hidden entries and plain files are not plugins.
std::vector<std::string> folders_in(int fd) {
    std::vector<std::string> names;
    const std::unique_ptr<DIR, int (*)(DIR*)> dir(::fdopendir(::dup(fd)), &::closedir);
    while (const dirent* entry = dir ? ::readdir(dir.get()) : nullptr) {
        struct stat st {};
        if (entry->d_name[0] == '.' ||
            ::fstatat(fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 || S_ISREG(st.st_mode))
            continue;
        names.emplace_back(entry->d_name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

Result<Unit> read_unit(const Opened& folder, const SearchFolder& at, const std::string& name) {
    Unit unit;
    unit.path = at.path + "/" + name;
    unit.beside_program = at.beside_program;
    const auto owners = beside_program_owners();
    BKT_LET(auto opened, open_entry(folder.fd.get(), at.path, name, owners));
    auto manifest = open_entry(opened.fd.get(), unit.path, "plugin.json", owners);
    if (!manifest && manifest.error().code == Code::not_found)
        return Error{Code::invalid, "'" + unit.path + "' has no plugin.json",
                     "it is no plugin's folder, or `baktainer-plugin-host --describe LIBRARY` "
                     "makes the file"};
    if (!manifest) return std::move(manifest).error();
    unit.unsafe_builtin = opened.unsafe ? opened.unsafe : manifest->unsafe;
    unit.unsafe = folder.unsafe;
    if (!unit.unsafe) unit.unsafe = why_unsafe(opened.fd.get(), unit.path);
    if (!unit.unsafe) unit.unsafe = why_unsafe(manifest->fd.get(), unit.path + "/plugin.json");
    const auto path = unit.path + "/plugin.json";
    BKT_LET(unit.manifest_text, read_text(manifest->fd.get(), path, kMaxManifestBytes));
    auto parsed = parse_manifest(unit.manifest_text);
    if (!parsed) return std::move(parsed).error().within("'" + path + "'");
    unit.manifest = *std::move(parsed);
    if (unit.manifest.id != name)
        return Error{Code::invalid,
                     "'" + unit.path + "' holds the plugin '" + unit.manifest.id + "'",
                     "name the folder '" + unit.manifest.id + "'"};
    unit.folder = std::make_shared<const UniqueFd>(std::move(opened.fd));
    return unit;
}

void search_one(const SearchFolder& at, SearchResult& into) {
    auto opened = open_folder(at.path);
    if (!opened) {
        if (at.must_exist || opened.error().code != Code::not_found)
            into.problems.push_back(std::move(opened).error().within("no plugins from there"));
        return;
    }
    if (opened->unsafe && !at.beside_program) {
        into.problems.push_back(
            std::move(*opened->unsafe).within("no plugins from '" + at.path + "'"));
        return;
    }
    const auto names = folders_in(opened->fd.get());
    if (names.size() > kMaxUnits)
        into.problems.push_back({Code::invalid, "'" + at.path + "' has more than 1000 entries"});
    for (std::size_t i = 0; i < std::min(names.size(), kMaxUnits); ++i)
        if (auto unit = read_unit(*opened, at, names[i])) into.units.push_back(*std::move(unit));
        else into.problems.push_back(std::move(unit).error());
}

}  // namespace

// Whoever may write the program can do all it can, so what lies beside it need not be held to more: a
// developer's tree may be his group's, and be run by root.
Owners beside_program_owners() {
    struct stat st {};
    if (::stat("/proc/self/exe", &st) != 0) return {};
    return {st.st_uid, (st.st_mode & S_IWOTH) == 0};
}

std::string builtin_folder() {
    std::error_code ec;
    const auto self = fs::read_symlink("/proc/self/exe", ec);
    return (self.parent_path().parent_path() / "lib/baktainer/plugins").string();
}

std::vector<SearchFolder> search_folders(const config::Settings& settings,
                                         const std::string& dev_path) {
    std::vector<SearchFolder> all;
    const auto add = [&](const std::string& path, bool beside_program, bool must_exist) {
        std::error_code ec;
        const auto real = fs::weakly_canonical(path, ec);
        for (auto& there : all)
            if (fs::weakly_canonical(there.path, ec) == real) {
                there.beside_program = there.beside_program || beside_program;
                return;
            }
        all.push_back({path, beside_program, must_exist});
    };
    for (const auto& path : config::split(dev_path, ':')) add(path, false, true);
    for (const auto& path : config::split(settings.text("plugins.path"), ':'))
        add(path, false, true);
    add("/usr/local/lib/baktainer/plugins", false, false);
    add("/usr/lib/baktainer/plugins", false, false);
    add(builtin_folder(), true, true);
    add(settings.text("state_dir") + "/plugins", false, false);
    return all;
}

Result<std::string> dev_plugin_path(bool dev, const config::Environment& environment,
                                    bool privileged) {
    const auto found = environment.find("BAKTAINER_PLUGIN_PATH");
    if (!dev || found == environment.end()) return std::string();
    if (privileged)
        return Error{Code::denied, "--dev takes no plugins from the environment of root",
                     "name the folder in plugins.path, or run as another user"};
    return found->second;
}

bool is_privileged() { return ::geteuid() == 0 || ::getauxval(AT_SECURE) != 0; }

SearchResult search(const std::vector<SearchFolder>& folders) {
    SearchResult result;
    for (const auto& folder : folders) search_one(folder, result);
    return result;
}

}  // namespace bkt::plugin
