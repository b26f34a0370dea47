// What the templates become, and what is refused. That each project builds and passes its own tests is shown
// by tests/sdk.
#include "core/plugin/new_project.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/support/temp_dir.hpp"

namespace bkt::plugin {
namespace {

namespace fs = std::filesystem;

const std::string kTemplates = std::string(BAKTAINER_SOURCE_DIR) + "/sdk/templates";

std::string text_of(const std::string& file) {
    std::stringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

TEST(NewProject, NamesEverythingAfterTheId) {
    test::TempDir dir;
    const std::string where = dir.path() + "/x";
    const auto made = write_project(kTemplates, {"notifier", "com.acme.my-pager", "cpp", where});
    ASSERT_TRUE(made) << made.error().message;
    for (const auto& file : made->files) EXPECT_TRUE(fs::exists(where + "/" + file)) << file;
    const auto source = text_of(where + "/src/my_pager.cpp");
    EXPECT_NE(source.find("BKT_PLUGIN(\"com.acme.my-pager\", \"0.1.0\", \"my-pager\", MyPager)"),
              std::string::npos);
    EXPECT_NE(text_of(where + "/CMakeLists.txt")
                  .find("baktainer_add_plugin(my_pager ID com.acme.my-pager "
                        "SOURCES src/my_pager.cpp)"),
              std::string::npos);
    EXPECT_TRUE(fs::exists(where + "/.github/workflows/ci.yml"));
}

struct Case {
    const char* name;
    NewProject wish;
    Code code;
    const char* says;
};

const Case kCases[] = {
    {"unknown kind", {"pager", "com.acme.x", "cpp", "x"}, Code::invalid, "engine, storage"},
    {"a kind that is a path", {"../notifier", "com.acme.x", "cpp", "x"}, Code::invalid, "engine"},
    {"unknown language", {"engine", "com.acme.x", "rust", "x"}, Code::invalid, "cpp, c"},
    {"no template in C", {"engine", "com.acme.x", "c", "x"}, Code::invalid, "there is: notifier"},
    {"one word", {"engine", "x", "cpp", "x"}, Code::invalid, "com.example.pager"},
    {"two words", {"engine", "acme.x", "cpp", "x"}, Code::invalid, "com.example.pager"},
    {"upper case", {"engine", "com.Acme.x", "cpp", "x"}, Code::invalid, "com.example.pager"},
    {"an empty word", {"engine", "com..x", "cpp", "x"}, Code::invalid, "com.example.pager"},
    {"a dot at the end", {"engine", "com.acme.", "cpp", "x"}, Code::invalid, "com.example.pager"},
    {"a digit in front", {"engine", "com.acme.3x", "cpp", "x"}, Code::invalid, "com.example"},
    {"a path", {"engine", "com.acme./etc", "cpp", "x"}, Code::invalid, "com.example.pager"},
    {"endless", {"engine", "com.acme." + std::string(100, 'x'), "cpp", "x"}, Code::invalid, ""},
    {"ours", {"engine", "baktainer.engine.x", "cpp", "x"}, Code::invalid, "com.example.pager"},
    {"a folder that is there", {"engine", "com.acme.x", "cpp", "."}, Code::exists, "--dir"},
};

TEST(NewProject, RefusesWithAHintAndWritesNothing) {
    test::TempDir dir;
    for (const Case& c : kCases) {
        SCOPED_TRACE(c.name);
        NewProject wish = c.wish;
        wish.dir = dir.path() + "/" + wish.dir;
        const auto made = write_project(kTemplates, wish);
        ASSERT_FALSE(made);
        EXPECT_EQ(made.error().code, c.code);
        EXPECT_NE(made.error().hint.find(c.says), std::string::npos) << made.error().hint;
        EXPECT_TRUE(fs::is_empty(dir.path()));
    }
}

TEST(NewProject, LeavesNothingOfAProjectThatCouldNotBeFinished) {
    test::TempDir dir;
    const std::string templates = dir.path() + "/templates", where = dir.path() + "/x";
    fs::copy(kTemplates, templates, fs::copy_options::recursive);
    fs::remove(templates + "/common/ci.yml.in");
    const auto made = write_project(templates, {"engine", "com.acme.x", "cpp", where});
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().hint, "install the package baktainer-sdk again");
    EXPECT_FALSE(fs::exists(where));
    const auto none = write_project(dir.path() + "/none", {"engine", "com.acme.x", "cpp", where});
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().hint, "install the package baktainer-sdk");
}

}  // namespace
}  // namespace bkt::plugin
