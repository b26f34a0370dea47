// Of which database a server is sure that it has none.
#include "plugins/engines/mysql/server.hpp"

#include <gtest/gtest.h>

namespace bkt::mysql {
namespace {

TEST(MysqlServer, SurelyLacksOnlyWhatALoginThatSeesAllDoesNotSee) {
    Server server;
    server.told_databases = server.selects_all = true;
    server.databases = {{"shop"}, {"Crm"}};
    EXPECT_TRUE(surely_lacks(server, "gone"));
    EXPECT_TRUE(surely_lacks(server, "sho"));
    for (const char* name : {"shop", "SHOP", "crm", "mysql", "K\xc3\xa4se"})
        EXPECT_FALSE(surely_lacks(server, name)) << name;
    server.selects_all = false;
    EXPECT_FALSE(surely_lacks(server, "gone")) << "it may be hidden from the login";
    server.selects_all = true;
    server.told_databases = false;
    EXPECT_FALSE(surely_lacks(server, "gone")) << "nobody was told what there is";
}

}  // namespace
}  // namespace bkt::mysql
