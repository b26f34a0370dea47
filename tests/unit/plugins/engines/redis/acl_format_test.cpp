#include "plugins/engines/redis/acl_format.hpp"

#include <gtest/gtest.h>

namespace bkt::redis {
namespace {

const std::string kList =
    "user app on #5e88 ~app:* +@all -@dangerous\nuser default on nopass ~* &* +@all\n\n";

TEST(AclFormat, IsWholeWithItsLastLineOnly) {
    const auto text = acl_text(kList);
    ASSERT_TRUE(text);
    EXPECT_TRUE(check_acl(*text));
    for (std::size_t length = 0; length < text->size(); ++length)
        EXPECT_FALSE(check_acl(std::string_view(*text).substr(0, length))) << length;
    EXPECT_FALSE(check_acl(*text + *text));
    EXPECT_FALSE(check_acl(*text + "\n"));
    EXPECT_FALSE(check_acl("user a on\n# 2 users\n"));
    EXPECT_FALSE(check_acl("# 0 users\n"));
}

TEST(AclFormat, TakesNoRefusalForAList) {
    for (const char* answer : {"", "\n", "NOPERM this user has no permissions\n\n",
                               "user default on\nERR unknown command\n", "user default on"})
        EXPECT_FALSE(acl_text(answer)) << answer;
}

}  // namespace
}  // namespace bkt::redis
