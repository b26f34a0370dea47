#include "plugins/engines/mongodb/archive.hpp"

#include <gtest/gtest.h>

#include "baktainer/testing/fake_host.hpp"
#include "plugins/engines/mongodb/archive_tap.hpp"
#include "tests/unit/plugins/engines/mongodb/sample.hpp"

namespace bkt::mongodb {
namespace {

Status judge(std::string_view bytes, std::size_t chunk_bytes = 4093) {
    Archive archive;
    while (!bytes.empty()) {
        const auto chunk = bytes.substr(0, chunk_bytes);
        BKT_TRY(archive.feed(as_bytes(chunk)));
        bytes.remove_prefix(chunk.size());
    }
    return archive.finish();
}

TEST(MongoArchive, IsWholeAsMongodumpWroteItHoweverItIsCutIntoChunks) {
    const auto bytes = sample();
    ASSERT_EQ(bytes.size(), 21049u);
    for (const std::size_t chunk_bytes : {1, 2, 3, 4, 5, 7, 4096, 100'000}) {
        const auto judged = judge(bytes, chunk_bytes);
        EXPECT_TRUE(judged) << chunk_bytes << judged.error().message;
    }
    Archive archive;
    ASSERT_TRUE(archive.feed(as_bytes(bytes)));
    ASSERT_EQ(archive.collections().size(), 4u);
    for (const auto& [name, seen] : archive.collections())
        EXPECT_EQ(seen.documents, 20u) << name.text();
    EXPECT_TRUE(archive.collections().contains({"shop", "bestellungen_ü"}));
}

TEST(MongoArchive, IsCutAtEveryLength) {
    const auto bytes = sample();
    Archive archive;
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        const auto end = archive.finish();  // of the first `length` bytes
        ASSERT_FALSE(end) << length;
        EXPECT_EQ(end.error().code, Code::truncated);
        ASSERT_TRUE(archive.feed(as_bytes(bytes.substr(length, 1))));
    }
    EXPECT_TRUE(archive.finish());
}

// Every bit that a document, a checksum, a name or the frame is made of. What nothing is said of stays free:
// the versions and metadata of the prelude, the CRC of a block that is not the last.
TEST(MongoArchive, IsNotWholeWithAByteFlippedInAnyBlock) {
    const auto bytes = sample();
    const auto pieces = blocks(bytes);
    ASSERT_GE(pieces.size(), 9u);
    std::size_t begin = pieces[0].size();
    for (std::size_t i = 1; i < pieces.size(); begin += pieces[i++].size()) {
        const auto crc_at = pieces[i].find(std::string("\x12" "CRC\0", 5)) + 5;
        const bool is_last = pieces[i].size() < 100;
        for (std::size_t at = 0; at < pieces[i].size(); ++at) {
            if (!is_last && at >= crc_at && at < crc_at + 8) continue;
            std::string spoilt = bytes;
            spoilt[begin + at] = static_cast<char>(spoilt[begin + at] ^ 0x10);
            const auto judged = judge(spoilt, 100'000);
            EXPECT_FALSE(judged) << "block " << i << " byte " << at;
        }
    }
}

struct Row {
    const char* name;
    std::string bytes;
    const char* verdict;  // "" = whole, else a piece of the message
};

std::vector<Row> rows() {
    const auto all = blocks(sample());
    const auto with = [](std::vector<std::string> pieces, auto&& change) {
        change(pieces);
        return joined(pieces);
    };
    const std::string two = kMagicBytes + header() + prelude_entry("a", "x") +
                            prelude_entry("a", "y") + kTerminatorBytes;
    const std::string end_x = block_header("a", "x", true) + kTerminatorBytes;
    const std::string end_y = block_header("a", "y", true) + kTerminatorBytes;
    const std::string series = kMagicBytes + header() + prelude_entry("a", "t", "timeseries") +
                               kTerminatorBytes +
                               block_header("a", "system.buckets.t", true) + kTerminatorBytes;
    const std::string no_series = kMagicBytes + header() + prelude_entry("a", "t") +
                                  kTerminatorBytes +
                                  block_header("a", "system.buckets.t", true) + kTerminatorBytes;
    return {
        {"twice after another", sample() + sample(), "impossible length"},
        {"another's block after it", sample() + all.back(), "after its end"},
        {"a byte more", sample() + "x", "ends within a block"},
        {"without its last block", with(all, [](auto& p) { p.pop_back(); }), "without the end of"},
        {"without a block in the middle", with(all, [](auto& p) { p.erase(p.begin() + 1); }),
         "checksum"},
        {"a block twice", with(all, [](auto& p) { p.insert(p.begin() + 1, p[1]); }), "checksum"},
        {"the last block before the others",
         with(all, [](auto& p) { std::rotate(p.begin() + 1, p.end() - 1, p.end()); }), ""},
        {"no archive", "-- PostgreSQL database dump", "does not begin"},
        {"compressed", "\x1f\x8b\x08 and more", "does not begin"},
        {"nothing", "", "before its collections are named"},
        {"of nothing", kMagicBytes + header() + kTerminatorBytes, ""},
        {"of two empty collections", two + end_y + end_x, ""},
        {"one of two collections", two + end_x, "without the end of 'a.y'"},
        {"an end twice", two + end_x + end_x, "after its end"},
        {"an end that was not announced",
         two + block_header("b", "x", true) + kTerminatorBytes, "did not announce"},
        {"a collection announced twice",
         kMagicBytes + header() + prelude_entry("a", "x") + prelude_entry("a", "x"), "twice"},
        {"documents after an end", two + block_header("a", "x", true) + bson(""),
         "after the end"},
        {"a wrong checksum of nothing", two + block_header("a", "x", true, 7), "checksum"},
        {"a terminator for a header", two + kTerminatorBytes, "where a header must stand"},
        {"no header", kMagicBytes + kTerminatorBytes, "where a header must stand"},
        {"a header without names", two + bson(text_element("db", "a")), "without the name"},
        {"a header that is no BSON", two + bson("\x7fsomething"), "no BSON"},
        {"a length of 4", two + little_endian(4, 4), "impossible length"},
        {"a length of 17 MiB", two + little_endian(17u << 20, 4), "impossible length"},
        {"a time series in its buckets", series, ""},
        {"buckets of what is none", no_series, "did not announce"},
    };
}

TEST(MongoArchive, IsJudgedByItsBlocks) {
    for (const auto& row : rows()) {
        SCOPED_TRACE(row.name);
        for (const std::size_t chunk_bytes : {1, 1000}) {
            const auto judged = judge(row.bytes, chunk_bytes);
            if (!*row.verdict) {
                EXPECT_TRUE(judged) << judged.error().message;
                continue;
            }
            ASSERT_FALSE(judged);
            EXPECT_NE(judged.error().message.find(row.verdict), std::string::npos)
                << judged.error().message;
            EXPECT_FALSE(judged.error().hint.empty());
        }
    }
}

TEST(MongoArchive, OfADatabaseMustHoldSomethingOfIt) {
    testing::FakeHost host;
    testing::FakeCall fake(host.raw());
    Call call = fake.call();
    const auto judged = [&](const std::string& database, const std::string& bytes,
                            std::shared_ptr<Counts> counts = nullptr) {
        const auto tap = archive_tap(database, std::move(counts));
        EXPECT_TRUE(tap->feed(call, as_bytes(bytes)));
        return tap->finish(call);
    };
    const auto counts = std::make_shared<Counts>();
    EXPECT_TRUE(judged("shop", sample(), counts));
    EXPECT_EQ((counts->at({"shop", "orders"})), 20u);
    EXPECT_TRUE(judged("", sample()));
    const auto nothing = judged("shop", kMagicBytes + header() + kTerminatorBytes);
    ASSERT_FALSE(nothing);
    EXPECT_EQ(nothing.error().code, Code::not_found);
    EXPECT_FALSE(judged("shop2", sample()));
}

}  // namespace
}  // namespace bkt::mongodb
