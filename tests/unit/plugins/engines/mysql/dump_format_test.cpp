#include "plugins/engines/mysql/dump_format.hpp"

#include <gtest/gtest.h>

#include "baktainer/testing/fake_host.hpp"

namespace bkt::mysql {
namespace {

const std::string kMysql = "-- MySQL dump 10.13  Distrib 9.7.4, for Linux (x86_64)\n--\n";
const std::string kMariadb =
    "/*M!999999\\- enable the sandbox mode */ \n-- MariaDB dump 10.19  Distrib 10.11.19-MariaDB\n";
const std::string kDone = "\n-- Dump completed on 2026-11-24 17:16:44\n";
const std::string kMark = "-- Dump completed on 2026-01-01 00:00:00\n";
const std::string kRows = "INSERT INTO `t` VALUES (1,'" + std::string(9000, 'x') + "'),(2,';');\n";
const std::string kRowLines = "INSERT INTO `t` VALUES\n(1,'a'),\n(2,'-- MySQL dump ');\n";
const std::string kRoutine = "DELIMITER ;;\nCREATE PROCEDURE p() BEGIN\n" + kMark + kMysql +
                             "INSERT INTO nothing that ends\nEND ;;\nDELIMITER ;\n";

struct Case {
    const char* name;
    std::string dump;
    const char* verdict;
};
const Case kCases[] = {
    {"as mysqldump writes it", kMysql + kRows + kDone, "ok"},
    {"as mariadb-dump writes it", kMariadb + kRowLines + kDone, "ok"},
    {"without the date", kMysql + kRows + "\n-- Dump completed\n", "ok"},
    {"of nothing", kMysql + kDone, "ok"},
    {"a routine that quotes header, end and half a row", kMysql + kRoutine + kRows + kDone, "ok"},
    {"the end's words in a row",
     kMysql + "INSERT INTO `t` VALUES ('\\n-- Dump completed on');\n" + kDone, "ok"},
    {"nothing at all", "", "truncated"},
    {"the sandbox line alone", kMariadb.substr(0, kMariadb.find('\n') + 1), "truncated"},
    {"cut in the header", kMysql.substr(0, 20), "truncated"},
    {"cut in a row", kMysql + kRows.substr(0, 500), "truncated"},
    {"cut in a routine, behind a line like the end",
     kMysql + kRoutine.substr(0, kRoutine.find("INSERT")), "truncated"},
    {"cut in the end's date", kMysql + kRows + "\n-- Dump completed on 2026", "truncated"},
    {"cut before the last line feed", kMysql + kRows + kDone.substr(0, kDone.size() - 1),
     "truncated"},
    {"another comment like the end", kMysql + kRows + "-- Dump completedness\n", "truncated"},
    {"without header", kRows + kDone, "corrupt"},
    {"the end alone", kDone.substr(1), "corrupt"},
    {"two of them", kMysql + kRows + kDone + kMysql + kRows + kDone, "corrupt"},
    {"an empty line too many", kMysql + kRows + kDone + "\n", "corrupt"},
    {"one byte too many", kMysql + kRows + kDone + "x", "corrupt"},
    {"half of one, cut at a line, and a whole one", kMysql + kRows + kMysql + kRows + kDone,
     "corrupt"},
    {"half of one, cut in a row, and a whole one",
     kMysql + kRows.substr(0, 500) + kMysql + kRows + kDone, "corrupt"},
    {"the same by mariadb-dump", kMariadb + kRowLines.substr(0, 28) + kMariadb + kRowLines + kDone,
     "corrupt"},
    {"its halves exchanged", kRows + kDone + kMysql, "corrupt"},
    {"accounts", std::string(kAccountsBegin) + "\n" + std::string(kAccountsEnd) + "\n", "corrupt"},
};

std::string verdict(DumpKind kind, std::string_view dump, std::size_t chunk_bytes) {
    testing::FakeHost host;
    testing::FakeCall fake(host.raw());
    Call call = fake.call();
    const auto tap = dump_format_tap(kind);
    EXPECT_EQ(tap->tail_bytes(), 0u) << "a tail cannot tell two dumps from one";
    while (!dump.empty()) {
        const auto chunk = dump.substr(0, chunk_bytes);
        if (const Status fed = tap->feed(call, as_bytes(chunk)); !fed)
            return std::string(code_name(fed.error().code));
        dump.remove_prefix(chunk.size());
    }
    const Status end = tap->finish(call);
    return end ? "ok" : std::string(code_name(end.error().code));
}

TEST(DumpFormat, TakesWholeDumpsOnlyInAnyChunks) {
    for (const Case& c : kCases)
        for (const std::size_t chunk : {1, 7, 4096, 65536})
            EXPECT_EQ(verdict(DumpKind::database, c.dump, chunk), c.verdict)
                << c.name << ", in chunks of " << chunk;
}

TEST(DumpFormat, FindsEveryCut) {
    const std::string whole = kMariadb + kRowLines + kRoutine + kDone;
    for (std::size_t n = 0; n < whole.size(); ++n)
        ASSERT_NE(verdict(DumpKind::database, std::string_view(whole).substr(0, n), 65536), "ok")
            << n;
}

TEST(DumpFormat, KnowsTheEndOfAccounts) {
    const std::string whole = std::string(kAccountsBegin) +
                              " of server 9.7.4\nSET NAMES utf8mb4;\nFLUSH PRIVILEGES;\n" +
                              std::string(kAccountsEnd) + "\n";
    EXPECT_EQ(verdict(DumpKind::accounts, whole, 4096), "ok");
    EXPECT_EQ(verdict(DumpKind::accounts, whole + whole, 4096), "corrupt");
    for (std::size_t n = 0; n < whole.size(); ++n)
        ASSERT_NE(verdict(DumpKind::accounts, std::string_view(whole).substr(0, n), 4096), "ok")
            << n;
}

}  // namespace
}  // namespace bkt::mysql
