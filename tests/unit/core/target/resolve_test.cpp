#include "core/target/resolve.hpp"

#include <gtest/gtest.h>

namespace bkt::target {
namespace {

using Labels = std::map<std::string, std::string>;

const Recognised kPostgres{"postgres",
                           100,
                           "image name",
                           {{"db.user", {"app", "environment POSTGRES_USER"}},
                            {"db.name", {"shop", "environment POSTGRES_DB"}}}};

Rules rules() { return {{}, {"postgres", "sqlite"}, {"disk", "nas"}, true, {}}; }

std::shared_ptr<Target> found(Labels labels, const std::string& name = "shop/db") {
    auto t = std::make_shared<Target>();
    t->source = "docker";
    t->id = "0123456789ab";
    t->name = name;
    t->image = "postgres:15";
    t->labels = std::move(labels);
    return t;
}

std::vector<Job> resolved(Labels labels) {
    return resolve(found(std::move(labels)), {kPostgres}, rules());
}

TEST(Resolve, AStockImageNeedsOneLabel) {
    const auto jobs = resolved({{"baktainer.backup", "true"}});
    ASSERT_EQ(jobs.size(), 1u);
    const auto& job = jobs.front();
    EXPECT_FALSE(job.blocked) << job.blocked->text;
    EXPECT_EQ(job.name, "shop.db");
    EXPECT_EQ(job.engine, "postgres");
    EXPECT_EQ(job.settings.at("db.name"), (Setting{"shop", "environment POSTGRES_DB"}));
    EXPECT_EQ(job.settings.at("compress"), (Setting{"zstd:3", "default"}));
    EXPECT_EQ(job.setting("stores"), "disk,nas");
}

TEST(Resolve, ALabelWinsOverTheImageAndTheImageOverDefaults) {
    const auto jobs = resolved({{"baktainer.backup", "1"}, {"baktainer.db.name", "other"}});
    EXPECT_EQ(jobs.at(0).settings.at("db.name"),
              (Setting{"other", "label baktainer.db.name", "baktainer.db.name"}));
    EXPECT_EQ(jobs.at(0).settings.at("db.user").value, "app");
}

TEST(Resolve, WithoutAWishThereIsNoJob) {
    EXPECT_TRUE(resolved({}).empty());
    EXPECT_TRUE(resolved({{"com.example", "x"}}).empty());
    EXPECT_TRUE(resolved({{"baktainer.backup", "false"}}).empty());
}

TEST(Resolve, WithoutOptInRecognisedImagesAreTargets) {
    auto open = rules();
    open.opt_in = false;
    EXPECT_EQ(resolve(found({}), {kPostgres}, open).size(), 1u);
    EXPECT_TRUE(resolve(found({}), {}, open).empty());
    EXPECT_TRUE(resolve(found({{"baktainer.backup", "false"}}), {kPostgres}, open).empty());
}

TEST(Resolve, AnythingWrongBlocksTheTargetAndNamesTheRemedy) {
    const struct {
        const char* name;
        Labels labels;
        const char *text, *hint;
    } kCases[] = {
        {"a wish that is no boolean",
         {{"baktainer.backup", "banana"}},
         "'backup' is 'banana'",
         "true or false"},
        {"a slip in the wish",
         {{"baktainer.bakup", "true"}},
         "'baktainer.bakup' is unknown",
         "baktainer.backup"},
        {"an unknown engine",
         {{"baktainer.backup", "true"}, {"baktainer.db.engine", "postgress"}},
         "no engine 'postgress'",
         "did you mean 'postgres'?"},
        {"an unknown store",
         {{"baktainer.backup", "true"}, {"baktainer.stores", "dsk"}},
         "no store 'dsk'",
         "did you mean 'disk'?"},
        {"a bad port",
         {{"baktainer.backup", "true"}, {"baktainer.db.port", "x"}},
         "'db.port' is 'x'",
         ""},
        {"a name with a slash",
         {{"baktainer.backup", "true"}, {"baktainer.name", "../x"}},
         "'name' is not a name",
         ""},
        {"encryption, which is not there",
         {{"baktainer.backup", "true"}, {"baktainer.encrypt", "main"}},
         "asks for encryption",
         ""},
        {"the origin's encryption label",
         {{"baktainer.backup", "true"}, {"baktainer.backup.encrypt", "true"}},
         "asks for encryption",
         ""},
        {"64 KiB of database name",
         {{"baktainer.backup", "true"}, {"baktainer.db.name", std::string(65536, 'a')}},
         "65536 bytes",
         ""},
    };
    for (const auto& c : kCases) {
        const auto jobs = resolved(c.labels);
        ASSERT_EQ(jobs.size(), 1u) << c.name;
        ASSERT_TRUE(jobs[0].blocked) << c.name;
        EXPECT_NE(jobs[0].blocked->text.find(c.text), std::string::npos)
            << c.name << ": " << jobs[0].blocked->text;
        EXPECT_NE(jobs[0].blocked->hint.find(c.hint), std::string::npos)
            << c.name << ": " << jobs[0].blocked->hint;
    }
}

TEST(Resolve, AnUnknownLabelIsAWarningThatNamesTheNearest) {
    const auto jobs = resolved({{"baktainer.backup", "true"}, {"baktainer.db.nmae", "x"}});
    EXPECT_FALSE(jobs.at(0).blocked);
    ASSERT_EQ(jobs[0].warnings.size(), 1u);
    EXPECT_EQ(jobs[0].warnings[0].hint, "did you mean 'baktainer.db.name'?");
}

TEST(Resolve, APlainPasswordWorksAndIsFlaggedAndNotShown) {
    const auto jobs =
        resolved({{"baktainer.backup", "true"}, {"baktainer.db.password", "hunter2"}});
    EXPECT_FALSE(jobs.at(0).blocked);
    EXPECT_EQ(jobs[0].password.reveal(), "hunter2");
    EXPECT_EQ(jobs[0].warnings.size(), 1u);
    for (const auto& [key, setting] : jobs[0].settings)
        EXPECT_EQ(setting.value.find("hunter2"), std::string::npos) << key;
    EXPECT_EQ(jobs[0].warnings[0].text.find("hunter2"), std::string::npos);
}

TEST(Resolve, OldSpellingsAreRead) {
    const auto jobs = resolved({{"baktainer.backup", "true"},
                                {"baktainer.db.engine", "postgresql"},
                                {"baktainer.db.all", "true"},
                                {"baktainer.db.password-file", "/run/secrets/pw"}});
    ASSERT_FALSE(jobs.at(0).blocked) << jobs[0].blocked->text;
    EXPECT_EQ(jobs[0].engine, "postgres");
    EXPECT_EQ(jobs[0].setting("db.name"), "*");
    EXPECT_EQ(jobs[0].setting("db.secret"), "file:/run/secrets/pw");
}

TEST(Resolve, NamedJobsEachGetTheirSettings) {
    const auto jobs = resolved({{"baktainer.backup", "true"},
                                {"baktainer.compress", "gzip"},
                                {"baktainer.job.nightly.db.name", "a"},
                                {"baktainer.job.hourly.compress", "none"}});
    ASSERT_EQ(jobs.size(), 2u);
    EXPECT_EQ(jobs[0].id, "hourly");
    EXPECT_EQ(jobs[0].setting("compress"), "none");
    EXPECT_EQ(jobs[1].id, "nightly");
    EXPECT_EQ(jobs[1].setting("compress"), "gzip:6");
    EXPECT_EQ(jobs[1].setting("db.name"), "a");
}

TEST(Resolve, AJobsLabelWinsOverABareOneOverTheConfigurationOverTheImageOverOurs) {
    auto configured = rules();
    configured.defaults["compress"] = {"gzip:6", "baktainer.yaml:3"};
    configured.defaults["db.name"] = {"fromconfig", "baktainer.yaml:4"};
    const std::string wish = "baktainer.backup", bare = "baktainer.db.name",
                      own = "baktainer.job.n.db.name";
    const struct {
        const char* name;
        Labels labels;
        const char* key;
        const char *value, *origin;
    } kCases[] = {
        {"a job's own",
         {{wish, "1"}, {bare, "b"}, {own, "o"}},
         "db.name",
         "o",
         "label baktainer.job.n.db.name"},
        {"a bare one", {{wish, "1"}, {bare, "b"}}, "db.name", "b", "label baktainer.db.name"},
        {"the configuration, over the image",
         {{wish, "1"}},
         "db.name",
         "fromconfig",
         "baktainer.yaml:4"},
        {"the configuration, over ours", {{wish, "1"}}, "compress", "gzip:6", "baktainer.yaml:3"},
        {"ours", {{wish, "1"}}, "timeout", "6h", "default"},
        {"the image, where nobody else speaks",
         {{wish, "1"}},
         "db.user",
         "app",
         "environment POSTGRES_USER"},
        {"an older spelling is shown with today's",
         {{wish, "1"}, {"baktainer.backup.compress", "none"}},
         "compress",
         "none",
         "label baktainer.backup.compress (now baktainer.compress)"},
        {"and so it is for one job",
         {{wish, "1"}, {"baktainer.job.n.db.all", "true"}},
         "db.name",
         "*",
         "label baktainer.job.n.db.all (now baktainer.job.n.db.name)"},
    };
    for (const auto& c : kCases) {
        const auto jobs = resolve(found(c.labels), {kPostgres}, configured);
        ASSERT_EQ(jobs.size(), 1u) << c.name;
        const auto& setting = jobs[0].settings.at(c.key);
        EXPECT_EQ(setting.value, c.value) << c.name;
        EXPECT_EQ(setting.origin, c.origin) << c.name;
    }
}

TEST(Resolve, TodaysSpellingWinsOverAnOlderOneWithAWarning) {
    const auto jobs = resolved({{"baktainer.backup", "true"},
                                {"baktainer.compress", "none"},
                                {"baktainer.backup.compress", "gzip"}});
    EXPECT_EQ(jobs.at(0).setting("compress"), "none");
    ASSERT_EQ(jobs[0].warnings.size(), 1u);
    EXPECT_EQ(jobs[0].warnings[0].label, "baktainer.backup.compress");
}

TEST(Resolve, ALabelThatSaysNothingToTheEngineIsAWarningThatNamesThoseItIsFor) {
    const Recognised redis{"redis", 100, "image", {{"db.port", {"6379", "the image's default"}}}};
    auto all = rules();
    all.engines = {"postgres", "redis"};
    all.defaults["db.only"] = {"schema", "baktainer.yaml:3"};
    const auto jobs = resolve(
        found({{"baktainer.backup", "true"}, {"baktainer.db.format", "plain"}}), {redis}, all);
    ASSERT_FALSE(jobs.at(0).blocked) << jobs[0].blocked->text;
    ASSERT_EQ(jobs[0].warnings.size(), 1u) << "a default is no one's mistake";
    EXPECT_EQ(jobs[0].warnings[0],
              (Finding{"label 'baktainer.db.format' says nothing to engine 'redis'",
                       "'db.format' is for postgres", "baktainer.db.format"}));
    for (const char* key : {"db.format", "db.only", "parallel"})
        EXPECT_EQ(jobs[0].settings.count(key), 0u) << key;
    EXPECT_EQ(jobs[0].setting("mode"), "exec");
    EXPECT_EQ(jobs[0].setting("db.port"), "6379");
}

TEST(Resolve, AnEngineOfThatNameGoesBeforeWhatItIsAnAliasOf) {
    auto both = rules();
    const Labels labels{{"baktainer.backup", "true"}, {"baktainer.db.engine", "valkey"}};
    both.engines = {"redis", "valkey"};
    EXPECT_EQ(resolve(found(labels), {}, both).at(0).engine, "valkey");
    both.engines = {"redis"};
    EXPECT_EQ(resolve(found(labels), {}, both).at(0).engine, "redis");
}

TEST(Resolve, EverythingThatIsWrongIsToldNotOnlyTheFirst) {
    const auto jobs = resolved({{"baktainer.backup", "true"},
                                {"baktainer.db.port", "x"},
                                {"baktainer.keep.last", "4000"},
                                {"baktainer.stores", "dsk"}});
    ASSERT_EQ(jobs.at(0).errors.size(), 3u);
    EXPECT_EQ(*jobs[0].blocked, jobs[0].errors[0]);
    EXPECT_EQ(jobs[0].errors[1].label, "baktainer.keep.last");
    EXPECT_EQ(jobs[0].errors[2].label, "baktainer.stores");
}

TEST(Resolve, ABadValueInOneOfSeveralSpellingsIsNamedWhole) {
    const struct {
        const char *label, *value, *says;
    } kCases[] = {
        {"baktainer.db.port", "x", "label: 'db.port' is 'x'"},
        {"baktainer.job.n.db.port", "x", "label 'baktainer.job.n.db.port': 'db.port' is 'x'"},
        {"baktainer.backup.retention.days", "0", "label 'baktainer.backup.retention.days': "},
    };
    for (const auto& c : kCases) {
        const auto jobs = resolved({{"baktainer.backup", "true"}, {c.label, c.value}});
        ASSERT_TRUE(jobs.at(0).blocked) << c.label;
        EXPECT_EQ(jobs[0].blocked->text.rfind(c.says, 0), 0u) << jobs[0].blocked->text;
        EXPECT_EQ(jobs[0].blocked->label, c.label);
    }
}

TEST(Resolve, ASlipInTheWishIsToldOnce) {
    const auto jobs = resolved({{"baktainer.bakup", "true"}});
    ASSERT_EQ(jobs.at(0).errors.size(), 1u);
    EXPECT_TRUE(jobs[0].warnings.empty());
}

TEST(Resolve, ASecretsPluginThatIsNotThereBlocksAndRepeatsNothing) {
    const Labels labels{{"baktainer.backup", "true"}, {"baktainer.db.secret", "hunter2:rest"}};
    const auto jobs = resolve(found(labels), {kPostgres}, rules());
    ASSERT_TRUE(jobs.at(0).blocked);
    EXPECT_EQ((jobs[0].blocked->text + jobs[0].blocked->hint).find("hunter2"), std::string::npos);
    auto with = rules();
    with.secret_providers = {"hunter2"};
    EXPECT_FALSE(resolve(found(labels), {kPostgres}, with).at(0).blocked);
}

TEST(Resolve, AnEnvironmentIsBoundedAsLabelsAre) {
    const struct {
        const char *name, *key;
        std::string value;
    } kCases[] = {{"64 KiB", "db.name", std::string(65536, 'x')},
                  {"a line break", "db.user", "a\nb"},
                  {"a secret that is no reference", "db.password", "hunter2"},
                  {"an engine's own", "own.key", std::string(65536, 'x')}};
    for (const auto& c : kCases) {
        const Recognised image{"postgres", 100, "image", {{c.key, {c.value, "SOME_VARIABLE"}}}};
        const auto jobs = resolve(found({{"baktainer.backup", "true"}}), {image}, rules());
        ASSERT_TRUE(jobs.at(0).blocked) << c.name;
        EXPECT_NE(jobs[0].blocked->text.find("SOME_VARIABLE"), std::string::npos) << c.name;
        EXPECT_EQ(jobs[0].blocked->text.find("hunter2"), std::string::npos) << c.name;
        EXPECT_EQ(jobs[0].settings.count(c.key), 0u) << c.name;
    }
}

TEST(Resolve, OneJobCanOptOutAlone) {
    const auto jobs = resolved({{"baktainer.backup", "true"},
                                {"baktainer.job.a.compress", "none"},
                                {"baktainer.job.b.backup", "false"}});
    ASSERT_EQ(jobs.size(), 1u);
    EXPECT_EQ(jobs[0].id, "a");
}

TEST(Resolve, AStoppedContainerIsBlockedNotForgotten) {
    auto target = found({{"baktainer.backup", "true"}});
    target->state = "exited";
    const auto jobs = resolve(target, {kPostgres}, rules());
    ASSERT_TRUE(jobs.at(0).blocked);
    EXPECT_EQ(jobs[0].blocked->text, "the container is exited");
}

TEST(Resolve, TwoTargetsOfOneNameAreBothBlocked) {
    std::vector<Job> jobs;
    for (int i = 0; i < 2; ++i)
        for (auto& job : resolve(found({{"baktainer.backup", "true"}}), {kPostgres}, rules()))
            jobs.push_back(job);
    auto other = resolve(found({{"baktainer.backup", "true"}}, "blog"), {kPostgres}, rules());
    jobs.push_back(other.at(0));
    block_twins(jobs);
    EXPECT_TRUE(jobs[0].blocked && jobs[1].blocked);
    EXPECT_FALSE(jobs[2].blocked);
}

TEST(SlugOf, IsAlwaysOneSafeFolder) {
    const struct {
        const char *name, *slug;
    } kCases[] = {{"shop/db", "shop.db"},
                  {"..", "_.."},
                  {"", "_"},
                  {"a b\n$(x)", "a-b---x-"},
                  {".hidden", "_.hidden"}};
    for (const auto& c : kCases) EXPECT_EQ(slug_of(c.name), c.slug);
    EXPECT_EQ(slug_of(std::string(1000, 'x')).size(), 64u);
    EXPECT_EQ(slug_of("." + std::string(1000, 'x')).size(), 64u);
}

}  // namespace
}  // namespace bkt::target
