// `plugin check` of a plugin that misbehaves: what it tried is listed, what broke it can be repeated.
#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

#include "core/plugin/worker/checker.hpp"
#include "tests/fault/worker/isolated.hpp"
#include "tests/support/baktainer.hpp"

namespace bkt::test {
namespace {

using nlohmann::json;
using plugin::worker::CheckCase;
using plugin::worker::Checker;
using plugin::worker::CheckResult;

CheckCase notifier_case(const char* title) { return {BKT_KIND_NOTIFIER, "rogue", title, 4}; }

CheckResult checked(const std::string& mode, const char* title, std::uint64_t seed = 1) {
    plugin::worker::CheckOptions options;
    options.config = {{"mode", mode}};
    options.seed = seed;
    options.random_time = std::chrono::seconds(2);
    const auto checker = Checker::open(ROGUE_PLUGIN, PLUGIN_HOST, options);
    if (!checker) throw std::runtime_error(checker.error().message);
    return checker->run(notifier_case(title));
}

TEST(PluginCheck, ListsWhatThePluginsSandboxWouldRefuse) {
    const struct {
        const char* mode;
        std::vector<std::string> tried;
    } kCases[] = {
        {"", {}},
        {"fork", {"fork"}},
        {"exec", {"execve"}},
        // system() spawns, so execve is tried by a child; connect() is no business of the sandbox.
        {"fork, spawn, exec and connect", {"fork", "execve"}},
    };
    for (const auto& c : kCases) {
        SCOPED_TRACE(c.mode);
        const auto result = checked(c.mode, "DeliversAnEventAndItsRepetition");
        if (!result.unwatched.empty()) GTEST_SKIP() << result.unwatched;
        EXPECT_EQ(result.tried, c.tried);
        EXPECT_EQ(result.findings, std::vector<std::string>()) << "what is refused is a warning";
    }
}

TEST(PluginCheck, NamesTheRoundARandomInputBrokeItIn) {
    const auto once = checked("die of an odd text", "SurvivesRandomInputs", 4711);
    ASSERT_EQ(once.findings.size(), 1u);
    EXPECT_TRUE(std::regex_match(once.findings[0],
                                 std::regex("its process was killed by signal 6 .*, in round "
                                            "[0-9]+ of seed 4711")))
        << once.findings[0];
    const auto again = checked("die of an odd text", "SurvivesRandomInputs", 4711);
    EXPECT_EQ(again.findings, once.findings) << "a seed gives the same inputs again";
}

TEST(PluginCheck, TriesRandomInputsForTheGivenTime) {
    const auto result = checked("", "SurvivesRandomInputs");
    EXPECT_EQ(result.findings, std::vector<std::string>());
    EXPECT_GT(result.rounds, 20u);
    EXPECT_GE(result.took, std::chrono::seconds(2));
    EXPECT_LT(result.took, std::chrono::seconds(10));
}

TEST(PluginCheck, PrintsAndKeepsItsSeedAndItsWarnings) {
    Baktainer program("  local: { targets: [] }");
    const auto config = program.home() + "/check.json", junit = program.home() + "/junit.xml";
    std::ofstream(config) << R"({"config": {"mode": "fork"}})";
    const std::vector<std::string> args = {"plugin", "check",   ROGUE_PLUGIN, "--config",
                                           config,   "--seed",  "4711",       "--fuzz-time",
                                           "1",      "--junit", junit};
    const auto people = program.run(args);
    // Its engine and its store are no good; its notifier is judged all the same.
    EXPECT_EQ(people.exit_code, 1) << people.err;
    EXPECT_NE(people.out.find("notifier 'rogue'  DeliversAnEventAndItsRepetition\n"
                              "warning     tried: fork (refused)\n"),
              std::string::npos)
        << people.out;
    EXPECT_NE(people.out.find("failed, seed 4711\n"), std::string::npos) << people.out;
    EXPECT_TRUE(std::regex_search(
        people.out, std::regex("notifier 'rogue'  SurvivesRandomInputs, [0-9]+ rounds\n")))
        << people.out;
    EXPECT_NE(people.out.find("--seed 4711 --fuzz-time 1\n"), std::string::npos) << people.out;
    std::ifstream file(junit);
    const std::string xml{std::istreambuf_iterator<char>(file), {}};
    EXPECT_NE(xml.find("<property name=\"seed\" value=\"4711\"/>"), std::string::npos) << xml;
    EXPECT_NE(xml.find("<system-out>tried: fork (refused)</system-out>"), std::string::npos);

    auto for_programs = args;
    for_programs.insert(for_programs.end(), {"--output", "json"});
    std::istringstream lines(program.run(for_programs).out);
    unsigned tried = 0;
    json last;
    for (std::string line; std::getline(lines, line);) {
        last = json::parse(line);
        if (last["message_type"] == "case" && last["tried"] == json::array({"fork"})) ++tried;
    }
    EXPECT_GT(tried, 0u);
    EXPECT_EQ(last["seed"], 4711);

    auto without = args;
    *std::find(without.begin(), without.end(), "1") = "0";
    EXPECT_EQ(program.run(without).out.find("SurvivesRandomInputs"), std::string::npos);
}

}  // namespace
}  // namespace bkt::test
