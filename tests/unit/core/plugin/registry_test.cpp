// Real libraries from the build tree, and files that are none.
#include "core/plugin/registry.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "baktainer/abi/kinds/engine.h"
#include "baktainer/abi/kinds/storage.h"
#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

namespace bkt::plugin {
namespace {

namespace fs = std::filesystem;

TEST(Registry, LoadsTheBuiltInPlugins) {
    const auto registry = Registry::load({BAKTAINER_PLUGIN_DIR});
    for (const auto& problem : registry.problems()) ADD_FAILURE() << problem.message;
    for (const char* name : {"postgres", "sqlite"})
        EXPECT_TRUE(registry.find(BKT_KIND_ENGINE, name)) << name;
    for (const char* name : {"docker", "local"})
        EXPECT_TRUE(registry.find(BKT_KIND_DISCOVERY, name)) << name;
    EXPECT_TRUE(registry.find(BKT_KIND_STORAGE, "local"));
    const auto missing = registry.find(BKT_KIND_ENGINE, "oracle");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, Code::not_found);
    EXPECT_EQ(missing.error().hint, "there are: postgres, sqlite");
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
    EXPECT_EQ(seen, 5u);
}

TEST(Registry, LeavesOutWhatIsNoPluginAndKeepsTheOthers) {
    test::TempDir dir;
    const auto put = [&](const std::string& unit) {
        fs::create_directories(dir.path() + "/" + unit);
        return dir.path() + "/" + unit + "/lib" + unit + ".so";
    };
    const std::string good =
        std::string(BAKTAINER_PLUGIN_DIR) + "/baktainer.storage.local/libstorage_local.so";
    std::ofstream(put("a-text")) << "not a library";
    std::ofstream(put("b-empty"));
    fs::copy_file(good, put("c-cut"));
    fs::resize_file(dir.path() + "/c-cut/libc-cut.so", 5000);
    fs::copy_file(
        fs::canonical("/proc/self/exe").parent_path().parent_path() / "tests/libno_entry.so",
        put("d-no-entry"));
    fs::copy_file(good, put("e-good"));
    fs::copy_file(good, put("f-again"));
    const auto registry = Registry::load({dir.path(), dir.path() + "/nowhere"});
    EXPECT_EQ(registry.components().size(), 1u);
    const char* kWhy[] = {"a-text",  "b-empty", "c-cut", "exports no bkt_module_v0",
                          "f-again", "nowhere"};
    ASSERT_EQ(registry.problems().size(), std::size(kWhy));
    for (std::size_t i = 0; i < std::size(kWhy); ++i)
        EXPECT_NE(registry.problems()[i].message.find(kWhy[i]), std::string::npos)
            << registry.problems()[i].message;
}

}  // namespace
}  // namespace bkt::plugin
