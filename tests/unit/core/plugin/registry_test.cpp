// The built-in plugins of the build tree, and what makes them built-in.
#include "core/plugin/registry.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "baktainer/abi/kinds/discovery.h"
#include "baktainer/abi/kinds/engine.h"
#include "baktainer/abi/kinds/storage.h"
#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

namespace bkt::plugin {
namespace {

namespace fs = std::filesystem;

config::Settings no_settings() {
    config::Settings s;
    s.values["plugins.trusted_keys"] = {"/nowhere", "test"};
    s.values["state_dir"] = {"/nowhere", "test"};
    return s;
}

// The tests' program lies elsewhere than Baktainer, so the list of built-ins is named.
Registry load_beside(const std::string& plugins) {
    std::vector<Error> problems;
    auto policy = Policy::from(no_settings(), problems);
    auto list = BuiltinList::read(plugins);
    EXPECT_TRUE(list);
    policy.builtins = *std::move(list);
    const auto found = search({{plugins, true, true}});
    problems = found.problems;
    auto registry = Registry::load(admit_all(found, policy, problems));
    registry.add_problems(std::move(problems));
    return registry;
}

TEST(Registry, LoadsTheBuiltInPlugins) {
    const auto registry = load_beside(BAKTAINER_PLUGIN_DIR);
    for (const auto& problem : registry.problems()) ADD_FAILURE() << problem.message;
    for (const char* name :
         {"custom", "influxdb", "mariadb", "mongodb", "mysql", "postgres", "redis", "sqlite"})
        EXPECT_TRUE(registry.find(BKT_KIND_ENGINE, name)) << name;
    for (const char* name : {"docker", "local"})
        EXPECT_TRUE(registry.find(BKT_KIND_DISCOVERY, name)) << name;
    EXPECT_TRUE(registry.find(BKT_KIND_STORAGE, "local"));
    for (const auto& c : registry.components()) {
        EXPECT_EQ(c.trust, Trust::builtin) << c.module;
        EXPECT_EQ(c.isolation, Isolation::in_process) << c.module;
    }
    const auto missing = registry.find(BKT_KIND_ENGINE, "oracle");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, Code::not_found);
    EXPECT_EQ(missing.error().hint,
              "there are: custom, influxdb, mongodb, mariadb, mysql, postgres, redis, sqlite");
}

TEST(Registry, EveryBuiltInPluginExportsOneSymbol) {
    unsigned seen = 0;
    for (const auto& entry : fs::recursive_directory_iterator(BAKTAINER_PLUGIN_DIR)) {
        if (entry.path().extension() != ".so") continue;
        ++seen;
        const auto symbols = test::must(
            {"nm", "-D", "--defined-only", "--format=just-symbols", entry.path().string()});
        EXPECT_EQ(symbols, BKT_MODULE_SYMBOL) << entry.path();
    }
    EXPECT_GE(seen, 5u);
}

// The list is sha256sum's: an administrator checks an installation without us.
TEST(Registry, TheListOfBuiltInsIsTheOneSha256sumReads) {
    const auto above = fs::path(BAKTAINER_PLUGIN_DIR).parent_path().string();
    test::must({"sh", "-c", "cd '" + above + "' && sha256sum --strict --quiet -c plugins.sha256"});
}

class Installation : public ::testing::Test {
protected:
    Installation() {
        fs::create_directories(plugins_);
        fs::copy(BAKTAINER_PLUGIN_DIR "/baktainer.storage.local", unit_);
        fs::copy_file(BAKTAINER_PLUGIN_DIR "/../plugins.sha256", dir_.path() + "/plugins.sha256");
    }
    std::string why() {
        const auto registry = load_beside(plugins_);
        const auto reason = registry.why_not("baktainer.storage.local");
        return reason ? reason->message : "";
    }
    test::TempDir dir_;
    std::string plugins_ = dir_.path() + "/plugins";
    std::string unit_ = plugins_ + "/baktainer.storage.local";
};

TEST_F(Installation, ACopyOfItWorks) { EXPECT_EQ(why(), ""); }

TEST_F(Installation, AChangedLibraryIsRefused) {
    std::ofstream(unit_ + "/libstorage_local.so", std::ios::app) << "x";
    EXPECT_NE(why().find("is not the file that was installed"), std::string::npos) << why();
}

// Half an upgrade: the library of one version, the manifest of another.
TEST_F(Installation, AManifestOfAnotherVersionIsRefused) {
    auto m = parse_manifest([&] {
        std::ifstream in(unit_ + "/plugin.json");
        return std::string(std::istreambuf_iterator<char>(in), {});
    }());
    ASSERT_TRUE(m);
    m->sha256 = std::string(64, '0');
    std::ofstream(unit_ + "/plugin.json") << to_json(*m);
    EXPECT_NE(why().find("is not the file that was installed"), std::string::npos) << why();
}

TEST_F(Installation, WithoutItsLineAPluginIsAStranger) {
    std::ofstream(dir_.path() + "/plugins.sha256") << "";
    EXPECT_NE(why().find("not in plugins.sha256"), std::string::npos) << why();
}

TEST_F(Installation, AStrangersPluginInItsFolderIsNotBuiltIn) {
    const auto stranger = plugins_ + "/com.acme.local";
    fs::copy(unit_, stranger);
    auto m = parse_manifest([&] {
        std::ifstream in(stranger + "/plugin.json");
        return std::string(std::istreambuf_iterator<char>(in), {});
    }());
    ASSERT_TRUE(m);
    m->id = "com.acme.local";
    std::ofstream(stranger + "/plugin.json") << to_json(*m);
    const auto registry = load_beside(plugins_);
    EXPECT_EQ(registry.components().size(), 1u);
    for (const auto& a : registry.admissions())
        EXPECT_EQ(a.state, a.manifest.id == m->id ? State::off : State::ready) << a.manifest.id;
}

}  // namespace
}  // namespace bkt::plugin
