// What a restore leaves out of SQL text before psql sees it.
#include <gtest/gtest.h>

#include "baktainer/testing/memory_stream.hpp"
#include "plugins/engines/postgres/globals_filter.hpp"
#include "plugins/engines/postgres/plain_connect.hpp"

namespace bkt::postgres {
namespace {

// All of a source, read in small pieces; its error's name when it fails.
std::string read_all(const Source& source) {
    std::string all;
    std::array<std::byte, 11> piece;
    for (;;) {
        const auto n = source.read(piece);
        if (!n) return std::string(code_name(n.error().code));
        if (*n == 0) return all;
        all += as_text({piece.data(), *n});
    }
}

std::string filtered(const std::string& sql, std::size_t chunk_bytes) {
    testing::MemorySource source(sql);
    source.chunk_bytes = chunk_bytes;
    GlobalsFilter filter(source.source(), {"postgres", "we\"ird; role"}, {"fast"});
    return read_all(filter.source());
}

TEST(GlobalsFilter, LeavesOutOnlyWhatTheServerHas) {
    const std::string kept =
        "CREATE ROLE app;\nALTER ROLE postgres WITH SUPERUSER PASSWORD 'x''y';\n"
        "COMMENT ON ROLE app IS 'said:\nCREATE ROLE postgres;\n';\n"
        "-- it's only a comment\nCREATE ROLE postgres2;\n"
        "CREATE TABLESPACE slow OWNER app LOCATION '/slow';\n";
    const std::string given =
        "CREATE ROLE postgres;\nCREATE ROLE app;\nCREATE ROLE \"we\"\"ird; role\";\n"
        "ALTER ROLE postgres WITH SUPERUSER PASSWORD 'x''y';\n"
        "COMMENT ON ROLE app IS 'said:\nCREATE ROLE postgres;\n';\n"
        "-- it's only a comment\nCREATE ROLE postgres2;\nCREATE ROLE postgres;\n"
        "CREATE TABLESPACE fast OWNER app LOCATION '/fast';\n"
        "CREATE TABLESPACE slow OWNER app LOCATION '/slow';\n";
    for (const std::size_t chunk : {1, 10, 4096}) EXPECT_EQ(filtered(given, chunk), kept) << chunk;
}

TEST(GlobalsFilter, PassesAFailingSourceOn) {
    testing::MemorySource source("CREATE ROLE app;\nCREATE ROLE b;\n");
    source.fail_at_byte = 20;
    GlobalsFilter filter(source.source(), {}, {});
    EXPECT_EQ(read_all(filter.source()), "unavailable");
}

const std::string kPlain =
    "--\n-- PostgreSQL database dump\n--\n\n\\restrict K\n\nSET x = 0;\n\n"
    "--\n-- Name: shop; Type: DATABASE; Schema: -; Owner: app\n--\n\nCREATE DATABASE shop;\n\n"
    "\\unrestrict K\n\\connect shop\n\\restrict K\n\nSET x = 0;\n\n"
    "--\n-- Name: DATABASE shop; Type: COMMENT; Schema: -; Owner: app\n--\n\nCOMMENT ON DATABASE "
    "shop IS '';\n\n"
    "--\n-- Name: shop; Type: DATABASE PROPERTIES; Schema: -; Owner: app\n--\n\nALTER DATABASE "
    "shop SET y TO 1;\n\n"
    "\\unrestrict K\n\\connect shop\n";
const std::string kBody =
    "\\restrict K\n\nSET x = 0;\n\n--\n-- Name: t; Type: TABLE; Schema: public; Owner: app\n--\n\n"
    "CREATE TABLE t();\n\\connect not ours\n--\n-- PostgreSQL database dump "
    "complete\n--\n\n\\unrestrict K\n\n";

TEST(WithoutCreate, LeavesThePlainDumpsBody) {
    for (const std::size_t chunk : {1, 10, 100000}) {
        testing::MemorySource source(kPlain + kBody);
        source.chunk_bytes = chunk;
        EXPECT_EQ(read_all(WithoutCreate(source.source()).source()), kBody) << chunk;
    }
}

TEST(WithoutCreate, RefusesADumpThatNamesNoDatabase) {
    testing::MemorySource bare("--\n-- Name: t; Type: TABLE; Schema: public; Owner: app\n--\n");
    EXPECT_EQ(read_all(WithoutCreate(bare.source()).source()), "unsupported");
    testing::MemorySource cut(kPlain);
    EXPECT_EQ(read_all(WithoutCreate(cut.source()).source()), "corrupt");
}

}  // namespace
}  // namespace bkt::postgres
