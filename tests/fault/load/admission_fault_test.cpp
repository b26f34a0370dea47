// Which of several plugins is used, and which stays out.
#include "tests/fault/load/trust_fixture.hpp"

namespace bkt::plugin {
namespace {

// 8
TEST_F(TrustFault, TheSameIdInTwoFoldersIsToldWithBoth) {
    Shelf other("more");
    other.put(kId, fault_library("good2"), [](Manifest& m) { m.version = "2.0.0"; });
    shelf_.search_also(other.path());
    const auto registry = shelf_.load();
    EXPECT_EQ(health_of(registry), "1.0.0");
    ASSERT_EQ(registry.admissions().size(), 2u);
    EXPECT_EQ(registry.admissions()[1].state, State::shadowed);
    const auto told = texts(registry.problems());
    EXPECT_NE(told.find(folder_), std::string::npos) << told;
    EXPECT_NE(told.find(other.path() + "/" + kId), std::string::npos) << told;
}

TEST_F(TrustFault, TwoPluginsThatOfferTheSameAreToldWithBoth) {
    shelf_.put("com.acme.twin", fault_library("twin_name"));
    shelf_.allow("com.acme.twin");
    const auto registry = shelf_.load();
    EXPECT_EQ(registry.components().size(), 1u);
    EXPECT_EQ(registry.components().front().module, kId);
    const auto told = texts(registry.problems());
    EXPECT_NE(told.find("com.acme.twin"), std::string::npos) << told;
    EXPECT_NE(told.find(library_), std::string::npos) << told;
}

// 8: whatever order the filesystem lists them in.
TEST_F(TrustFault, TheOrderOnDiskDoesNotMatter) {
    std::vector<std::string> ids;
    for (int i = 0; i < 40; ++i) ids.push_back("com.acme.n" + std::to_string(i * 7919 % 100));
    std::string first;
    for (int round = 0; round < 3; ++round) {
        Shelf shelf;
        for (const auto& id : ids) shelf.put(id, fault_library("good"));
        std::next_permutation(ids.begin(), ids.end());
        std::reverse(ids.begin(), ids.end());
        std::string order;
        for (const auto& a : shelf.judge()) order += a.manifest.id + " ";
        if (round == 0) first = order;
        EXPECT_EQ(order, first);
    }
    auto sorted = ids;
    std::sort(sorted.begin(), sorted.end());
    std::string expected;
    for (const auto& id : sorted) expected += id + " ";
    EXPECT_EQ(first, expected);
}

TEST_F(TrustFault, AnIdOfBaktainersOwnIsNotForStrangers) {
    const auto id = "baktainer.engine.fake";
    shelf_.put(id, fault_library("good"));
    shelf_.allow(id);
    const auto registry = shelf_.load();
    const auto why = registry.why_not(id);
    ASSERT_TRUE(why);
    EXPECT_NE(why->message.find("one of Baktainer's own"), std::string::npos);
}

TEST_F(TrustFault, AnUnfinishedPartNeedsTheOperatorsWord) {
    shelf_.put(kId, fault_library("experimental"),
               [](Manifest& m) { m.experimental = {"bkt.net/1"}; });
    shelf_.allow(kId);
    expect_refused("it uses the unfinished part 'bkt.net/1'");
    shelf_.settings().plugins[kId].experimental = {"bkt.net/1"};
    const auto registry = shelf_.load();
    ASSERT_EQ(registry.components().size(), 1u) << texts(registry.problems());
    EXPECT_EQ(registry.components().front().experimental, std::vector<std::string>{"bkt.net/1"});
}

TEST_F(TrustFault, AComponentKnowsWhatItsModuleSays) {
    shelf_.put(kId, fault_library("needs"), [](Manifest& m) { m.needs = {"bkt.http/1"}; });
    shelf_.allow(kId);
    const auto registry = shelf_.load();
    ASSERT_EQ(registry.components().size(), 1u) << texts(registry.problems());
    const auto& c = registry.components().front();
    EXPECT_EQ(c.needs, std::vector<std::string>{"bkt.http/1"});
    EXPECT_EQ(c.sha256, c.file->sha256());
}

TEST_F(TrustFault, APluginInQuarantineStaysOutUntilReset) {
    const Quarantine quarantine(shelf_.settings().text("state_dir"));
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(quarantine.note_fault(kId, "signal 11"));
    const auto a = judged();
    EXPECT_EQ(a.state, State::quarantined);
    EXPECT_NE(a.why->message.find("signal 11"), std::string::npos);
    EXPECT_NE(a.why->hint.find("plugin reset com.acme.test"), std::string::npos);
    EXPECT_TRUE(shelf_.load().components().empty());
    ASSERT_TRUE(quarantine.reset(kId));
    EXPECT_EQ(shelf_.load().components().size(), 1u);
}

// 46
TEST_F(TrustFault, APluginThatIsNamedAndAbsentIsToldWithTheRemedy) {
    fs::remove_all(folder_);
    const auto registry = shelf_.load();
    const auto told = texts(registry.problems());
    EXPECT_NE(
        told.find("b.yaml:1: plugin 'com.acme.test' is named in the configuration and not there"),
        std::string::npos)
        << told;
    EXPECT_NE(told.find("install it as"), std::string::npos) << told;
}

}  // namespace
}  // namespace bkt::plugin
