#include "plugins/engines/influxdb/backup_tar.hpp"
#include "baktainer/testing/end_to_end/process.hpp"
#include "baktainer/testing/end_to_end/temp_dir.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>

namespace bkt::influxdb {
namespace {

const std::string kManifest =
    R"({"meta":{"fileName":"t.meta","size":3},"limited":false,"files":[)"
    R"({"database":"o d","policy":"p","shardID":1,"fileName":"t.s1.tar.gz","size":2048}]})";

// A tar of these files by this machine's tar, as the container's makes it.
std::string tar_of(const std::map<std::string, std::string>& files) {
    const testing::TempDir dir;
    for (const auto& [file, text] : files)
        std::ofstream(dir.path() + "/" + file, std::ios::binary) << text;
    auto bytes = testing::run({"tar", "-C", dir.path(), "-cf", "-", "."}).out;
    return bytes;
}

std::string verdict(std::string_view bytes, std::size_t chunk_bytes = 4096) {
    BackupTar tar;
    while (!bytes.empty()) {
        const auto chunk = bytes.substr(0, chunk_bytes);
        if (const auto fed = tar.feed(as_bytes(chunk)); !fed)
            return std::string(code_name(fed.error().code));
        bytes.remove_prefix(chunk.size());
    }
    const auto end = tar.finish();
    return end ? "ok" : std::string(code_name(end.error().code));
}

using Files = std::map<std::string, std::string>;
const Files kWhole{
    {"t.manifest", kManifest}, {"t.meta", "abc"}, {"t.s1.tar.gz", std::string(3000, 'z')}};

Files without(const std::string& name) {
    Files files = kWhole;
    files.erase(name);
    return files;
}
Files with(const std::string& name, const std::string& text) {
    Files files = kWhole;
    files[name] = text;
    return files;
}

struct Case {
    const char* name;
    Files files;
    const char* verdict;
};
const Case kCases[] = {
    {"a whole backup", kWhole, "ok"},
    {"of a database without shards",
     {{"t.meta", "abc"}, {"t.manifest", R"({"meta":{"fileName":"t.meta"},"files":null})"}},
     "ok"},
    {"a shard's file is missing", without("t.s1.tar.gz"), "truncated"},
    {"a shard's file is empty", with("t.s1.tar.gz", ""), "truncated"},
    {"the meta file is missing", without("t.meta"), "truncated"},
    {"no manifest", without("t.manifest"), "corrupt"},
    {"two manifests", with("u.manifest", kManifest), "corrupt"},
    {"half a manifest", with("t.manifest", kManifest.substr(0, 40)), "corrupt"},
    {"a manifest of something else", with("t.manifest", "[1,2]"), "corrupt"},
    {"nothing in it", {}, "corrupt"},
};

TEST(BackupTar, IsWholeWithAllThatItsManifestNamesInAnyChunks) {
    for (const Case& c : kCases) {
        const std::string bytes = tar_of(c.files);
        for (const std::size_t chunk : {1, 511, 512, 513, 65536})
            EXPECT_EQ(verdict(bytes, chunk), c.verdict) << c.name << " in chunks of " << chunk;
    }
}

TEST(BackupTar, FindsACutBeforeItsEndAndWhatFollowsIt) {
    const std::string bytes = tar_of(kWhole);
    ASSERT_EQ(verdict(bytes), "ok");
    std::size_t end = bytes.find_last_not_of('\0') / 512 * 512 + 512 + 1024;
    for (std::size_t length = 0; length < end; ++length)
        EXPECT_NE(verdict(std::string_view(bytes).substr(0, length)), "ok") << length;
    EXPECT_NE(verdict(std::string_view(bytes).substr(0, bytes.size() - 1)), "ok");
    EXPECT_EQ(verdict(bytes + bytes), "corrupt");
    EXPECT_NE(verdict(bytes + "x"), "ok");
    EXPECT_EQ(verdict(""), "truncated");
}

TEST(BackupTar, KnowsNamesThatNeedAHeaderOfTheirOwn) {
    const std::string name(200, 'n');
    const std::string manifest =
        R"({"meta":{"fileName":"t.meta"},"files":[{"fileName":")" + name + R"("}]})";
    const auto bytes = tar_of({{"t.manifest", manifest}, {"t.meta", "abc"}, {name, "z"}});
    for (const std::size_t chunk : {1, 512, 65536}) EXPECT_EQ(verdict(bytes, chunk), "ok") << chunk;
}

TEST(BackupTar, FindsADamagedHeader) {
    std::string bytes = tar_of(kWhole);
    for (const std::size_t at : {0, 124, 148, 156, 300}) {
        std::string flipped = bytes;
        flipped[at] = static_cast<char>(flipped[at] ^ 1);
        EXPECT_EQ(verdict(flipped), "corrupt") << at;
    }
}

}  // namespace
}  // namespace bkt::influxdb
