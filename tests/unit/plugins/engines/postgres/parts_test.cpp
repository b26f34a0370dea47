// A part's name says whose it is and which piece.
#include "plugins/engines/postgres/parts.hpp"

#include <gtest/gtest.h>

namespace bkt::postgres {
namespace {

TEST(Parts, AreReadAsTheyWereWritten) {
    for (const std::string name :
         {"shop", "a.schema", "b.data-1of2", "globals", "Kä se/..", ".hidden"}) {
        SCOPED_TRACE(name);
        const auto whole = parse_database_part(database_part(name, Format::custom));
        ASSERT_TRUE(whole);
        EXPECT_EQ(whole->database, name);
        EXPECT_EQ(whole->piece, Piece::whole);
        const auto schema = parse_database_part(schema_part(name));
        ASSERT_TRUE(schema);
        EXPECT_EQ(schema->database, name);
        EXPECT_EQ(schema->piece, Piece::schema);
        const auto rows = parse_database_part(data_part(name, 2, 16));
        ASSERT_TRUE(rows);
        EXPECT_EQ(rows->database, name);
        EXPECT_EQ(rows->piece, Piece::data);
        EXPECT_EQ(rows->number, 2u);
        EXPECT_EQ(rows->count, 16u);
        const auto timescale = parse_database_part(timescale_part(name));
        ASSERT_TRUE(timescale);
        EXPECT_EQ(timescale->database, name);
        EXPECT_EQ(timescale->piece, Piece::timescale);
    }
}

TEST(Parts, OfOthersAreNone) {
    for (const char* other : {"globals.sql", "shop", "shop.tar", "shop.data-", "shop.data-0of2",
                              "shop.data-3of2", "shop.data-1of17", "shop.data-01of2", "shop.data-1",
                              "shop.data-1of2x", "%zz.dump", ".schema"})
        EXPECT_FALSE(parse_database_part(other)) << other;
}

}  // namespace
}  // namespace bkt::postgres
