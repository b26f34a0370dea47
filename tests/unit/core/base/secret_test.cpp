// Secret: what a text leaves behind in the object that held it.
#include "core/base/secret.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace bkt::base {
namespace {

// A text of at most 15 bytes lies in the object itself, where a move of the string leaves it.
constexpr std::string_view kShort = "hunter2hunter2";

bool holds(const Secret& secret, std::string_view text) {
    std::vector<char> bytes(sizeof secret);
    std::memcpy(bytes.data(), static_cast<const void*>(&secret), bytes.size());
    return std::search(bytes.begin(), bytes.end(), text.begin(), text.end()) != bytes.end();
}

TEST(Secret, IsNotInTheObjectItWasMovedFrom) {
    Secret from{std::string(kShort)};
    ASSERT_TRUE(holds(from, kShort))
        << "this library keeps a short text elsewhere: the test looks in the wrong place";
    const Secret built(std::move(from));
    EXPECT_FALSE(holds(from, kShort.substr(1)));  // a move ends it by its first byte
    EXPECT_EQ(built.reveal(), kShort);

    Secret again{std::string(kShort)};
    Secret assigned{std::string("another")};
    assigned = std::move(again);
    EXPECT_FALSE(holds(again, kShort.substr(1)));
    EXPECT_EQ(assigned.reveal(), kShort);
}

TEST(Secret, IsNotInTheMemoryOfTheObjectThatDied) {
    alignas(Secret) unsigned char place[sizeof(Secret)];
    auto* secret = std::construct_at(reinterpret_cast<Secret*>(place), std::string(kShort));
    std::destroy_at(secret);
    const std::string_view left(reinterpret_cast<const char*>(place), sizeof place);
    EXPECT_EQ(left.find(kShort.substr(1)), std::string_view::npos);
}

TEST(Secret, AShorterOneTakesThePlaceOfALongerOneWhole) {
    Secret secret{std::string(kShort)};
    secret = Secret{std::string("x")};
    EXPECT_EQ(secret.reveal(), "x");
    EXPECT_FALSE(holds(secret, kShort.substr(2)));
}

}  // namespace
}  // namespace bkt::base
