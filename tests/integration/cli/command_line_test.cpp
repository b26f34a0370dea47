// What users and scripts may rely on: exit codes, hints, JSON, completion.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/support/baktainer.hpp"

namespace bkt::test {
namespace {

using nlohmann::json;
using Args = std::vector<std::string>;

class CommandLine : public ::testing::Test {
protected:
    TempDir data_;
    std::string db_ = data_.path() + "/notes.db";
    Baktainer program_{"  local: { targets: [ { name: notes, db.engine: sqlite, db.name: " + db_ +
                       " } ] }"};

    void SetUp() override {
        sqlite3* db = nullptr;
        sqlite3_open(db_.c_str(), &db);
        sqlite3_exec(db, "CREATE TABLE t(a); INSERT INTO t VALUES (1),(2)", nullptr, nullptr,
                     nullptr);
        sqlite3_close(db);
    }
    static std::vector<json> lines(const std::string& text) {
        std::vector<json> all;
        std::istringstream in(text);
        for (std::string line; std::getline(in, line);) all.push_back(json::parse(line));
        return all;
    }
};

TEST_F(CommandLine, EveryMistakeHasItsExitCodeAndAHint) {
    const struct {
        Args args;
        int exit_code;
        const char *message, *hint;
    } kCases[] = {
        {{"frobnicate"}, 2, "frobnicate", "--help"},
        {{"backup"}, 2, "name a target, or say --all", "baktainer targets"},
        {{"backup", "nots"}, 10, "no target 'nots'", "did you mean 'notes'?"},
        {{"backup", "notes", "--job", "nightly"}, 10, "no job 'nightly'", "explain"},
        {{"backup", "--frob"}, 2, "--frob", "--help"},
        {{"restore"}, 2, "ID", "--help"},
        {{"restore", "zzzz"}, 10, "no backup 'zzzz'", "baktainer backups"},
        {{"show", "zzzz"}, 10, "no backup 'zzzz'", "rescan"},
        {{"verify"}, 2, "name a backup", "baktainer backups"},
        {{"verify", "--all"}, 10, "no backups to verify", "backup --all"},
        {{"targets", "explain", "nots"}, 10, "no target 'nots'", "did you mean 'notes'?"},
        {{"backups", "--since", "yesterday"}, 2, "'yesterday'", "7d"},
        {{"--output", "xml", "backups"}, 2, "xml", "--help"},
        {{"catalog"}, 2, "subcommand", "--help"},
    };
    for (const auto& c : kCases) {
        const auto done = program_.run(c.args);
        std::string line;
        for (const auto& arg : c.args) line += arg + " ";
        EXPECT_EQ(done.exit_code, c.exit_code) << line << done.err;
        EXPECT_NE(done.err.find(c.message), std::string::npos) << line << done.err;
        EXPECT_NE(done.err.find(c.hint), std::string::npos) << line << done.err;
    }
}

TEST_F(CommandLine, ANamedConfigurationMustExist) {
    const auto done = run({Baktainer::program(), "targets", "--config", "/nowhere.yaml"});
    EXPECT_EQ(done.exit_code, 2);
    EXPECT_NE(done.err.find("/nowhere.yaml"), std::string::npos) << done.err;
}

TEST_F(CommandLine, AlwaysSaysTheWholeStoryInJson) {
    const auto done = program_.run({"backup", "--all", "--output", "json"});
    ASSERT_EQ(done.exit_code, 0) << done.err;
    const auto all = lines(done.out);
    ASSERT_GE(all.size(), 3u);
    EXPECT_EQ(all.front()["event"], "run.started");
    EXPECT_EQ(all[all.size() - 2]["event"], "run.finished");
    EXPECT_EQ(all.back(), (json{{"message_type", "summary"},
                                {"targets", 1},
                                {"ok", 1},
                                {"degraded", 0},
                                {"failed", 0},
                                {"blocked", 0},
                                {"exit_code", 0}}));

    const auto listed = lines(program_.run({"--output", "json", "backups"}).out);
    ASSERT_EQ(listed.size(), 1u);
    EXPECT_EQ(listed[0]["id"], all[all.size() - 2]["backup"]);
    for (const char* key : {"target", "job", "created", "parts"})
        EXPECT_TRUE(listed[0].contains(key)) << key;
    const auto shown = lines(program_.run({"show", "notes", "--output", "json"}).out);
    EXPECT_EQ(shown.at(0)["parts"][0]["exit_code"], 0);
    for (const auto& args : {Args{"targets"},
                             {"targets", "explain", "notes"},
                             {"doctor"},
                             {"version"},
                             {"config", "show"},
                             {"verify", "notes"},
                             {"catalog", "rescan"},
                             {"backup", "notes", "--dry-run"},
                             {"backup", "nots"}}) {
        auto json_args = args;
        json_args.insert(json_args.end(), {"--output", "json"});
        EXPECT_FALSE(lines(program_.run(json_args).out).empty()) << args[0];
    }
}

TEST_F(CommandLine, ADryRunStoresNothing) {
    const auto done = program_.run({"backup", "--all", "--dry-run"});
    EXPECT_EQ(done.exit_code, 0) << done.err;
    EXPECT_NE(done.out.find("notes.db.sqlite"), std::string::npos) << done.out;
    EXPECT_TRUE(program_.stored().empty());
    EXPECT_FALSE(std::filesystem::exists(program_.store()));
}

TEST_F(CommandLine, TheOldSpellingStillBacksUp) {
    EXPECT_EQ(program_.run({"--now"}).exit_code, 0);
    EXPECT_EQ(program_.run({"-N"}).exit_code, 0);
    EXPECT_EQ(program_.ids().size(), 2u);
}

TEST_F(CommandLine, QuietSaysNothingWhenAllIsWell) {
    const auto done = program_.run({"-q", "backup", "--all"});
    EXPECT_EQ(done, (Ended{0, "", ""}));
}

TEST_F(CommandLine, NoTargetsIsNoSuccess) {
    Baktainer none("  local: { targets: [] }");
    EXPECT_EQ(none.run({"backup", "--all"}).exit_code, 10);
}

TEST_F(CommandLine, OneDeadStoreIsToldAndTheOtherGetsTheBackup) {
    std::ofstream(program_.home() + "/b.yaml", std::ios::app)
        << "  bad: { type: local, path: /proc/nowhere }\n";
    const auto done = program_.run({"backup", "--all"});
    EXPECT_NE(done.exit_code, 0) << done.out;
    EXPECT_NE(done.err.find("/proc/nowhere"), std::string::npos) << done.err;
}

TEST_F(CommandLine, DoctorNamesTheRemedy) {
    EXPECT_EQ(program_.run({"doctor"}).exit_code, 0);
    Baktainer broken("  docker: { socket: \"unix:///nowhere/docker.sock\" }");
    const auto done = broken.run({"doctor"});
    EXPECT_EQ(done.exit_code, 1);
    EXPECT_NE(done.out.find("remedy: "), std::string::npos) << done.out;
    const auto backup = broken.run({"backup", "--all"});
    EXPECT_EQ(backup.exit_code, 1);
    EXPECT_NE(backup.err.find("/nowhere/docker.sock"), std::string::npos) << backup.err;
    EXPECT_NE(backup.err.find("hint: "), std::string::npos) << backup.err;
}

TEST_F(CommandLine, CompletionKnowsEveryVerb) {
    const auto script = data_.path() + "/completion";
    std::ofstream(script) << program_.run({"completion", "bash"}).out;
    const auto complete = [&](const std::string& words, int at) {
        return must({"bash", "-c",
                     "source \"$1\"; COMP_WORDS=(" + words + "); COMP_CWORD=" + std::to_string(at) +
                         "; _baktainer; echo ${COMPREPLY[@]}",
                     "bash", script});
    };
    EXPECT_EQ(complete("baktainer resto", 1), "restore");
    EXPECT_EQ(complete("baktainer backup --dr", 2), "--dry-run");
    EXPECT_EQ(complete("baktainer catalog re", 2), "rescan");
    EXPECT_EQ(program_.run({"completion", "fish"}).exit_code, 0);
    EXPECT_EQ(program_.run({"completion", "zsh"}).exit_code, 0);
    EXPECT_EQ(program_.run({"completion", "tcsh"}).exit_code, 2);
}

TEST_F(CommandLine, JsonLogLinesAreJson) {
    program_.configure("log: { format: json, level: debug }");
    const auto done = program_.run({"backup", "--all"});
    EXPECT_EQ(done.exit_code, 0) << done.err;
    for (const auto& line : lines(done.err)) EXPECT_TRUE(line.contains("message"));
}

}  // namespace
}  // namespace bkt::test
