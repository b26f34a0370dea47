#include "plugins/engines/mysql/dump_filter.hpp"

#include <gtest/gtest.h>

#include <array>

#include "baktainer/testing/memory_stream.hpp"

namespace bkt::mysql {
namespace {

const std::string kSandbox = "/*M!999999\\- enable the sandbox mode */ \n";
const std::string kHead = "-- MariaDB dump 10.19\n--\n";
std::string enter(const std::string& name) {
    return "CREATE DATABASE /*!32312 IF NOT EXISTS*/ " + name +
           " /*!40100 DEFAULT CHARACTER SET latin1 */;\n\nUSE " + name + ";\n";
}
const std::string kForeignRows =
    "INSERT INTO `t` VALUES ('ALTER DATABASE `shop` CHARACTER SET x','\\nUSE `shop`;');\n";
std::string alter(const std::string& name) {
    return "ALTER DATABASE " + name + " CHARACTER SET utf8mb4 ;\n";
}

// All of it, read in small pieces; its error's name when it fails.
std::string filtered(const std::string& dump, const std::string& from, const std::string& to,
                     std::size_t chunk_bytes = 4096) {
    testing::MemorySource memory(dump);
    memory.chunk_bytes = chunk_bytes;
    const DumpFilter filter(memory.source(), from, to);
    std::string all;
    std::array<std::byte, 11> piece;
    for (;;) {
        const auto n = filter.source().read(piece);
        if (!n) {
            EXPECT_EQ(filter.failed().has_value(), n.error().code != Code::unavailable);
            return std::string(code_name(n.error().code));
        }
        if (*n == 0) return all;
        all += as_text({piece.data(), *n});
    }
}

TEST(DumpFilter, LeavesOutTheSandboxLineOnly) {
    const std::string rest =
        kHead + enter("`shop`") + kForeignRows + alter("`shop`") + kForeignRows;
    for (const std::size_t chunk : {1, 10, 100000}) {
        EXPECT_EQ(filtered(kSandbox + rest, "shop", "shop", chunk), rest) << chunk;
        EXPECT_EQ(filtered(rest, "shop", "shop", chunk), rest) << chunk;
    }
}

// Views are made at the end, behind a USE of their own: left as it is, they would be made in the original.
TEST(DumpFilter, EntersTheNewNameAgainForItsViews) {
    const auto views = [](const std::string& name) {
        return kHead + enter(name) + kForeignRows + "USE " + name + ";\nCREATE VIEW `v`;\n";
    };
    for (const std::size_t chunk : {1, 10, 100000})
        EXPECT_EQ(filtered(views("`shop`") + "USE `shop2`;\n", "shop", "other", chunk),
                  views("`other`") + "USE `shop2`;\n")
            << chunk;
}

TEST(DumpFilter, RenamesTheDatabaseAndNothingInRows) {
    const std::string given = kSandbox + kHead + enter("`shop`") + kForeignRows + alter("`shop`") +
                              kForeignRows + alter("`shop2`") + "ALTER DATABASE";
    const std::string wanted = kHead + enter("`we``ird`") + kForeignRows + alter("`we``ird`") +
                               kForeignRows + alter("`shop2`") + "ALTER DATABASE";
    for (const std::size_t chunk : {1, 10, 100000})
        EXPECT_EQ(filtered(given, "shop", "we`ird", chunk), wanted) << chunk;
}

// "CREATE TRIGGER shop.tr ... ON shop.t" is kept as it was written: played into another database it would
// be made in the original.
TEST(DumpFilter, RefusesToRenameWhatDrawsFromASequence) {
    const std::string before = kHead + enter("`shop`") + "CREATE TABLE `t` (\n";
    const std::string lines[] = {"  `id` int(11) NOT NULL DEFAULT nextval(`shop`.`s`) COMMENT '" +
                                     std::string(1024, 'x') + "',\n",
                                 "/*!50001 VIEW `v` AS select lastval(`shop`.`s`) AS `n` */;\n"};
    for (const auto& line : lines)
        for (const std::size_t chunk : {1, 10, 100000}) {
            const std::string dump = before + line + kForeignRows;
            EXPECT_EQ(filtered(dump, "shop", "other", chunk), "unsupported") << line;
            EXPECT_EQ(filtered(dump, "shop", "shop", chunk), dump);
        }
    for (const std::string fine :
         {"  `id` int(11) DEFAULT nextval(`shop2`.`s`),\n", "  `shop` int,\n",
          "INSERT INTO `t` VALUES ('nextval(`shop`.`s`)');\n"})
        EXPECT_NE(filtered(before + fine, "shop", "other").find(fine), std::string::npos) << fine;
}

TEST(DumpFilter, RefusesToRenameATriggerThatNamesItsDatabase) {
    const std::string begin =
        "/*!50003 CREATE*/ /*!50017 DEFINER=`root`@`localhost`*/ /*!50003 TRIGGER ";
    const auto with = [&](const std::string& rest) {
        return kHead + enter("`shop`") + "DELIMITER ;;\n" + begin + rest +
               "\nEND */;;\nDELIMITER ;\n";
    };
    for (const std::size_t chunk : {1, 10, 100000}) {
        for (const std::string named :
             {"shop.tr BEFORE INSERT ON t FOR EACH ROW",
              "`shop`.tr BEFORE INSERT ON t FOR EACH ROW",
              "tr BEFORE INSERT ON shop.t FOR EACH ROW", "`tr` BEFORE INSERT ON `shop`.`t` FOR"})
            EXPECT_EQ(filtered(with(named), "shop", "other", chunk), "unsupported") << named;
        const std::string bare = "`tr` BEFORE INSERT ON `t` FOR EACH ROW BEGIN";
        EXPECT_NE(filtered(with(bare), "shop", "other", chunk).find(begin + bare + "\n"),
                  std::string::npos);
        EXPECT_EQ(filtered(with("shop.tr BEFORE"), "shop", "shop", chunk), with("shop.tr BEFORE"));
    }
}

TEST(DumpFilter, RefusesADumpThatWouldGoElsewhere) {
    EXPECT_EQ(filtered(kHead + kForeignRows, "shop", "shop"), "unsupported");
    EXPECT_EQ(filtered(kHead + "USE `shop`;\n" + kForeignRows, "shop", "shop"), "unsupported");
    EXPECT_EQ(filtered(kHead + enter("`mysql`"), "shop", "shop"), "corrupt");
    EXPECT_EQ(filtered(kHead, "shop", "shop"), "unsupported");
}

TEST(DumpFilter, PassesAFailingSourceOn) {
    testing::MemorySource memory(kHead + enter("`shop`") + kForeignRows);
    memory.fail_at_byte = 20;
    const DumpFilter filter(memory.source(), "shop", "shop");
    std::array<std::byte, 11> piece;
    const auto n = filter.source().read(piece);
    ASSERT_FALSE(n);
    EXPECT_EQ(n.error().code, Code::unavailable);
    EXPECT_FALSE(filter.failed());
}

}  // namespace
}  // namespace bkt::mysql
