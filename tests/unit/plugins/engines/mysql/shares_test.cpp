#include "plugins/engines/mysql/shares.hpp"

#include <gtest/gtest.h>

namespace bkt::mysql {
namespace {

std::vector<Choice> databases(const std::vector<std::pair<std::string, std::uint64_t>>& sizes) {
    std::vector<Choice> choices;
    for (const auto& [name, bytes] : sizes) choices.push_back({{name, bytes}, {}});
    return choices;
}

std::string shown_shares(const Shares& shares) {
    std::string text;
    for (const auto& list : shares.lists) {
        text += text.empty() ? "" : " | ";
        for (const auto& choice : list) text += choice.database.name;
    }
    return text;
}

Server locking_server() {
    Server server;
    server.account = "app@%";
    server.may_lock = true;
    return server;
}

TEST(Shares, AreAsEvenAsTheDatabasesLet) {
    const auto choices = databases({{"a", 10}, {"b", 50}, {"c", 20}, {"d", 30}, {"e", 0}});
    EXPECT_EQ(shown_shares(divide(choices, {}, locking_server(), 1)), "");
    EXPECT_EQ(shown_shares(divide(choices, {}, locking_server(), 2)), "ba | dce");
    EXPECT_EQ(shown_shares(divide(choices, {}, locking_server(), 3)), "b | de | ca");
    EXPECT_EQ(shown_shares(divide(choices, {}, locking_server(), 16)), "b | d | c | a | e");
    EXPECT_EQ(
        shown_shares(divide(databases({{"a", 0}, {"b", 0}, {"c", 0}}), {}, locking_server(), 2)),
        "ac | b");
}

TEST(Shares, AreNotMadeOfLittleUnlessAskedFor) {
    const auto little = databases({{"a", 1 << 20}, {"b", 1 << 20}});
    const auto none = divide(little, {}, locking_server(), 0);
    EXPECT_TRUE(none.lists.empty());
    EXPECT_EQ(none.why_not, "");
    const auto much = databases({{"a", 1u << 30}, {"b", 1u << 30}});
    EXPECT_EQ(divide(much, {}, locking_server(), 0).lists.empty(),
              std::thread::hardware_concurrency() < 2);
}

TEST(Shares, AreNotMadeWhereTheyCannotBeOneMomentWhichIsSaid) {
    const auto two = databases({{"a", 1}, {"b", 1}});
    Server weak = locking_server();
    weak.may_lock = false;
    Selection schema;
    schema.rows = false;
    auto wide = two;
    for (auto& choice : wide)
        for (int i = 0; i < 20'000; ++i)
            choice.left_out.push_back(std::string(50, 'w') + std::to_string(i));
    const struct {
        Shares shares;
        const char* why;
    } kCases[] = {
        {divide(databases({{"a", 1}}), {}, locking_server(), 4), "a single database"},
        {divide(two, schema, locking_server(), 4), "definitions"},
        {divide(two, {}, weak, 4), "login 'app@%' may not hold the databases still"},
        {divide(wide, {}, locking_server(), 4), "more names than a command line takes"},
    };
    for (const auto& c : kCases) {
        EXPECT_TRUE(c.shares.lists.empty());
        EXPECT_NE(c.shares.why_not.find(c.why), std::string::npos) << c.shares.why_not;
    }
    weak.has_role = true;  // which may give the right: the server will say
    EXPECT_EQ(divide(two, {}, weak, 4).lists.size(), 2u);
}

}  // namespace
}  // namespace bkt::mysql
