// A live database as a stream of its pages, and the file it becomes.
#include "plugins/engines/sqlite/page_stream.hpp"

#include "tests/unit/plugins/engines/sqlite/fixture.hpp"

namespace bkt::sqlite {
namespace {

using test::said;

struct PageStream : SqliteEngineTest {
    std::string file() const { return path("live.db"); }
    std::string sent() {
        testing::MemorySink sink;
        const auto done = send_pages(call.call(), file(), sink.sink());
        EXPECT_TRUE(done) << done.error().message;
        return sink.text;
    }
    // The same through a pipe that is slow enough for many commits.
    std::string slowly_sent() {
        struct Slow {
            testing::MemorySink into;
            static bkt_rc write(const bkt_sink* sink, const void* bytes,
                                std::uint64_t len) noexcept {
                std::this_thread::sleep_for(std::chrono::milliseconds(15));
                const auto* raw = static_cast<Slow*>(sink->ctx)->into.raw();
                return raw->write(raw, bytes, len);
            }
        } slow;
        const bkt_sink raw{sizeof raw, 0, &slow, &Slow::write, nullptr, nullptr};
        const auto done = send_pages(call.call(), file(), Sink(&raw));
        EXPECT_TRUE(done) << done.error().message;
        return slow.into.text;
    }
    // What the records make, taken in chunks; an error's text where they make nothing.
    std::string made_of(std::string_view records, std::size_t chunk_bytes = 65536) {
        std::filesystem::remove(path("copy.db"));
        const auto pages = PageFile::create(path("copy.db"));
        EXPECT_TRUE(pages);
        while (!records.empty()) {
            const auto chunk = records.substr(0, chunk_bytes);
            if (!(*pages)->sink().write(as_bytes(chunk))) break;
            records.remove_prefix(chunk.size());
        }
        const Status whole = (*pages)->finish();
        return whole ? read_file(path("copy.db")) : said(whole);
    }
    testing::FakeHost host;
    testing::FakeCall call{host.raw()};
};

TEST_F(PageStream, IsOneCommittedStateWhileAWriterNeverRests) {
    make_live_database(file());
    for (const char* mode : {"WAL", "DELETE"}) {
        SCOPED_TRACE(mode);
        sql(file(), "PRAGMA journal_mode = " + std::string(mode));
        std::string records;
        {
            const BusyWriter writer(file());
            records = slowly_sent();
        }
        expect_untorn(made_of(records));
    }
}

TEST_F(PageStream, HoldsWritersOfARollbackJournalBackAndThoseOfALogNot) {
    for (const char* mode : {"WAL", "DELETE"}) {
        std::filesystem::remove(file());
        make_live_database(file());
        sql(file(), "PRAGMA journal_mode = " + std::string(mode));
        std::string answer;
        testing::FakeCall watched(host.raw());
        watched.on_progress = [&](auto, auto) {
            sqlite3* db = nullptr;
            sqlite3_open(file().c_str(), &db);
            const int rc = sqlite3_exec(db, "UPDATE a SET n = n", nullptr, nullptr, nullptr);
            answer = sqlite3_errstr(rc);
            sqlite3_close(db);
        };
        testing::MemorySink sink;
        ASSERT_TRUE(send_pages(watched.call(), file(), sink.sink()));
        EXPECT_EQ(answer, std::string(mode) == "WAL" ? "not an error" : "database is locked");
    }
}

TEST_F(PageStream, IsWhatTheCopyOfAFileIs) {
    for (const char* shape :
         {"PRAGMA page_size = 512; PRAGMA auto_vacuum = 2; CREATE TABLE t(x);",
          "PRAGMA page_size = 65536; CREATE TABLE t(x);", "CREATE TABLE t(x); DROP TABLE t;"}) {
        SCOPED_TRACE(shape);
        std::filesystem::remove(file());
        sql(file(), std::string(shape) +
                        "CREATE TABLE u AS WITH RECURSIVE i(x) AS (SELECT 1 UNION ALL SELECT x + 1 "
                        "FROM i WHERE x < 900) SELECT randomblob(3000) AS b FROM i;"
                        "DELETE FROM u WHERE rowid % 3 = 0");
        std::filesystem::remove(path("by-file.db"));
        ASSERT_TRUE(copy_out(call.call(), file(), path("by-file.db")));
        EXPECT_TRUE(made_of(sent()) == read_file(path("by-file.db")));
    }
}

TEST_F(PageStream, IsTheSameHoweverThePipeCutsIt) {
    sql(file(), "CREATE TABLE t AS SELECT randomblob(30000)");
    const auto records = sent();
    const auto whole = made_of(records);
    for (const std::size_t chunk : {1ul, 15ul, 4097ul, records.size()})
        EXPECT_TRUE(made_of(records, chunk) == whole) << chunk;
}

TEST_F(PageStream, ThatEndsEarlyIsNoFile) {
    sql(file(), "CREATE TABLE t AS SELECT randomblob(900000)");
    const auto records = sent();
    for (std::size_t i = 0; i < 20; ++i)
        EXPECT_TRUE(made_of(records.substr(0, records.size() * i / 20)).starts_with("truncated"))
            << i;
    EXPECT_TRUE(made_of(records.substr(0, records.size() - 1)).starts_with("truncated"));
}

TEST_F(PageStream, ThatIsNoneIsNoFile) {
    sql(file(), "CREATE TABLE t(x)");
    const auto records = sent();
    EXPECT_TRUE(made_of(records + "x").starts_with("corrupt"));
    EXPECT_TRUE(made_of(records + records).starts_with("corrupt"));
    EXPECT_TRUE(made_of(std::string(16, '\1') + records).starts_with("corrupt"));
    EXPECT_TRUE(made_of(std::string(16, '\0') + records).starts_with("corrupt"));
    EXPECT_TRUE(made_of(std::string(15, '\xff') + "\x7f").starts_with("corrupt"));
}

TEST_F(PageStream, EndsWithTheErrorOfItsSinkAndAtACancel) {
    make_live_database(file());
    testing::MemorySink full;
    full.fail_at_byte = 1 << 20;
    const auto failed = send_pages(call.call(), file(), full.sink());
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, Code::no_space);
    EXPECT_FALSE(full.written_after_failure);

    testing::FakeCall cancelled(host.raw());
    cancelled.on_progress = [&](auto, auto) { cancelled.cancel(); };
    testing::MemorySink sink;
    const auto ended = send_pages(cancelled.call(), file(), sink.sink());
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().code, Code::cancelled);
    EXPECT_TRUE(made_of(sink.text).starts_with("truncated"));
}

TEST_F(PageStream, OverAFileThatIsThereIsRefused) {
    write_file(path("there.db"), "mine");
    const auto pages = PageFile::create(path("there.db"));
    ASSERT_FALSE(pages);
    EXPECT_EQ(pages.error().code, Code::exists);
    EXPECT_EQ(read_file(path("there.db")), "mine");
}

}  // namespace
}  // namespace bkt::sqlite
