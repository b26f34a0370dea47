// Fixtures: one database (a table with a non-ASCII name, an empty table, a view, two large objects, one of
// an id above 2^31) dumped by real pg_dumps of three archive versions.
#include "plugins/engines/postgres/custom_format.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace bkt::postgres {
namespace {

std::string fixture(const std::string& name) {
    std::ifstream in(std::string(POSTGRES_FIXTURES) + "/" + name, std::ios::binary);
    std::stringstream all;
    all << in.rdbuf();
    EXPECT_FALSE(all.str().empty()) << name;
    return all.str();
}

const char* const kFixtures[] = {
    "archive-1.14-of-pg_dump-15.dump",
    "archive-1.15-of-pg_dump-16.dump",
    "archive-1.16-of-pg_dump-18.dump",
    "archive-1.14-with-offsets.dump",
};

std::string verdict(std::string_view bytes, std::size_t chunk_bytes = 1 << 20) {
    CustomFormat format;
    while (!bytes.empty()) {
        const auto chunk = bytes.substr(0, chunk_bytes);
        if (const Status fed = format.feed(as_bytes(chunk)); !fed)
            return std::string(code_name(fed.error().code));
        bytes.remove_prefix(chunk.size());
    }
    const Status end = format.finish();
    return end ? "ok" : std::string(code_name(end.error().code));
}

TEST(CustomFormat, TakesWholeArchivesInAnyChunks) {
    for (const char* name : kFixtures) {
        const std::string whole = fixture(name);
        for (std::size_t chunk = 1; chunk < 70; ++chunk)
            EXPECT_EQ(verdict(whole, chunk), "ok") << name << " in chunks of " << chunk;
        EXPECT_EQ(verdict(whole), "ok") << name;
    }
}

TEST(CustomFormat, CountsWhatTheTablePromises) {
    CustomFormat format;
    const std::string whole = fixture(kFixtures[0]);
    ASSERT_TRUE(format.feed(as_bytes(whole)));
    EXPECT_EQ(format.toc_entries(), 14u);
    EXPECT_EQ(format.data_blocks(), 3u);  // two tables, one block of large objects
}

TEST(CustomFormat, FindsEveryCut) {
    for (const char* name : kFixtures) {
        const std::string whole = fixture(name);
        for (std::size_t n = 0; n < whole.size(); ++n)
            ASSERT_EQ(verdict(std::string_view(whole).substr(0, n), 777), "truncated")
                << name << " cut after " << n;
    }
}

TEST(CustomFormat, TakesNothingAfterTheEnd) {
    for (const char* name : kFixtures) {
        const std::string whole = fixture(name);
        EXPECT_EQ(verdict(whole + '\0'), "corrupt");
        EXPECT_EQ(verdict(whole + whole), "corrupt");
        // A second copy of the last block is not a block too many that goes unseen.
        EXPECT_EQ(verdict(whole + whole.substr(whole.size() - 100)), "corrupt");
    }
}

// Where the first data block of a fixture begins: everything before is header and table.
std::size_t data_begin(const std::string& whole) {
    std::size_t low = 0;
    for (std::size_t n = 1; n <= whole.size(); ++n) {
        CustomFormat format;
        if (!format.feed(as_bytes(std::string_view(whole).substr(0, n)))) return 0;
        const Status end = format.finish();
        if (!end && end.error().message.find("data blocks whole") != std::string::npos) {
            low = n;
            break;
        }
    }
    return low;
}

TEST(CustomFormat, FindsWrongDataBlocks) {
    const std::string whole = fixture(kFixtures[0]);
    const std::size_t begin = data_begin(whole);
    ASSERT_GT(begin, 100u);
    // type, sign, id, sign, length of the first chunk
    const std::size_t type = begin, sign = begin + 1, id = begin + 2, length_sign = begin + 6;
    for (const auto& [name, at] : {std::pair{"type", type},
                                   {"sign of the id", sign},
                                   {"id", id},
                                   {"sign of a length", length_sign}}) {
        std::string damaged = whole;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x44);
        EXPECT_EQ(verdict(damaged), "corrupt") << name;
    }
    EXPECT_EQ(verdict(whole.substr(0, begin) + whole.substr(begin + 1)), "corrupt");
}

