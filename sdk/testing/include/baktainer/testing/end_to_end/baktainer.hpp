// testing/end_to_end/baktainer.hpp: the program, with a home of its own: configuration, store, state.
#pragma once

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "baktainer/testing/end_to_end/process.hpp"
#include "baktainer/testing/end_to_end/temp_dir.hpp"

namespace bkt::testing {

class Baktainer final {
public:
    // `discovery`: the YAML below "discovery:", indented by two blanks.
    explicit Baktainer(std::string discovery);

    const std::string& home() const { return dir_.path(); }
    std::string store() const { return store_; }
    void set_store(const std::string& path) { store_ = path, write_config(); }
    // More lines for the configuration, e.g. "defaults: { compress: none }".
    void configure(const std::string& yaml) { more_ = yaml, write_config(); }

    Ended run(std::vector<std::string> args) const;
    std::unique_ptr<Process> start(std::vector<std::string> args) const;
    // Of `backups --output json`, each line's "id"; newest last.
    std::vector<std::string> ids() const;
    // Files in the store, relative, sorted; RESTORE.txt at its root is left out.
    std::vector<std::string> stored() const;
    // Every byte this program keeps (store, state, and `ended`'s output) searched for a text.
    bool keeps(const std::string& text) const;

    // $BAKTAINER, else what PATH has.
    static std::string program();

private:
    void write_config() const;
    TempDir dir_;
    std::string discovery_, store_, more_;
};

inline Baktainer::Baktainer(std::string discovery)
    : discovery_(std::move(discovery)), store_(dir_.path() + "/store") {
    write_config();
}

inline std::string Baktainer::program() {
    const char* path = std::getenv("BAKTAINER");
#ifdef BAKTAINER_PROGRAM
    return path && *path ? path : BAKTAINER_PROGRAM;
#else
    return path && *path ? path : "baktainer";
#endif
}

inline void Baktainer::write_config() const {
    std::ofstream(home() + "/b.yaml")
        << "host: box\nstate_dir: " << home() << "/state\n"
        << "discovery:\n"
        << discovery_ << "\n"
        << "stores:\n  disk: { type: local, path: " << store_ << " }\n"
        << more_ << "\n";
}

inline Ended Baktainer::run(std::vector<std::string> args) const {
    return start(std::move(args))->wait();
}

inline std::unique_ptr<Process> Baktainer::start(std::vector<std::string> args) const {
    std::vector<std::string> argv{program(), "--config", home() + "/b.yaml"};
    argv.insert(argv.end(), args.begin(), args.end());
    return std::make_unique<Process>(argv);
}

inline std::vector<std::string> Baktainer::ids() const {
    const auto listed = run({"--output", "json", "backups"});
    EXPECT_EQ(listed.exit_code, 0) << listed.err;
    std::vector<std::string> ids;
    std::istringstream lines(listed.out);
    for (std::string line; std::getline(lines, line);)
        ids.push_back(nlohmann::json::parse(line).at("id"));
    return ids;
}

inline std::vector<std::string> Baktainer::stored() const {
    std::vector<std::string> files;
    std::error_code ec;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(store_, ec)) {
        const auto name = std::filesystem::relative(entry.path(), store_).string();
        if (entry.is_regular_file() && name != "RESTORE.txt") files.push_back(name);
    }
    std::sort(files.begin(), files.end());
    return files;
}

inline bool Baktainer::keeps(const std::string& text) const {
    for (const auto& root : {store_, home() + "/state"}) {
        std::error_code ec;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(root, ec)) {
            if (!entry.is_regular_file()) continue;
            std::ifstream in(entry.path(), std::ios::binary);
            std::stringstream all;
            all << in.rdbuf();
            if (all.str().find(text) != std::string::npos) return true;
        }
    }
    return false;
}

}  // namespace bkt::testing
