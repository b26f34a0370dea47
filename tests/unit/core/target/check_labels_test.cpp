// `labels check` must say what the next run would say: it asks resolve() itself.
#include "core/target/check_labels.hpp"

#include <gtest/gtest.h>

#include "core/config/containers_file.hpp"
#include "core/config/label_example.hpp"
#include "core/config/label_table.hpp"

namespace bkt::target {
namespace {

Rules every_engine() {
    Rules r;
    for (const auto& engine : config::kEngineNames) r.engines.emplace_back(engine.name);
    r.stores = {"disk"};
    return r;
}

std::vector<LabelFinding> checked(std::map<std::string, std::string> labels) {
    Target t;
    t.name = "db";
    t.labels = std::move(labels);
    return check_labels(t, {{"postgres", 100, "image", {}}}, every_engine());
}

TEST(CheckLabels, TellsEveryFaultWithItsLabel) {
    const auto all = checked({{"baktainer.backup", "true"},
                              {"baktainer.db.port", "x"},
                              {"baktainer.compress", "lzma"},
                              {"baktainer.stores", "nas"},
                              {"baktainer.db.oplog", "true"}});
    std::string text;
    for (const auto& one : all)
        text += std::string(one.error ? "E " : "W ") + one.finding.label + "\n";
    EXPECT_EQ(text,
              "E baktainer.compress\nE baktainer.db.port\nE baktainer.stores\n"
              "W baktainer.db.oplog\n");
}

TEST(CheckLabels, TellsABareLabelOnceAndAJobsOwnForItsJob) {
    const auto all = checked({{"baktainer.backup", "true"},
                              {"baktainer.compress", "lzma"},
                              {"baktainer.job.a.db.name", "x"},
                              {"baktainer.job.b.timeout", "1"}});
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].finding.label, "baktainer.compress");
    EXPECT_EQ(all[0].job, "");
    EXPECT_EQ(all[1].finding.label, "baktainer.job.b.timeout");
    EXPECT_EQ(all[1].job, "b");
}

TEST(CheckLabels, WarnsOfLabelsWithoutAWishAndChecksThemAllTheSame) {
    const auto all = checked({{"baktainer.db.port", "x"}});
    ASSERT_EQ(all.size(), 2u);
    EXPECT_FALSE(all[0].error);
    EXPECT_NE(all[0].finding.text.find("without 'baktainer.backup'"), std::string::npos);
    EXPECT_TRUE(all[1].error);
    EXPECT_EQ(checked({{"baktainer.backup", "false"}, {"baktainer.db.port", "x"}}).size(), 1u);
    EXPECT_TRUE(checked({}).empty());
}

TEST(CheckLabels, FindsNothingWrongWithOurOwnExamples) {
    for (const auto& engine : config::kEngineNames) {
        SCOPED_TRACE(std::string(engine.name));
        const auto text = config::label_example(engine.name);
        ASSERT_TRUE(text) << text.error().message;
        const auto file = config::read_containers(*text, "compose.yaml");
        ASSERT_TRUE(file) << file.error().message;
        EXPECT_TRUE(file->remarks.empty());
        Target t;
        for (const auto& [label, value] : file->containers.at(0).labels)
            t.labels[label] = value.value;
        ASSERT_GT(t.labels.size(), 2u);
        for (const auto& one :
             check_labels(t, {{std::string(engine.name), 100, "image", {}}}, every_engine()))
            ADD_FAILURE() << one.finding.text;
    }
    const auto none = config::label_example("postgrs");
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().hint, "did you mean 'postgres'?");
    EXPECT_TRUE(config::label_example("mongo"));
    EXPECT_NE(config::label_example("valkey")->find("image: valkey/"), std::string::npos);
}

}  // namespace
}  // namespace bkt::target
