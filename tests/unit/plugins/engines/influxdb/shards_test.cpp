#include "plugins/engines/influxdb/shards.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "baktainer/testing/fake_host.hpp"

namespace bkt::influxdb {
namespace {

constexpr int kShut = -1;
using FileCounts = std::vector<int>;  // of each shard of the database, or kShut

// A server whose shards become, from question to question, what `course` says; the last of it stays.
struct ShardServer {
    explicit ShardServer(std::vector<FileCounts> states) : course(std::move(states)) {
        host.sleeps_at_once = true;
        host.exec = [this](Call&, const ExecRequest& r) -> Result<ExecOutcome> {
            const auto& what = r.argv.back();
            const auto answer = what == "-execute=SHOW SHARDS" ? catalogue() : counts();
            EXPECT_TRUE(r.out->write(as_bytes(answer)));
            ExecOutcome outcome;
            outcome.exit_code = 0;
            return outcome;
        };
    }
    // As 1.6.7 was seen to answer.
    std::string catalogue() const {
        auto rows = nlohmann::json::array();
        for (std::size_t i = 0; i < course[std::min(asked, course.size() - 1)].size(); ++i)
            rows.push_back({i + 1, "shop", "autogen", i + 1});
        return answer({{{"name", "_internal"}, {"columns", {"id"}}, {"values", {{9}}}},
                       {{"name", database}, {"columns", {"id"}}, {"values", rows}}});
    }
    std::string counts() {
        if (!refusal.empty()) return refusal;
        const auto& now = course[std::min(asked++, course.size() - 1)];
        auto list = nlohmann::json::array({of("_internal", 3)});
        for (const int files : now)
            if (files != kShut) list.push_back(of("shop", files));
        return answer(list);
    }
    static nlohmann::json of(const char* database, int files) {
        return {{"name", "tsm1_filestore"},
                {"tags", {{"database", database}}},
                {"columns", {"diskBytes", "numFiles"}},
                {"values", {{files * 86, files}}}};
    }
    static std::string answer(const nlohmann::json& series) {
        return nlohmann::json{{"results", {{{"series", series}}}}}.dump();
    }
    // How many are gone.
    Result<std::size_t> waits_for(std::size_t filled) {
        testing::FakeCall fake(host.raw());
        Call call = fake.call();
        BKT_LET(Settings settings, Settings::load(call));
        BKT_LET(const Tools tools, Tools::create(call, std::move(settings), "1.6.7"));
        return wait_until_taken(tools, "shop", {sent, 0, filled});
    }
    std::uint64_t slept_s() const { return host.slept_ns / 1'000'000'000; }

    testing::FakeHost host;
    std::vector<FileCounts> course;
    std::size_t asked = 0;
    std::size_t sent = course.front().size();
    std::string refusal, database = "shop";
};

TEST(Shards, AreWaitedForUntilEachThatWasSentHasData) {
    const struct {
        const char* name;
        std::vector<FileCounts> course;
        std::size_t sent, asked;
    } kCases[] = {
        {"all there", {{1, 4}}, 2, 1},
        {"nothing was sent", {{0, 0}}, 0, 1},
        {"one without data of its own", {{1, 0}}, 1, 1},
        {"the last one is still to come", {{1, 0}, {1, 0}, {1, kShut}, {1, 2}}, 2, 4},
        {"one after the other", {{0, 0}, {kShut, 0}, {1, 0}, {1, kShut}, {1, 1}}, 2, 5},
        {"one that takes half a minute",
         [] {
             std::vector<FileCounts> course(150, FileCounts{1, kShut});
             course.push_back({1, 1});
             return course;
         }(),
         2, 151},
    };
    for (const auto& c : kCases) {
        SCOPED_TRACE(c.name);
        ShardServer server(c.course);
        const auto taken = server.waits_for(c.sent);
        EXPECT_TRUE(taken) << taken.error().message;
        EXPECT_EQ(server.asked, c.asked);
    }
}

TEST(Shards, ThatTheServerDropsForTheirAgeAreNotMissed) {
    ShardServer server({{1, kShut, 0}, {1, kShut}, {1, 1}});
    const auto gone = server.waits_for(3);
    ASSERT_TRUE(gone) << gone.error().message;
    EXPECT_EQ(*gone, 1u);
    ShardServer before({{1, 1}});
    before.sent = 4;
    EXPECT_EQ(before.waits_for(4).value_or(0), 2u) << "gone before it was asked";
}

TEST(Shards, OfADatabaseThatIsGoneAreNotOnesOfAge) {
    ShardServer server({FileCounts{1}});
    server.database = "other";
    const auto taken = server.waits_for(1);
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().code, Code::not_found);
}

TEST(Shards, ThatDoNotComeAreAFailure) {
    ShardServer server({{1, 0, kShut}, {1, 0, 1}});
    const auto taken = server.waits_for(3);
    ASSERT_FALSE(taken);
    EXPECT_NE(taken.error().message.find("took in 2 of 3 shards"), std::string::npos)
        << taken.error().message;
    EXPECT_FALSE(taken.error().hint.empty());
    EXPECT_GE(server.slept_s(), 15u) << "the last may have been about to come";
    EXPECT_LT(server.slept_s(), 20u);
}

TEST(Shards, OfWhichOneNeverOpensAreAFailureInTheEnd) {
    ShardServer server({FileCounts{1, kShut}});
    EXPECT_FALSE(server.waits_for(2));
    EXPECT_GE(server.slept_s(), 3600u);
}

TEST(Shards, AreToldToAdministratorsOnly) {
    ShardServer server({FileCounts{1}});
    server.refusal =
        R"({"results":[{"error":"error authorizing query: weak not authorized to execute statement )"
        R"('SHOW STATS', requires admin privilege"}]})";
    const auto taken = server.waits_for(1);
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().code, Code::denied);
}

}  // namespace
}  // namespace bkt::influxdb
