#include "tests/support/baktainer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace bkt::test {

namespace fs = std::filesystem;

Baktainer::Baktainer(std::string discovery)
    : discovery_(std::move(discovery)), store_(dir_.path() + "/store") {
    write_config();
}

std::string Baktainer::program() {
    const char* path = std::getenv("BAKTAINER");
    return path ? path : BAKTAINER_PROGRAM;
}

void Baktainer::write_config() const {
    std::ofstream(home() + "/b.yaml")
        << "host: box\nstate_dir: " << home() << "/state\n"
        << "discovery:\n"
        << discovery_ << "\n"
        << "stores:\n  disk: { type: local, path: " << store_ << " }\n"
        << more_ << "\n";
}

Ended Baktainer::run(std::vector<std::string> args) const { return start(std::move(args))->wait(); }

std::unique_ptr<Process> Baktainer::start(std::vector<std::string> args) const {
    std::vector<std::string> argv{program(), "--config", home() + "/b.yaml"};
    argv.insert(argv.end(), args.begin(), args.end());
    return std::make_unique<Process>(argv);
}

std::vector<std::string> Baktainer::ids() const {
    const auto listed = run({"--output", "json", "backups"});
    EXPECT_EQ(listed.exit_code, 0) << listed.err;
    std::vector<std::string> ids;
    std::istringstream lines(listed.out);
    for (std::string line; std::getline(lines, line);)
        ids.push_back(nlohmann::json::parse(line).at("id"));
    return ids;
}

std::vector<std::string> Baktainer::stored() const {
    std::vector<std::string> files;
    std::error_code ec;
    for (const auto& entry : fs::recursive_directory_iterator(store_, ec)) {
        const auto name = fs::relative(entry.path(), store_).string();
        if (entry.is_regular_file() && name != "RESTORE.txt") files.push_back(name);
    }
    std::sort(files.begin(), files.end());
    return files;
}

bool Baktainer::keeps(const std::string& text) const {
    for (const auto& root : {store_, home() + "/state"}) {
        std::error_code ec;
        for (const auto& entry : fs::recursive_directory_iterator(root, ec)) {
            if (!entry.is_regular_file()) continue;
            std::ifstream in(entry.path(), std::ios::binary);
            std::stringstream all;
            all << in.rdbuf();
            if (all.str().find(text) != std::string::npos) return true;
        }
    }
    return false;
}

}  // namespace bkt::test
