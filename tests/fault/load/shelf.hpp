// tests/fault/load/shelf.hpp: a folder of plugins for a test, and a host that judges and loads them.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

#include "core/plugin/elf.hpp"
#include "core/plugin/registry.hpp"
#include "tests/support/temp_dir.hpp"

namespace bkt::plugin {

// The library `name` of tests/fault/load/CMakeLists.txt.
inline std::string fault_library(const std::string& name) {
    return std::string(BAKTAINER_FAULT_PLUGINS) + "/" + name + ".so";
}

inline std::string bytes_of(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

class Shelf final {
public:
    explicit Shelf(const std::string& name = "plugins") : path_(dir_.path() + "/" + name) {
        std::filesystem::create_directories(path_);
        settings_.values["plugins.path"] = {path_, "test"};
        settings_.values["plugins.trusted_keys"] = {dir_.path() + "/trusted.d", "test"};
        settings_.values["state_dir"] = {dir_.path() + "/state", "test"};
    }

    // Puts a plugin's folder there: the library and a manifest that tells the truth about the file and what
    // a right module.c would say, then `edit`ed.
    std::string put(const std::string& id, const std::string& library,
                    const std::function<void(Manifest&)>& edit = {}) {
        const auto folder = path_ + "/" + id;
        std::filesystem::create_directories(folder);
        const auto file = folder + "/libplugin.so";
        std::filesystem::copy_file(library, file,
                                   std::filesystem::copy_options::overwrite_existing);
        write_manifest(folder, manifest_for(id, file, edit));
        return folder;
    }
    static Manifest manifest_for(const std::string& id, const std::string& file,
                                 const std::function<void(Manifest&)>& edit = {}) {
        Manifest m;
        m.id = id;
        m.version = "1.0.0";
        m.vendor = "Acme";
        m.components = {{"notifier/0", "test", "A test", ""}};
        m.arch = machine_name(host_machine());
        m.lib = "libplugin.so";
        m.runtime = "none";
        m.size_bytes = std::filesystem::file_size(file);
        const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
        m.sha256 = sha256_of(fd.get(), file).value_or("");
        if (edit) edit(m);
        return m;
    }
    static void write_manifest(const std::string& folder, const Manifest& m) {
        std::ofstream(folder + "/plugin.json") << to_json(m);
    }

    // Names it in the configuration: pinned to the library as it lies there, and in this process.
    void allow(const std::string& id, const std::string& trust = "",
               const std::string& isolation = "in-process") {
        auto& use = settings_.plugins[id];
        use.origin = "b.yaml:1";
        const auto file = path_ + "/" + id + "/libplugin.so";
        use.trust = {trust.empty() ? "sha256:" + manifest_for(id, file).sha256 : trust, "test"};
        use.isolation = {isolation, "test"};
    }

    // Searches this folder alone, and judges.
    std::vector<Admission> judge() {
        problems_.clear();
        const auto found = search(folders());
        problems_ = found.problems;
        return admit_all(found, Policy::from(settings_, problems_), problems_);
    }
    Registry load(const Isolate& isolate = {}) {
        auto registry = Registry::load(judge(), isolate);
        registry.add_problems(problems_);
        return registry;
    }
    std::vector<SearchFolder> folders() const {
        std::vector<SearchFolder> all;
        for (const auto& path : more_) all.push_back({path, false, true});
        all.insert(all.begin(), {path_, false, true});
        return all;
    }

    const std::string& path() const { return path_; }
    const std::string& home() const { return dir_.path(); }
    config::Settings& settings() { return settings_; }
    void search_also(const std::string& path) { more_.push_back(path); }
    const std::vector<Error>& problems() const { return problems_; }

private:
    test::TempDir dir_;
    std::string path_;
    std::vector<std::string> more_;
    config::Settings settings_;
    std::vector<Error> problems_;
};

// The problems as one text, to look for sentences in.
inline std::string texts(const std::vector<Error>& problems) {
    std::string all;
    for (const auto& p : problems) all += p.message + " [" + p.hint + "]\n";
    return all;
}

}  // namespace bkt::plugin
