#include "plugins/engines/postgres/plain_format.hpp"

#include <gtest/gtest.h>

#include "baktainer/testing/fake_host.hpp"

namespace bkt::postgres {
namespace {

const std::string kBegin = "--\n-- PostgreSQL database dump\n--\n\n";
const std::string kRestrict = kBegin + "\\restrict AbC123\n\n";
const std::string kDone = "--\n-- PostgreSQL database dump complete\n--\n\n";
const std::string kUnrestrict = "\\unrestrict AbC123\n\n";
const std::string kRows(3 * 4096 - 5, 'x');

struct Case {
    const char* name;
    std::string dump;
    bool whole;
};
const Case kCases[] = {
    {"as pg_dump before 15.14 ends", kBegin + kRows + "\n" + kDone, true},
    {"as pg_dump since 15.14 ends", kRestrict + kRows + "\n" + kDone + kUnrestrict, true},
    {"a dump of nothing", kBegin + kDone, true},
    {"nothing at all", "", false},
    {"cut in the rows", kRestrict + kRows, false},
    {"cut within the marker", kBegin + kRows + "\n--\n-- PostgreSQL database dump comp", false},
    {"cut right after the marker", kBegin + kRows + "\n--\n-- PostgreSQL database dump complete",
     false},
    {"cut before the last line", kBegin + kRows + "\n" + kDone.substr(0, kDone.size() - 1), false},
    {"cut before the key comes back", kRestrict + kRows + "\n" + kDone, false},
    {"cut within the key", kRestrict + kRows + "\n" + kDone + "\\unrestrict AbC1", false},
    {"another key", kRestrict + kRows + "\n" + kDone + "\\unrestrict Other\n\n", false},
    {"the marker inside a row", kBegin + kRows + "'-- PostgreSQL database dump complete'\n\n",
     false},
    {"the marker in a function, more follows",
     kBegin + kRows + "\n" + kDone + "$$;\n\nCREATE TABLE t();\n\n", false},
    {"the marker far above the end", kBegin + kDone + kRows + "\n\n", false},
    {"the marker of another kind",
     kBegin + "--\n-- PostgreSQL database cluster dump complete\n--\n\n", false},
};

std::string verdict(PlainKind kind, std::string_view dump, std::size_t chunk_bytes) {
    testing::FakeHost host;
    testing::FakeCall fake(host.raw());
    Call call = fake.call();
    const auto tap = plain_format_tap(kind);
    while (!dump.empty()) {
        const auto chunk = dump.substr(0, chunk_bytes);
        EXPECT_TRUE(tap->feed(call, as_bytes(chunk)));
        dump.remove_prefix(chunk.size());
    }
    const Status end = tap->finish(call);
    return end ? "ok" : std::string(code_name(end.error().code));
}

TEST(PlainFormat, TakesWholeDumpsOnlyInAnyChunks) {
    for (const Case& c : kCases)
        for (const std::size_t chunk : {1, 7, 4096, 65536})
            EXPECT_EQ(verdict(PlainKind::database, c.dump, chunk), c.whole ? "ok" : "truncated")
                << c.name << ", in chunks of " << chunk;
}

TEST(PlainFormat, FindsEveryCut) {
    const std::string whole = kRestrict + kRows + "\n" + kDone + kUnrestrict;
    for (std::size_t n = 0; n < whole.size(); ++n)
        ASSERT_EQ(verdict(PlainKind::database, std::string_view(whole).substr(0, n), 65536),
                  "truncated")
            << n;
}

TEST(PlainFormat, KnowsTheEndOfGlobals) {
    const std::string whole =
        "--\n-- PostgreSQL database cluster dump\n--\n\n\\restrict k\n\nCREATE ROLE "
        "app;\n\n\\unrestrict k\n\n"
        "--\n-- PostgreSQL database cluster dump complete\n--\n\n";
    EXPECT_EQ(verdict(PlainKind::globals, whole, 4096), "ok");
    for (std::size_t n = 0; n < whole.size(); ++n)
        ASSERT_EQ(verdict(PlainKind::globals, std::string_view(whole).substr(0, n), 4096),
                  "truncated");
}

}  // namespace
}  // namespace bkt::postgres