TEST(CustomFormat, FindsABlockLeftOutOrSwapped) {
    // The offsets of a seekable archive tell where its blocks are.
    const std::string whole = fixture("archive-1.14-of-pg_dump-15.dump");
    const std::size_t first = data_begin(whole);
    std::size_t second = 0;
    for (std::size_t n = first; n < whole.size() && second == 0; ++n) {
        CustomFormat format;
        ASSERT_TRUE(format.feed(as_bytes(std::string_view(whole).substr(0, n))));
        if (format.data_blocks() == 1) second = n;
    }
    ASSERT_GT(second, first);
    EXPECT_EQ(verdict(whole.substr(0, first) + whole.substr(second)), "corrupt");
    EXPECT_EQ(verdict(whole.substr(0, second) + whole.substr(first)), "corrupt");
    EXPECT_EQ(verdict(std::string_view(whole).substr(0, second)), "truncated");
}

// Not every flip can be seen (rows and SQL are opaque), but none may crash, hang or turn the answer with
// the chunking, and a flip in the fixed part of the header never passes.
TEST(CustomFormat, AnswersEveryBitFlipAlikeInAnyChunks) {
    for (const char* name : kFixtures) {
        const std::string whole = fixture(name);
        std::size_t seen = 0;
        for (std::size_t at = 0; at < whole.size(); ++at) {
            for (int bit = 0; bit < 8; ++bit) {
                std::string flipped = whole;
                flipped[at] = static_cast<char>(flipped[at] ^ (1 << bit));
                const std::string answer = verdict(flipped);
                EXPECT_EQ(verdict(flipped, 13), answer) << at << ":" << bit;
                if (at < 5) {
                    EXPECT_EQ(answer, "corrupt");
                }
                seen += answer != "ok";
            }
        }
        EXPECT_GT(seen, whole.size() * 8 / 4) << name;
    }
}

TEST(CustomFormat, HoldsAnArchiveToTheOffsetsItStates) {
    const std::string whole = fixture("archive-1.14-with-offsets.dump");
    const std::size_t begin = data_begin(whole);
    ASSERT_GT(begin, 100u);
    // The entry of the first block: "set", then eight little-endian bytes.
    std::string stated(1, '\2');
    for (int shift = 0; shift < 64; shift += 8)
        stated += static_cast<char>(static_cast<std::uint64_t>(begin) >> shift & 0xff);
    const std::size_t at = whole.find(stated);
    ASSERT_NE(at, std::string::npos);
    std::string damaged = whole;
    damaged[at + 1] = static_cast<char>(damaged[at + 1] ^ 1);
    EXPECT_EQ(verdict(damaged), "corrupt");
}

TEST(CustomFormat, RefusesWhatItCannotKnow) {
    std::string future = fixture(kFixtures[0]);
    future[6] = 17;
    EXPECT_EQ(verdict(future), "unsupported");
    std::string tar = fixture(kFixtures[0]);
    tar[10] = 3;
    EXPECT_EQ(verdict(tar), "corrupt");
    EXPECT_EQ(verdict("pg_dump: error: connection refused\n"), "corrupt");
    EXPECT_EQ(verdict(""), "truncated");
}

TEST(CustomFormat, DoesNotBelieveImpossibleLengths) {
    std::string head = fixture(kFixtures[0]).substr(0, 11 + 5 + 7 * 5);
    EXPECT_EQ(verdict(head + std::string("\0\xff\xff\xff\x7f", 5)), "corrupt");  // a name of 2 GiB
    EXPECT_EQ(verdict(head + std::string("\1\2\0\0\0", 5)), "corrupt");          // of -2 bytes
    EXPECT_EQ(verdict(head + std::string("\2\2\0\0\0", 5)), "corrupt");          // no sign
}

}  // namespace
}  // namespace bkt::postgres
