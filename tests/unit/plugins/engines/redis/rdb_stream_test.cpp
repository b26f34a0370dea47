#include "plugins/engines/redis/rdb_stream.hpp"

#include <gtest/gtest.h>

#include "baktainer/testing/memory_stream.hpp"

namespace bkt::redis {
namespace {

const std::string kFile = "REDIS0010" + std::string(200, 'v');
const std::string kMark(40, 'e');

struct StreamCase {
    const char* name;
    std::string came;
    const char* said;
    const char* outcome;  // "ok", "mark taken for data" or an error's code
};
const StreamCase kStreamCases[] = {
    {"since 7.0, to standard output", kFile + kMark,
     "SYNC sent to master, writing bytes of bulk transfer until EOF marker to '-'\n"
     "Transfer finished with success after 209 bytes\n",
     "ok"},
    {"a client that cuts the mark off", kFile, "Transfer finished with success after 209 bytes\n",
     "ok"},
    {"a size stated before", kFile,
     "SYNC sent to master, writing 209 bytes to '-'\nTransfer finished with success.\n", "ok"},
    {"before 7.0, with a mark", kFile + kMark,
     "SYNC sent to master, writing bytes of bulk transfer until EOF marker to '-'\n"
     "Transfer finished with success.\n",
     "ok"},
    {"less than stated", kFile, "Transfer finished with success after 300 bytes\n", "truncated"},
    {"more than stated", kFile + kMark + "x", "Transfer finished with success after 209 bytes\n",
     "truncated"},
    {"not done", kFile, "I/O Error reading RDB payload from socket\n", "truncated"},
    {"no word", kFile, "", "truncated"},
    {"nothing came", "", "Transfer finished with success after 209 bytes\n", "truncated"},
};

TEST(RdbStream, PassesOnTheFileAndNothingElseInAnyChunks) {
    for (const StreamCase& c : kStreamCases) {
        for (const std::size_t chunk : {1, 39, 40, 41, 4096}) {
            SCOPED_TRACE(std::string(c.name) + " in chunks of " + std::to_string(chunk));
            testing::MemorySink into;
            RdbStream stream(into.sink());
            const Sink sink = stream.sink();
            for (std::size_t at = 0; at < c.came.size(); at += chunk)
                ASSERT_TRUE(sink.write(as_bytes(std::string_view(c.came).substr(at, chunk))));
            const auto done = stream.finish(c.said);
            EXPECT_EQ(done ? "ok" : code_name(done.error().code), std::string_view(c.outcome));
            if (!done) continue;
            EXPECT_EQ(into.text, kFile);
            EXPECT_EQ(*done, kFile.size());
            EXPECT_EQ(stream.head(), c.came);
        }
    }
}

TEST(RdbStream, SeesAFileWithoutAChecksumWithAMarkBehindItOrNot) {
    const std::string zeroes(8, '\0');
    for (const auto& mark : {std::string(), kMark, std::string(40, '\0')})
        for (const auto& file : {kFile + zeroes, kFile, kFile + zeroes.substr(1)})
            for (const std::size_t chunk : {1, 3, 41, 4096}) {
                testing::MemorySink into;
                RdbStream stream(into.sink());
                const std::string came = file + mark;
                for (std::size_t at = 0; at < came.size(); at += chunk)
                    ASSERT_TRUE(
                        stream.sink().write(as_bytes(std::string_view(came).substr(at, chunk))));
                ASSERT_TRUE(stream.finish("Transfer finished with success after " +
                                          std::to_string(file.size()) + " bytes\n"));
                EXPECT_EQ(stream.has_no_checksum(), file.ends_with(zeroes)) << chunk;
            }
}

TEST(RdbStream, StopsWhenItsSinkDoes) {
    testing::MemorySink into;
    into.fail_at_byte = 10;
    RdbStream stream(into.sink());
    EXPECT_FALSE(stream.sink().write(as_bytes(kFile)));
    EXPECT_FALSE(into.written_after_failure);
}

}  // namespace
}  // namespace bkt::redis
