// Plugins whose files others may write, link or replace by what is no file.
#include "tests/fault/load/trust_fixture.hpp"

namespace bkt::plugin {
namespace {

TEST_F(TrustFault, WhatOthersMayWriteIsRefused) {
    const struct {
        const char* name;
        std::string path;
        mode_t mode, back;
        const char* why;
    } kCases[] = {
        {"the library, by its group", library_, 0775, 0755, "its group may write"},
        {"the library, by all", library_, 0757, 0755, "everybody may write"},
        {"plugin.json", folder_ + "/plugin.json", 0664, 0644, "its group may write"},
        {"the plugin's folder", folder_, 0775, 0755, "its group may write"},
    };
    for (const auto& c : kCases) {
        SCOPED_TRACE(c.name);
        ::chmod(c.path.c_str(), c.mode);
        expect_refused(c.why);
        ::chmod(c.path.c_str(), c.back);
    }
    EXPECT_EQ(judged().state, State::ready) << texts(shelf_.problems());
    // A search folder others may write gives no plugins at all.
    for (const auto& path : {shelf_.path(), shelf_.home()}) {
        ::chmod(path.c_str(), 01777);
        const bool above_and_sticky = path == shelf_.home() && ::geteuid() == 0;
        const auto registry = shelf_.load();
        EXPECT_EQ(registry.components().empty(), !above_and_sticky) << path;
        ::chmod(path.c_str(), 0777);
        EXPECT_TRUE(shelf_.load().components().empty()) << path;
        EXPECT_NE(texts(shelf_.problems()).find("no plugins from"), std::string::npos);
        ::chmod(path.c_str(), 0755);
    }
}

TEST_F(TrustFault, WhatBelongsToAnotherUserIsRefused) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
    for (const auto& path : {library_, folder_ + "/plugin.json", folder_}) {
        ASSERT_EQ(::chown(path.c_str(), 12345, 0), 0);
        expect_refused("belongs to user 12345");
        ASSERT_EQ(::chown(path.c_str(), 0, 0), 0);
    }
    ASSERT_EQ(::chown(shelf_.home().c_str(), 12345, 0), 0);
    EXPECT_TRUE(shelf_.load().components().empty());
    EXPECT_NE(texts(shelf_.problems()).find("belongs to user 12345"), std::string::npos);
    ASSERT_EQ(::chown(shelf_.home().c_str(), 0, 0), 0);
}

TEST_F(TrustFault, ASymbolicLinkIsRefused) {
    const auto aside = shelf_.home() + "/aside";
    for (const auto& path : {library_, folder_ + "/plugin.json", folder_}) {
        SCOPED_TRACE(path);
        fs::rename(path, aside);
        fs::create_symlink(aside, path);
        const auto registry = shelf_.load();
        EXPECT_TRUE(registry.components().empty());
        EXPECT_NE(texts(registry.problems()).find("is a symbolic link"), std::string::npos)
            << texts(registry.problems());
        fs::remove(path);
        fs::rename(aside, path);
    }
    EXPECT_EQ(shelf_.load().components().size(), 1u);
}

// A pipe would hold up whoever opens it; a device could do anything.
TEST_F(TrustFault, WhatIsNoFileHoldsNobodyUp) {
    for (const auto& path : {library_, folder_ + "/plugin.json"}) {
        SCOPED_TRACE(path);
        fs::rename(path, shelf_.home() + "/aside");
        ASSERT_EQ(::mkfifo(path.c_str(), 0644), 0);
        EXPECT_TRUE(shelf_.load().components().empty());
        fs::remove(path);
        fs::rename(shelf_.home() + "/aside", path);
    }
}

}  // namespace
}  // namespace bkt::plugin
