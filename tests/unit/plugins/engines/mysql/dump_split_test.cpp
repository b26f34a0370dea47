#include "plugins/engines/mysql/dump_split.hpp"

#include <gtest/gtest.h>

#include "baktainer/testing/fake_host.hpp"
#include "baktainer/testing/memory_parts.hpp"
#include "plugins/engines/mysql/dump_format.hpp"

namespace bkt::mysql {
namespace {

constexpr const char* kSplitHeader =
    "/*M!999999\\- enable the sandbox mode */ \n-- MariaDB dump 10.19\n--\n"
    "-- Host: localhost    Database: a\n\n"
    "/*!40103 SET @OLD_TIME_ZONE=@@TIME_ZONE */;\n/*!40103 SET TIME_ZONE='+00:00' */;\n"
    "/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;\n";
constexpr const char* kEarlyEnd =
    "/*!40103 SET TIME_ZONE=@OLD_TIME_ZONE */;\n/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;\n"
    "\n-- Dump completed\n";
constexpr const char* kToolsEnd =
    "/*!40103 SET TIME_ZONE=@OLD_TIME_ZONE */;\n\n/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;\n"
    "\n-- Dump completed on 2026-01-01 00:00:00\n";

std::string marker(const std::string& name) {
    return "\n--\n-- Current Database: `" + name + "`\n--\n\n";
}
std::string first_section(const std::string& name, const std::string& rest = "") {
    return marker(name) + "CREATE DATABASE `" + name + "`;\n\nUSE `" + name +
           "`;\nINSERT INTO `t` VALUES\n(1,'\\n-- Current Database: `c`\\n'),\n(2,'');\n" + rest;
}
std::string view_section(const std::string& name, const std::string& rest = "") {
    return marker(name) + "USE `" + name + "`;\n" + rest;
}
const std::string kBody = std::string("DELIMITER ;;\nCREATE PROCEDURE `p`()\nBEGIN") + marker("c") +
                          kToolsEnd + "END ;;\nDELIMITER ;\n";
const std::string kView = "/*!50001 VIEW `v` AS select ' SET X=@OLD_X */;' AS `x` */;\n";

struct Split {
    std::string verdict;
    std::map<std::string, std::string> parts;
    std::vector<std::string> order;  // of what was told and finished
};

// Databases a, `b and c, the last of them and `with_views` having views.
Split split(const std::string& dump, std::size_t chunk_bytes, std::uint64_t lost_bytes = 0) {
    testing::FakeHost host;
    testing::FakeCall fake(host.raw());
    testing::MemoryPlan plan;
    Plan planned = plan.plan();
    for (const char* part : {"a.sql", "b.sql", "c.sql"}) EXPECT_TRUE(planned.part(part));
    testing::MemoryPartsOut memory(plan);
    PartsOut out = memory.out(fake.call());
    Split all;
    DumpSplit into(out, {{"a", "a.sql", false}, {"`b", "b.sql", true}, {"c", "c.sql", false}},
                   [&] { all.order.emplace_back("begun"); });
    Status done;
    for (std::size_t at = 0; at < dump.size() && done; at += chunk_bytes) {
        const auto chunk = std::string_view(dump).substr(at, chunk_bytes);
        done = into.sink().write(as_bytes(chunk));
        if (memory.parts.contains("a.sql") && memory.parts["a.sql"]->finished &&
            all.order.size() == 1)
            all.order.emplace_back("a");
    }
    EXPECT_EQ(into.failed().has_value(), !done);
    if (done) done = into.finish(dump.size() + lost_bytes);
    all.verdict = done ? "ok" : std::string(code_name(done.error().code));
    EXPECT_TRUE(!done || memory.complete()) << memory.violations.size();
    for (const auto& [name, part] : memory.parts) all.parts[name] = part->sink.text;
    return all;
}

bool is_whole_dump(const std::string& text) {
    testing::FakeHost host;
    testing::FakeCall fake(host.raw());
    Call call = fake.call();
    const auto tap = dump_format_tap(DumpKind::database);
    return tap->feed(call, as_bytes(text)) && tap->finish(call);
}

std::string named(std::string header, const std::string& name) {
    const std::string first = "Database: a\n";
    return header.replace(header.find(first), first.size(), "Database: " + name + "\n");
}

TEST(DumpSplit, GivesEachDatabaseWhatIsItsOwn) {
    const std::string dump = kSplitHeader + first_section("a", kBody) + first_section("``b") +
                             first_section("c", "DELIMITER ;;\n--\nEND ;;\nDELIMITER ;\n") +
                             view_section("a") + view_section("``b", kView) + view_section("c") +
                             kToolsEnd;
    for (const std::size_t chunk : {std::size_t{1}, std::size_t{7}, dump.size()}) {
        SCOPED_TRACE(chunk);
        const auto all = split(dump, chunk);
        ASSERT_EQ(all.verdict, "ok");
        EXPECT_EQ(all.parts.at("a.sql"), kSplitHeader + first_section("a", kBody) + kEarlyEnd);
        EXPECT_EQ(all.parts.at("b.sql"), named(kSplitHeader, "`b") + first_section("``b") +
                                             view_section("``b", kView) + kToolsEnd);
        EXPECT_EQ(all.parts.at("c.sql"),
                  named(kSplitHeader, "c") +
                      first_section("c", "DELIMITER ;;\n--\nEND ;;\nDELIMITER ;\n") + kEarlyEnd);
        for (const auto& [name, text] : all.parts) EXPECT_TRUE(is_whole_dump(text)) << name;
        // One without views is not kept open until the tool ends.
        EXPECT_EQ(all.order, (std::vector<std::string>{"begun", "a"}));
    }
}

const std::string kSections = first_section("a") + first_section("``b") + first_section("c");
const struct {
    const char *name, *verdict;
    std::string dump;
} kSplitCases[] = {
    {"without views", "ok", kSplitHeader + kSections + kToolsEnd},
    {"nothing", "truncated", ""},
    {"a header alone", "truncated", kSplitHeader},
    {"killed within a section", "truncated", kSplitHeader + kSections},
    {"killed before the last section", "truncated", kSplitHeader + first_section("a")},
    {"an end without its last line", "truncated",
     kSplitHeader + kSections + "/*!40103 SET TIME_ZONE=@OLD_TIME_ZONE */;\n"},
    {"an end before the last section", "corrupt", kSplitHeader + first_section("a") + kToolsEnd},
    {"an end before the last views", "corrupt",
     kSplitHeader + kSections + view_section("a") + kToolsEnd},
    {"one too many", "corrupt",
     kSplitHeader + kSections + view_section("a") + view_section("``b") + view_section("c") +
         view_section("a")},
    {"one again", "corrupt", kSplitHeader + first_section("a") + first_section("a")},
    {"one left out", "corrupt", kSplitHeader + first_section("a") + first_section("c")},
    {"one nobody asked for", "corrupt", kSplitHeader + first_section("a") + first_section("x")},
    {"one with a name without end", "corrupt",
     std::string(kSplitHeader) + "-- Current Database: `" + std::string(5000, 'a')},
    {"a routine that pretends to end", "corrupt",
     kSplitHeader + first_section("a", "DELIMITER ;;\n/*\nDELIMITER ;" + marker("``b") + "*/\n") +
         first_section("``b") + first_section("c") + kToolsEnd},
    {"a view that was made meanwhile", "conflict",
     kSplitHeader + kSections + view_section("a", kView) + view_section("``b") + view_section("c") +
         kToolsEnd},
    {"many lines instead of no view", "conflict",
     kSplitHeader + kSections + view_section("a", std::string(5000, 'x')) + view_section("``b")},
    {"a setting with a name without end", "ok",
     kSplitHeader + kSections + "/*!1 SET " + std::string(900, 'x') + "=@OLD_" +
         std::string(900, 'x') + " */;\n" + kToolsEnd},
    {"a header without end", "corrupt", std::string(2 << 20, 'x')},
};

TEST(DumpSplit, TakesNothingForWhatItIsNot) {
    for (const auto& c : kSplitCases)
        for (const std::size_t chunk : {std::size_t{1}, std::size_t{4096}}) {
            SCOPED_TRACE(c.name + std::string(", in pieces of ") + std::to_string(chunk));
            if (c.dump.size() > 100'000 && chunk == 1) continue;
            EXPECT_EQ(split(c.dump, chunk).verdict, c.verdict);
        }
    EXPECT_EQ(split(kSplitHeader + kSections + kToolsEnd, 4096, 1).verdict, "truncated")
        << "the tool wrote a byte more than came";
}

}  // namespace
}  // namespace bkt::mysql
