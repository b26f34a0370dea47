#include "plugins/engines/redis/rdb_format.hpp"

#include <gtest/gtest.h>

#include "baktainer/testing/fake_host.hpp"
#include "plugins/engines/redis/rdb_aux.hpp"
#include "plugins/engines/redis/rdb_crc64.hpp"

namespace bkt::redis {
namespace {

// How a file of redis 7.0.15 begins, and an end mark.
const std::string kReal(
    "REDIS0010\xfa\x09redis-ver\x06"
    "7.0.15\xfa\x0aredis-bits\xc0\x40\xff",
    42);

std::string with_checksum(std::string bytes) {
    std::uint64_t crc = rdb_crc64(0, as_bytes(bytes));
    for (int i = 0; i < 8; ++i, crc >>= 8) bytes += static_cast<char>(crc & 255);
    return bytes;
}

std::string verdict(std::string_view bytes, std::size_t chunk_bytes = 4096,
                    std::vector<std::string>* log = nullptr) {
    testing::FakeHost host;
    testing::FakeCall fake(host.raw());
    Call call = fake.call();
    const auto tap = rdb_tap();
    while (!bytes.empty()) {
        const auto chunk = bytes.substr(0, chunk_bytes);
        if (const auto fed = tap->feed(call, as_bytes(chunk)); !fed)
            return std::string(code_name(fed.error().code));
        bytes.remove_prefix(chunk.size());
    }
    const Status end = tap->finish(call);
    if (log) *log = host.log_lines;
    return end ? "ok" : std::string(code_name(end.error().code));
}

TEST(RdbCrc64, IsJonesReflected) {
    // The check value that Redis' own source states.
    EXPECT_EQ(rdb_crc64(0, as_bytes("123456789")), 0xe9c6d914c4b8d9caULL);
    const std::string text(1000, 'x');
    for (const std::size_t cut : {1, 7, 8, 9, 500})
        EXPECT_EQ(rdb_crc64(rdb_crc64(0, as_bytes(text).first(cut)), as_bytes(text).subspan(cut)),
                  rdb_crc64(0, as_bytes(text)));
}

const std::string kBody = kReal.substr(0, kReal.size() - 1) + std::string(300, '\xff') + "values";
const std::string kWhole = with_checksum(kBody + "\xff");

struct Case {
    const char* name;
    std::string bytes;
    const char* verdict;
};
const Case kCases[] = {
    {"a whole file", kWhole, "ok"},
    {"the smallest", with_checksum("REDIS0011\xff"), "ok"},
    {"of Valkey 9", with_checksum("VALKEY080\xff"), "ok"},
    {"nothing at all", "", "truncated"},
    {"its front only", "REDIS0011", "truncated"},
    {"a file of Redis 2.4, without a checksum", "REDIS0002" + std::string(50, '\xff'),
     "unsupported"},
    {"another file", "PGDMP" + std::string(50, '\xff'), "corrupt"},
    {"a version of letters", with_checksum("REDIS00x1\xff"), "corrupt"},
    {"a checksum without the end mark", with_checksum(kBody), "truncated"},
    {"two files", kWhole + kWhole, "corrupt"},
    {"one byte more", kWhole + "\n", "truncated"},
    {"the mark of the stream left behind it", kWhole + std::string(40, 'a'), "truncated"},
};

TEST(RdbFormat, TakesWholeFilesOnlyInAnyChunks) {
    for (const Case& c : kCases)
        for (const std::size_t chunk : {1, 5, 8, 9, 10, 64, 4096})
            EXPECT_EQ(verdict(c.bytes, chunk), c.verdict) << c.name << " in chunks of " << chunk;
}

TEST(RdbFormat, FindsACutAtEveryPlaceAndAFlipOfEveryBit) {
    for (std::size_t length = 0; length < kWhole.size(); ++length)
        EXPECT_NE(verdict(std::string_view(kWhole).substr(0, length)), "ok") << length;
    for (std::size_t bit = 0; bit < kWhole.size() * 8; ++bit) {
        std::string flipped = kWhole;
        flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
        EXPECT_NE(verdict(flipped), "ok") << bit;
    }
    const auto half = kWhole.size() / 2;
    EXPECT_NE(verdict(kWhole.substr(0, 9) + kWhole.substr(half) + kWhole.substr(9, half - 9)),
              "ok");
}

TEST(RdbFormat, SaysWhenTheServerMadeNoChecksum) {
    std::vector<std::string> log;
    EXPECT_EQ(verdict(kBody + "\xff" + std::string(8, '\0'), 4096, &log), "ok");
    ASSERT_EQ(log.size(), 1u);
    EXPECT_NE(log[0].find("rdbchecksum"), std::string::npos);
    EXPECT_EQ(verdict(kWhole, 4096, &log), "ok");
    EXPECT_TRUE(log.empty());
}

TEST(RdbAux, ReadsWhatTheFileSaysOfItself) {
    EXPECT_EQ(rdb_aux(kReal),
              (std::map<std::string, std::string>{{"redis-ver", "7.0.15"}, {"redis-bits", "64"}}));
    for (std::size_t length = 0; length < kReal.size(); ++length)
        EXPECT_LE(rdb_aux(std::string_view(kReal).substr(0, length)).size(), 2u);
    EXPECT_TRUE(rdb_aux("REDIS0010\xfa\xff").empty());
    EXPECT_TRUE(rdb_aux("REDIS0010\xfa\x7f\xff").empty());
}

}  // namespace
}  // namespace bkt::redis
