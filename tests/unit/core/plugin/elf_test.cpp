#include "core/plugin/elf.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "core/plugin/elf_rules.hpp"
#include "core/plugin/host_libraries.hpp"
#include "core/plugin/sealed_file.hpp"

namespace bkt::plugin {
namespace {

Result<SealedFile> sealed(const std::string& path) {
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    return SealedFile::read(fd.get(), path);
}

TEST(Elf, SaysWhatABuiltInPluginIs) {
    const auto file = sealed(BAKTAINER_PLUGIN_DIR "/baktainer.storage.local/libstorage_local.so");
    ASSERT_TRUE(file) << file.error().message;
    const auto facts = read_elf(file->bytes());
    ASSERT_TRUE(facts) << facts.error().message;
    EXPECT_TRUE(facts->library);
    EXPECT_EQ(facts->machine, host_machine());
    EXPECT_EQ(facts->exports, std::vector<std::string>{"bkt_module_v0"});
    EXPECT_TRUE(facts->unique.empty());
    EXPECT_FALSE(facts->text_relocations || facts->executable_stack || facts->static_tls);
    EXPECT_EQ(std::count(facts->needed.begin(), facts->needed.end(), "libc.so.6"), 1);
    EXPECT_EQ(runtime_of(*facts), "libstdc++");
    EXPECT_GT(compare_versions(highest_version(facts->versions, "GLIBC"), "2.4"), 0);
    EXPECT_TRUE(check_elf(*facts));
    EXPECT_TRUE(check_host(*facts));
}

TEST(Elf, AProgramIsNoPlugin) {
    const auto file = sealed("/proc/self/exe");
    ASSERT_TRUE(file);
    const auto facts = read_elf(file->bytes());
    ASSERT_TRUE(facts) << facts.error().message;
    EXPECT_FALSE(check_elf(*facts));
}

TEST(Elf, ComparesVersionsByTheirNumbers) {
    const struct {
        const char *a, *b;
        int order;
    } kCases[] = {{"2.4", "2.34", -1},    {"2.34", "2.4", 1}, {"3.4.9", "3.4.29", -1},
                  {"2.36", "2.36", 0},    {"2", "2.0", 0},    {"", "2.0", -1},
                  {"2.34", "2.34.1", -1}, {"10.0", "9.9", 1}};
    for (const auto& c : kCases)
        EXPECT_EQ(compare_versions(c.a, c.b), c.order) << c.a << " and " << c.b;
    EXPECT_EQ(highest_version({{"libc.so.6", "GLIBC_2.4"},
                               {"libc.so.6", "GLIBC_2.34"},
                               {"libc.so.6", "GLIBC_PRIVATE"},
                               {"libstdc++.so.6", "GLIBCXX_3.4.30"}},
                              "GLIBC"),
              "2.34");
}

TEST(Elf, FindsLibrariesWhereTheLoaderDoes) {
    for (const char* name : {"libc.so.6", "libstdc++.so.6", "libz.so.1"}) {
        const auto file = find_library(name, {});
        ASSERT_TRUE(file) << name;
        EXPECT_TRUE(std::filesystem::exists(*file)) << *file;
    }
    EXPECT_FALSE(find_library("libbkt_absent.so", {}));
    const auto libc = defined_versions(*find_library("libc.so.6", {}));
    ASSERT_TRUE(libc);
    EXPECT_EQ(libc->count("GLIBC_2.34"), 1u);
    EXPECT_EQ(libc->count("GLIBC_9.9"), 0u);
}

TEST(SealedFile, CannotBeChanged) {
    const auto file = sealed("/proc/self/exe");
    ASSERT_TRUE(file);
    const UniqueFd again(::open(file->path().c_str(), O_RDWR | O_CLOEXEC));
    const char zero = 0;
    EXPECT_EQ(::pwrite(file->fd(), &zero, 1, 0), -1);
    EXPECT_EQ(::ftruncate(file->fd(), 1), -1);
    EXPECT_TRUE(!again || ::pwrite(again.get(), &zero, 1, 0) == -1);
    const UniqueFd plain(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
    EXPECT_EQ(sha256_of(plain.get(), "self").value_or(""), file->sha256());
}

}  // namespace
}  // namespace bkt::plugin
