// Random inputs: the same seed gives the same, another seed others.
#include <gtest/gtest.h>

#include "baktainer/testing/conformance/cases.hpp"

namespace bkt::testing::conformance {
namespace {

// What a component was given, in order, by every round that was run.
std::vector<std::string>* seen = nullptr;

bkt_rc open(const bkt_host*, const bkt_call*, void** self) noexcept {
    static int instance;
    *self = &instance;
    return BKT_OK;
}
void close(void*) noexcept {}
bkt_rc notify(void*, const bkt_call*, const bkt_event* e) noexcept {
    for (const bkt_str text : {e->key, e->type, e->title, e->text, e->json})
        seen->emplace_back(view(text));
    return BKT_OK;
}
constexpr bkt_notifier_ops kOps = {sizeof kOps, 0,       &open,   &close,
                                   &notify,     nullptr, nullptr, nullptr};
constexpr bkt_component kComponent = {
    sizeof kComponent, 0, BKT_KIND_NOTIFIER, "seeing", "Sees", &kOps, nullptr};

std::vector<std::string> given(std::uint64_t seed, unsigned ms) {
    std::vector<std::string> all;
    seen = &all;
    Findings found;
    random_kind::survives({kComponent, {}, {}, seed, std::chrono::milliseconds(ms)}, found);
    seen = nullptr;
    EXPECT_EQ(found.all(), std::vector<std::string>());
    return all;
}

TEST(RandomInputs, AreTheSameForTheSameSeed) {
    const auto once = given(7, 100), again = given(7, 200), other = given(8, 100);
    const auto common = std::min(once.size(), again.size());
    ASSERT_GT(common, 50u);
    EXPECT_TRUE(std::equal(once.begin(), once.begin() + static_cast<std::ptrdiff_t>(common),
                           again.begin()));
    EXPECT_NE(once[0] + once[1] + once[2], other[0] + other[1] + other[2]);
}

// The numbers themselves, so that another machine or C++ library comes to the same ones.
TEST(RandomInputs, AreTheSameOnEveryMachine) {
    RandomInputs random(4711, 3);
    EXPECT_EQ(random.below(1'000'000), 206'868u);
    EXPECT_EQ(random.word(12), "u12emlcb3qqy");
}

}  // namespace
}  // namespace bkt::testing::conformance
