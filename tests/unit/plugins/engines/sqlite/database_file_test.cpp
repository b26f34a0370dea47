#include "plugins/engines/sqlite/database_file.hpp"

#include <gtest/gtest.h>

namespace bkt::sqlite {
namespace {

struct Refused {
    const char* name;
    std::string list;
};
const Refused kRefused[] = {
    {"nothing", ""},
    {"blanks only", "  "},
    {"relative", "notes.db"},
    {"an option", "-cmd"},
    {"a dot-command", ".read /etc/passwd"},
    {"an URI", "file:/srv/notes.db"},
    {"a line break", "/srv/a\n.db"},
    {"a carriage return", "/srv/a\r.db"},
    {"a NUL byte", std::string("/srv/a\0.db", 10)},
    {"64 KiB of path", "/" + std::string(65536, 'a')},
    {"a folder", "/srv/"},
    {"an empty entry", "/srv/a.db,,/srv/b.db"},
    {"a trailing comma", "/srv/a.db,"},
    {"the same file twice", "/srv/a.db, /srv/a.db"},
};

TEST(DatabaseFiles, RefuseWhatNoPathCanBe) {
    for (const auto& c : kRefused) {
        SCOPED_TRACE(c.name);
        const auto files = parse_files(c.list);
        ASSERT_FALSE(files);
        EXPECT_EQ(files.error().code, Code::invalid);
        EXPECT_FALSE(files.error().hint.empty());
        EXPECT_LT(files.error().message.size(), 300u);
        EXPECT_EQ(files.error().message.find('\n'), std::string::npos);
    }
}

TEST(DatabaseFiles, BecomePartsThatNeverMeet) {
    const auto files = parse_files("/a/notes.db, /b/notes.db,/c/$(rm -rf ~).db,/d/été;.db");
    ASSERT_TRUE(files);
    ASSERT_EQ(files->size(), 4u);
    EXPECT_EQ((*files)[0].part, "notes.db.sqlite");
    EXPECT_EQ((*files)[1].part, "notes.db-2.sqlite");
    EXPECT_EQ((*files)[2].part, "%24%28rm%20-rf%20%7E%29.db.sqlite");
    EXPECT_EQ((*files)[2].path, "/c/$(rm -rf ~).db");
    EXPECT_EQ((*files)[3].part, "%C3%A9t%C3%A9%3B.db.sqlite");
}

TEST(DatabaseFiles, KeepLongNamesWithinAPartNamesBound) {
    const auto files = parse_files("/a/" + std::string(60, ';') + std::string(195, '.') + ",/b/" +
                                   std::string(255, '%'));
    ASSERT_TRUE(files);
    for (const auto& f : *files) EXPECT_LE(f.part.size(), 200u);
    EXPECT_NE((*files)[0].part, (*files)[1].part);
}

}  // namespace
}  // namespace bkt::sqlite
