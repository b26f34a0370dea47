#include "core/plugin/search.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/support/temp_dir.hpp"

namespace bkt::plugin {
namespace {

namespace fs = std::filesystem;

std::string manifest_of(const std::string& id) {
    Manifest m;
    m.id = id, m.version = "1", m.arch = "x86_64", m.lib = "lib.so", m.runtime = "none";
    m.sha256 = std::string(64, '0');
    m.components = {{"notifier/0", "n", "", ""}};
    return to_json(m);
}

class SearchTest : public ::testing::Test {
protected:
    std::string put(const std::string& folder, const std::string& manifest) {
        const auto path = dir_.path() + "/" + folder;
        fs::create_directories(path);
        if (!manifest.empty()) std::ofstream(path + "/plugin.json") << manifest;
        return path;
    }
    std::vector<std::string> ids(const SearchResult& result) {
        std::vector<std::string> all;
        for (const auto& unit : result.units) all.push_back(unit.manifest.id);
        return all;
    }
    config::Settings settings_ = [] {
        config::Settings s;
        s.values["plugins.path"] = {"/opt/a:/opt/b", "test"};
        s.values["state_dir"] = {"/state", "test"};
        return s;
    }();
    test::TempDir dir_;
};

TEST_F(SearchTest, TheFoldersComeInAFixedOrder) {
    std::vector<std::string> paths;
    for (const auto& folder : search_folders(settings_, "/dev/one")) paths.push_back(folder.path);
    EXPECT_EQ(paths, (std::vector<std::string>{
                         "/dev/one", "/opt/a", "/opt/b", "/usr/local/lib/baktainer/plugins",
                         "/usr/lib/baktainer/plugins", builtin_folder(), "/state/plugins"}));
}

// Installed to /usr, the folder of strangers is the one beside the program too.
TEST_F(SearchTest, AFolderThatComesTwiceIsSearchedOnce) {
    settings_.values["plugins.path"].text =
        builtin_folder() + "/../plugins:/usr/lib/baktainer/plugins";
    unsigned beside = 0, total = 0;
    for (const auto& folder : search_folders(settings_)) {
        ++total;
        beside += folder.beside_program;
    }
    EXPECT_EQ(beside, 1u);
    EXPECT_EQ(total, 4u);
}

TEST_F(SearchTest, FindsPluginsInByteOrderAndNamesTheRest) {
    put("b.plugin", manifest_of("b.plugin"));
    put("B.plugin", manifest_of("B.plugin"));
    put("a.plugin", manifest_of("a.plugin"));
    put("c-empty", "");
    put("d-broken", "{");
    put("e-other", manifest_of("e-another"));
    put(".hidden", manifest_of("x"));
    std::ofstream(dir_.path() + "/README") << "no plugin";
    const auto result = search({{dir_.path(), false, true},
                                {dir_.path() + "/none", false, true},
                                {dir_.path() + "/none-either", false, false}});
    EXPECT_EQ(ids(result), (std::vector<std::string>{"B.plugin", "a.plugin", "b.plugin"}));
    const char* kWhy[] = {"'", "not valid JSON", "holds the plugin 'e-another'", "/none"};
    ASSERT_EQ(result.problems.size(), std::size(kWhy));
    EXPECT_NE(result.problems[0].message.find("c-empty' has no plugin.json"), std::string::npos);
    for (std::size_t i = 0; i < std::size(kWhy); ++i)
        EXPECT_NE(result.problems[i].message.find(kWhy[i]), std::string::npos)
            << result.problems[i].message;
}

TEST_F(SearchTest, TheEnvironmentCountsOnlyWhenAskedAndNeverForThePrivileged) {
    const config::Environment env{{"BAKTAINER_PLUGIN_PATH", "/mine"}};
    EXPECT_EQ(dev_plugin_path(true, env, false).value_or("?"), "/mine");
    EXPECT_EQ(dev_plugin_path(false, env, false).value_or("?"), "");
    EXPECT_EQ(dev_plugin_path(false, env, true).value_or("?"), "");
    EXPECT_EQ(dev_plugin_path(true, {}, true).value_or("?"), "");
    const auto refused = dev_plugin_path(true, env, true);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::denied);
}

}  // namespace
}  // namespace bkt::plugin
