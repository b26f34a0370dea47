#include "plugins/engines/influxdb/api_tar.hpp"
#include "baktainer/testing/end_to_end/process.hpp"
#include "baktainer/testing/end_to_end/temp_dir.hpp"
#include "baktainer/testing/fake_host.hpp"
#include "baktainer/testing/memory_stream.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/unit/plugins/engines/influxdb/shard_tar.hpp"

namespace bkt::influxdb {
namespace {

using Contents = std::vector<std::pair<std::string, std::string>>;

const std::string kBolt = std::string(16, '\0') + "\xed\xda\x0c\xed" + std::string(40, 'k');
const std::string kSqlite = std::string("SQLite format 3\0", 16) + std::string(40, 's');
const std::string kBuckets =
    R"([{"bucketName":"a","retentionPolicies":[{"shardGroups":[{"shards":[{"id":1}]},)"
    R"({"deletedAt":"2026-01-01T00:00:00Z","shards":[{"id":2}]},{"shards":[{"id":30}]}]}]},)"
    R"({"bucketName":"b","retentionPolicies":[{"shardGroups":[]}]},{"retentionPolicies":null}])";

const std::string kLarge = a_shard(std::string(kSegmentBytes + 100, 'd'));

Contents all_files() {
    return {{"kv.bolt", kBolt},
            {"influxd.sqlite", kSqlite},
            {"buckets.json", kBuckets},
            {"shards/1.tar", a_shard("data")},
            {"shards/30.tar", kLarge}};
}
Contents files_with(const std::string& file, const std::string& text) {
    auto files = all_files();
    for (auto& [name, content] : files)
        if (name == file) content = text;
    return files;
}
Contents files_without(const std::string& file) {
    auto files = all_files();
    std::erase_if(files, [&](const auto& f) { return f.first == file; });
    return files;
}

std::string tar_with(const Contents& files, const std::vector<std::uint64_t>& expired = {}) {
    testing::MemorySink sink;
    ApiTarWriter tar(sink.sink());
    for (const auto& [name, text] : files) {
        tar.begin(name);
        EXPECT_TRUE(tar.write(as_bytes(text)));
        EXPECT_TRUE(tar.end());
    }
    EXPECT_TRUE(tar.finish("2.7.12", expired));
    EXPECT_EQ(tar.total_bytes(), sink.text.size());
    return sink.text;
}

std::string judged(std::string_view bytes, std::size_t chunk_bytes = 65536) {
    testing::FakeHost host;
    testing::FakeCall fake(host.raw());
    Call call = fake.call();
    const auto tap = api_tap();
    while (!bytes.empty()) {
        const auto chunk = bytes.substr(0, chunk_bytes);
        if (const auto fed = tap->feed(call, as_bytes(chunk)); !fed)
            return std::string(code_name(fed.error().code));
        bytes.remove_prefix(chunk.size());
    }
    const auto end = tap->finish(call);
    return end ? "ok" : std::string(code_name(end.error().code));
}

TEST(ApiTar, IsWholeWithEveryShardOfItsBuckets) {
    const struct {
        const char* name;
        Contents files;
        std::vector<std::uint64_t> expired;
        const char* verdict;
    } kCases[] = {
        {"a whole backup", all_files(), {}, "ok"},
        {"a shard that had expired", files_without("shards/1.tar"), {1}, "ok"},
        {"a shard is missing", files_without("shards/1.tar"), {}, "truncated"},
        {"no users and tokens", files_without("kv.bolt"), {}, "truncated"},
        {"no SQLite file", files_without("influxd.sqlite"), {}, "truncated"},
        {"no list of buckets", files_without("buckets.json"), {}, "truncated"},
        {"a list of something else", files_with("buckets.json", R"([{"a":1}])"), {}, "corrupt"},
        {"a shard without its end",
         files_with("shards/1.tar", a_shard("data").substr(0, 1024)),
         {},
         "truncated"},
        {"the server's error behind a shard that it could not read",
         files_with("shards/1.tar", a_shard("data") + R"({"code":"internal error","message":"x"})"),
         {},
         "corrupt"},
        {"a shard that ends with zeroes, without its end",
         files_with("shards/1.tar", a_shard(std::string(2048, '\0')).substr(0, 512 + 2048)),
         {},
         "truncated"},
        {"a shard of a name that needs a header of its own",
         files_with("shards/1.tar", a_shard("data", ("x/" + std::string(300, 'p')).c_str())),
         {},
         "ok"},
        {"an error of a whole block",
         files_with("shards/1.tar", a_shard("data") + std::string(512, 'e')),
         {},
         "corrupt"},
        {"an error in the place of the shard",
         files_with("shards/1.tar", R"({"code":"internal error"})"),
         {},
         "truncated"},
        {"another file for the users", files_with("kv.bolt", kSqlite + kSqlite), {}, "corrupt"},
        {"a short file for the users", files_with("kv.bolt", "x"), {}, "corrupt"},
        {"another file for SQLite", files_with("influxd.sqlite", kBolt), {}, "corrupt"},
    };
    for (const auto& c : kCases) {
        const auto bytes = tar_with(c.files, c.expired);
        for (const std::size_t chunk : {511, 512, 65536})
            EXPECT_EQ(judged(bytes, chunk), c.verdict) << c.name << " in chunks of " << chunk;
    }
    auto twice = all_files();
    twice.push_back(twice[3]);
    EXPECT_EQ(judged(tar_with(twice)), "corrupt");
    auto strange = all_files();
    strange.emplace_back("else", "x");
    EXPECT_EQ(judged(tar_with(strange)), "corrupt");
}

// Freeing libarchive's writer ends its tar.
TEST(ApiTar, ThatWasNotFinishedHasNoEnd) {
    testing::MemorySink sink;
    {
        ApiTarWriter tar(sink.sink());
        tar.begin("kv.bolt");
        EXPECT_TRUE(tar.write(as_bytes(kBolt)));
        EXPECT_TRUE(tar.end());
    }
    EXPECT_EQ(sink.text.size(), 2 * kTarBlock);
    EXPECT_NE(judged(sink.text), "ok");
}

TEST(ApiTar, CutAnywhereIsNotWhole) {
    const auto bytes = tar_with(files_without("shards/30.tar"), {30});
    ASSERT_EQ(judged(bytes), "ok");
    for (std::size_t length = 0; length < bytes.size(); length += 97)
        EXPECT_NE(judged(std::string_view(bytes).substr(0, length)), "ok") << length;
    // A database file that ends early, as its size alone tells.
    auto shorter = tar_with(files_with("influxd.sqlite", kSqlite.substr(0, 30)));
    const auto list = [](const std::string& tar) { return tar.find("contents.json"); };
    const auto spliced = shorter.substr(0, list(shorter)) +
                         tar_with(all_files()).substr(list(tar_with(all_files())));
    EXPECT_EQ(judged(spliced), "truncated");
    EXPECT_EQ(judged(shorter), "ok");
    // A segment lost from the middle.
    const auto whole_bytes = tar_with(all_files());
    const auto at = whole_bytes.find("shards/30.tar.000001");
    ASSERT_NE(at, std::string::npos);
    auto lost = whole_bytes.substr(0, at);
    lost += whole_bytes.substr(whole_bytes.find("contents.json"));
    EXPECT_NE(judged(lost), "ok");
}

TEST(ApiTar, GivesItsFilesBackOneAfterTheOther) {
    for (const std::size_t chunk : {1000, 512, 65536}) {
        testing::MemorySource bytes(tar_with(all_files()));
        bytes.chunk_bytes = chunk;
        ApiTarSource tar(bytes.source());
        Contents read;
        for (;;) {
            const auto file = tar.next();
            ASSERT_TRUE(file) << file.error().message;
            if (file->empty()) break;
            read.emplace_back(*file, "");
            if (*file == "influxd.sqlite") continue;  // what nobody reads is passed over
            const Source source = tar.file();
            std::vector<std::byte> buffer(9000);
            for (;;) {
                const auto n = source.read(buffer);
                ASSERT_TRUE(n);
                if (*n == 0) break;
                read.back().second.append(as_text(Bytes(buffer).first(*n)));
            }
        }
        ASSERT_EQ(read.size(), 6u);
        EXPECT_EQ(read.back().first, "contents.json");
        read.pop_back();
        EXPECT_TRUE(read == files_with("influxd.sqlite", "")) << chunk;
    }
}

TEST(ApiTar, ThatIsCutIsNoBackupToRestoreFrom) {
    const auto bytes = tar_with(files_without("shards/30.tar"), {30});
    for (std::size_t length = 0; length < bytes.size(); length += 101) {
        testing::MemorySource cut(bytes.substr(0, length));
        ApiTarSource tar(cut.source());
        Result<std::string> file = tar.next();
        while (file && !file->empty()) file = tar.next();
        EXPECT_FALSE(file) << length;
    }
}

TEST(ApiTar, IsUnpackedByAnyTar) {
    const testing::TempDir dir;
    std::ofstream(dir.path() + "/b.tar", std::ios::binary) << tar_with(all_files());
    EXPECT_EQ(testing::run({"tar", "-C", dir.path(), "-xf", dir.path() + "/b.tar"}).exit_code, 0);
    const auto cat = [&](const std::string& file) {
        return testing::run({"sh", "-c", "cat " + dir.path() + "/" + file + ".??????"}).out;
    };
    for (const auto& [name, text] : all_files()) EXPECT_TRUE(cat(name) == text) << name;
    EXPECT_NE(cat("contents.json").find("\"shards/30.tar\""), std::string::npos);
}

}  // namespace
}  // namespace bkt::influxdb
