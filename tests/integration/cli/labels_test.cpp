// `labels explain`, `example` and `check` as people and scripts use them.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "tests/support/baktainer.hpp"

namespace bkt::test {
namespace {

using nlohmann::json;

class LabelsVerb : public ::testing::Test {
protected:
    TempDir data_;
    Baktainer program_{"  local: { targets: [] }"};

    std::string file(const std::string& text, const std::string& name = "compose.yaml") {
        const auto path = data_.path() + "/" + name;
        std::ofstream(path) << text;
        return path;
    }
    static std::vector<json> lines(const std::string& text) {
        std::vector<json> all;
        std::istringstream in(text);
        for (std::string line; std::getline(in, line);) all.push_back(json::parse(line));
        return all;
    }
};

TEST_F(LabelsVerb, ExplainSaysAllOfAKeyHoweverItIsWritten) {
    for (const char* word :
         {"db.name", "baktainer.db.name", "baktainer.job.nightly.db.name", "db.all"}) {
        const auto said = program_.run({"labels", "explain", word});
        ASSERT_EQ(said.exit_code, 0) << word << said.err;
        for (const char* part :
             {"baktainer.db.name", "list, comma-separated", "1 to 4096 bytes", "all but redis",
              "db.all (true = *)", "baktainer.db.name=shop,blog"})
            EXPECT_NE(said.out.find(part), std::string::npos) << word << ": " << part;
    }
    const auto none = program_.run({"labels", "explain", "db.nmae"});
    EXPECT_EQ(none.exit_code, 10);
    EXPECT_NE(none.err.find("did you mean 'db.name'?"), std::string::npos) << none.err;
}

TEST_F(LabelsVerb, ExplainListsEveryKey) {
    const auto text = program_.run({"labels", "explain"});
    const auto all = lines(program_.run({"labels", "explain", "--output", "json"}).out);
    std::set<std::string> keys;
    for (const char* key :
         {"backup", "db.name", "db.secret", "mode", "command.validate", "keep.min", "hooks"})
        EXPECT_NE(text.out.find("\n" + std::string(key) + " "), std::string::npos) << key;
    for (const auto& row : all) {
        const auto key = row.at("key").get<std::string>();
        EXPECT_TRUE(keys.insert(key).second) << key;
        EXPECT_NE(text.out.find("\n" + key + " "), std::string::npos) << key;
        EXPECT_FALSE(row.at("bounds").get<std::string>().empty()) << row;
        EXPECT_FALSE(row.at("help").get<std::string>().empty()) << row;
    }
    EXPECT_TRUE(keys.count("db.oplog"));
}

TEST_F(LabelsVerb, AnExampleCanBePastedAndPassesTheCheck) {
    const auto example = program_.run({"labels", "example", "postgresql"});
    ASSERT_EQ(example.exit_code, 0) << example.err;
    EXPECT_NE(example.out.find("      # "), std::string::npos) << "it says why";
    const auto checked = program_.run({"labels", "check", file(example.out)});
    EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
    EXPECT_NE(checked.out.find("0 errors, 0 warnings"), std::string::npos) << checked.out;
    const auto none = program_.run({"labels", "example", "postgrs"});
    EXPECT_EQ(none.exit_code, 10);
    EXPECT_NE(none.err.find("did you mean 'postgres'?"), std::string::npos) << none.err;
}

const char* const kFaulty =
    "name: shop\n"
    "services:\n"
    "  db:\n"
    "    image: postgres:17\n"
    "    environment: { POSTGRES_PASSWORD: hunter2 }\n"
    "    labels:\n"
    "      baktainer.backup: \"true\"\n"
    "      baktainer.db.port: 99999\n"
    "      baktainer.compres: gzip\n"
    "      baktainer.db.oplog: \"true\"\n"
    "      baktainer.db.password: hunter2\n"
    "      baktainer.db.name: ${DB}\n"
    "  notes:\n"
    "    image: notes\n"
    "    labels:\n"
    "      - baktainer.backup=true\n"
    "      - baktainer.job.nightly.timeout=30\n"
    "  web:\n"
    "    image: nginx\n";

TEST_F(LabelsVerb, CheckNamesFileLineKeyAndRemedy) {
    const auto path = file(kFaulty);
    const auto checked = program_.run({"labels", "check", path});
    EXPECT_EQ(checked.exit_code, 2) << checked.out << checked.err;
    const struct {
        const char *line, *severity, *says;
    } kSaid[] = {
        {"8", "error", "'db.port' is '99999', not a number from 1 to 65535"},
        {"9", "warning", "unknown label 'baktainer.compres'"},
        {"10", "warning", "'baktainer.db.oplog' says nothing to engine 'postgres'"},
        {"11", "warning", "the password stands in label 'baktainer.db.password'"},
        {"12", "warning", "'baktainer.db.name' is filled in by Compose"},
        {"13", "error", "cannot tell which database this is from image 'notes'"},
        {"17", "error", "timeout"},
    };
    for (const auto& s : kSaid) {
        const auto head = path + ":" + s.line + ": " + s.severity + ": ";
        const auto at = checked.out.find(head);
        ASSERT_NE(at, std::string::npos) << head << "\n" << checked.out;
        const auto line = checked.out.substr(at, checked.out.find('\n', at) - at);
        EXPECT_NE(line.find(s.says), std::string::npos) << line;
        EXPECT_EQ(checked.out.compare(at + line.size() + 1, 4, "    "), 0) << "a hint follows";
    }
    EXPECT_NE(checked.out.find("did you mean 'baktainer.compress'?"), std::string::npos);
    EXPECT_NE(checked.out.find("3 containers, 2 with labels: 3 errors, 4 warnings"),
              std::string::npos)
        << checked.out;
    EXPECT_EQ((checked.out + checked.err).find("hunter2"), std::string::npos);
}

TEST_F(LabelsVerb, CheckAnswersProgramsToo) {
    const auto checked = program_.run({"labels", "check", file(kFaulty), "--output", "json"});
    EXPECT_EQ(checked.exit_code, 2);
    const auto all = lines(checked.out);
    ASSERT_EQ(all.size(), 8u) << checked.out;
    EXPECT_EQ(all[0].at("line"), 8);
    EXPECT_EQ(all[0].at("label"), "baktainer.db.port");
    EXPECT_EQ(all[0].at("container"), "shop/db");
    EXPECT_EQ(all[6].at("job"), "nightly");
    EXPECT_EQ(all[7].at("message_type"), "summary");
    EXPECT_EQ(all[7].at("errors"), 3);
}

TEST_F(LabelsVerb, WarningsDoNotFailACheck) {
    const auto checked = program_.run(
        {"labels", "check",
         file("services:\n  db:\n    image: postgres\n    labels: { baktainer.backup: 1, "
              "baktainer.schedule: '@daily' }\n")});
    EXPECT_EQ(checked.exit_code, 0) << checked.out;
    EXPECT_NE(checked.out.find("no effect in this version"), std::string::npos) << checked.out;
}

TEST_F(LabelsVerb, ExplainOfATargetShowsOlderSpellingsAndWhatSaysNothing) {
    const Baktainer program(
        "  local: { targets: [ { name: n, db.engine: sqlite3, db.name: /x.db, backup.compress: "
        "gzip, "
        "db.user: u, parallel: 2 } ] }");
    const auto said = program.run({"targets", "explain", "n"});
    ASSERT_EQ(said.exit_code, 0) << said.err;
    for (const char* part : {"label baktainer.backup.compress (now baktainer.compress)",
                             "warning: label 'baktainer.db.user' says nothing to engine 'sqlite'",
                             "hint: 'db.user' is for all but sqlite",
                             "warning: label 'baktainer.parallel' says nothing to engine 'sqlite'",
                             "hint: 'parallel' is for postgres, mysql, mariadb"})
        EXPECT_NE(said.out.find(part), std::string::npos) << part << "\n" << said.out;
    EXPECT_EQ(said.out.find("db.format"), std::string::npos) << "a default of another engine's";
}

TEST_F(LabelsVerb, CheckRefusesWhatItCannotRead) {
    EXPECT_EQ(program_.run({"labels", "check", data_.path() + "/none.yaml"}).exit_code, 2);
    EXPECT_EQ(program_.run({"labels", "check", data_.path()}).exit_code, 2);
    const auto broken = program_.run({"labels", "check", file("services: [\n")});
    EXPECT_EQ(broken.exit_code, 2);
    EXPECT_NE(broken.err.find("compose.yaml:2: not valid YAML"), std::string::npos) << broken.err;
}

TEST_F(LabelsVerb, CheckReadsWhatDockerInspectPrints) {
    const auto path = file(
        "[\n  {\n    \"Name\": \"/db-1\",\n    \"Config\": {\n      \"Image\": \"postgres:17\",\n"
        "      \"Env\": [],\n      \"Labels\": {\n        \"baktainer.backup\": \"true\",\n"
        "        \"baktainer.mode\": \"exce\"\n      }\n    }\n  }\n]\n",
        "inspect.json");
    const auto checked = program_.run({"labels", "check", path});
    EXPECT_EQ(checked.exit_code, 2) << checked.err;
    EXPECT_NE(checked.out.find(path + ":9: error: db-1: label: 'mode' is 'exce'"),
              std::string::npos)
        << checked.out;
    EXPECT_NE(checked.out.find("did you mean 'exec'?"), std::string::npos) << checked.out;
}

TEST_F(LabelsVerb, CompletionKnowsIt) {
    const auto script = program_.run({"completion", "bash"});
    EXPECT_NE(script.out.find("'labels explain')"), std::string::npos);
    EXPECT_NE(script.out.find("'labels check')"), std::string::npos);
    EXPECT_NE(script.out.find(" db.auth-db "), std::string::npos) << "keys are words too";
    EXPECT_NE(script.out.find(" mongodb "), std::string::npos);
}

}  // namespace
}  // namespace bkt::test
