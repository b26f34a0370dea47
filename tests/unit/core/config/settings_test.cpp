#include "core/config/settings.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/support/temp_dir.hpp"

namespace bkt::config {
namespace {

class SettingsTest : public ::testing::Test {
protected:
    std::string file(const std::string& name, const std::string& text) {
        const auto path = dir_.path() + "/" + name;
        std::filesystem::create_directories(std::filesystem::path(path).parent_path());
        std::ofstream(path) << text;
        return path;
    }
    test::TempDir dir_;
};

TEST_F(SettingsTest, NeedNoFileAtAll) {
    const auto settings = load("", {{"HOME", dir_.path()}});
    ASSERT_TRUE(settings) << settings.error().message;
    EXPECT_EQ(settings->discovery.count("docker"), 1u);
    EXPECT_EQ(settings->stores.at("disk").type, "local");
    EXPECT_EQ(settings->text("workers"), "2");
    EXPECT_FALSE(settings->text("host").empty());
}

TEST_F(SettingsTest, SayWhereEachValueCameFrom) {
    const auto path = file("b.yaml", "host: one\nlog:\n  level: debug\nworkers: 3\n");
    file("conf.d/10.yaml", "host: two\n");
    const auto settings = load(path, {{"BT_THREADS", "7"}});
    ASSERT_TRUE(settings) << settings.error().message;
    EXPECT_EQ(settings->text("host"), "two");
    EXPECT_NE(settings->values.at("host").origin.find("conf.d/10.yaml:1"), std::string::npos);
    EXPECT_NE(settings->values.at("log.level").origin.find("b.yaml:3"), std::string::npos);
    EXPECT_EQ(settings->values.at("workers"), (Value{"7", "environment BT_THREADS"}));
    EXPECT_EQ(settings->values.at("log.format").origin, "default");
}

TEST_F(SettingsTest, ReadDefaultsInTheirOlderSpellingsToo) {
    const auto path = file("b.yaml",
                           "defaults:\n  db.all: true\n  backup.compress: yes\n"
                           "  command: [tool, \"a b\"]\n");
    const auto settings = load(path, {});
    ASSERT_TRUE(settings) << settings.error().message;
    EXPECT_EQ(settings->defaults.at("db.name"), (Value{"*", path + ":2"}));
    EXPECT_EQ(settings->defaults.at("compress").text, "zstd:3");
    EXPECT_EQ(settings->defaults.at("command").text, "[\"tool\",\"a b\"]");
    const auto bad = load(file("c.yaml", "host: h\ndefaults:\n  db.all: maybe\n"), {});
    ASSERT_FALSE(bad);
    EXPECT_NE(bad.error().message.find("c.yaml:3"), std::string::npos) << bad.error().message;
}

TEST_F(SettingsTest, KnowSecretsProvidersByTheWordOfTheirReferences) {
    const auto path =
        file("b.yaml", "secrets:\n  vault: { type: command, command: [cat, \"/keys/{}\"] }\n");
    const auto settings = load(path, {});
    ASSERT_TRUE(settings) << settings.error().message;
    EXPECT_EQ(settings->secrets.at("vault").type, "command");
    EXPECT_EQ(settings->secrets.at("vault").options.at("command").text, R"(["cat","/keys/{}"])");
    for (const char* name : {"env", "file", "docker-secret", "host-file", "credential", "a b"}) {
        const auto bad =
            load(file("c.yaml", "secrets:\n  " + std::string(name) + ": { type: command }\n"), {});
        ASSERT_FALSE(bad) << name;
        EXPECT_NE(bad.error().message.find("c.yaml:2"), std::string::npos) << bad.error().message;
    }
}

TEST_F(SettingsTest, KeepAStoresOptionsForItsPlugin) {
    const auto path =
        file("b.yaml",
             "stores:\n  nas: { type: local, path: /mnt/nas }\n"
             "discovery:\n  local: { targets: [ { name: n, db.engine: sqlite } ] }\n");
    const auto settings = load(path, {});
    ASSERT_TRUE(settings) << settings.error().message;
    EXPECT_EQ(settings->stores.at("nas").options.at("path").text, "/mnt/nas");
    EXPECT_EQ(settings->discovery.at("local").type, "local");
    EXPECT_EQ(settings->discovery.at("local").options.at("targets").text,
              R"([{"db.engine":"sqlite","name":"n"}])");
    EXPECT_EQ(settings->discovery.count("docker"), 0u);
}

TEST_F(SettingsTest, ReadTheOriginsVariables) {
    const auto settings = load("", {{"BT_DOCKER_URL", "tcp://h:1"},
                                    {"BT_BACKUP_DIR", "/old"},
                                    {"BT_COMPRESS", "true"},
                                    {"HOME", dir_.path()}});
    ASSERT_TRUE(settings) << settings.error().message;
    EXPECT_EQ(settings->discovery.at("docker").options.at("socket").text, "tcp://h:1");
    EXPECT_EQ(settings->stores.at("disk").options.at("path").text, "/old");
    EXPECT_EQ(settings->defaults.at("compress").text, "gzip:6");
}

TEST_F(SettingsTest, MistakesAreNamedWithFileLineAndRemedy) {
    const struct {
        const char *name, *yaml, *message, *hint;
    } kCases[] = {
        {"a misspelt key", "hots: a\n", "b.yaml:1: unknown key 'hots'", "did you mean 'host'?"},
        {"a misspelt default", "defaults: { compres: zstd }\n", "unknown key 'compres'",
         "did you mean 'compress'?"},
        {"a bad choice", "log: { level: loud }\n", "'log.level' is 'loud'", ""},
        {"a bad number", "workers: many\n", "'workers' is not a number", ""},
        {"too little memory", "memory_budget: 1MiB\n", "is below 16MiB", ""},
        {"a store without type", "stores: { a: { path: /x } }\n", "has no 'type'", "type: local"},
        {"no YAML", "a: [1\n", "not valid YAML", ""},
        {"a list at the top", "- a\n", "not a list of keys", ""},
        {"a default out of bounds", "defaults: { compress: zstd:99 }\n", "zstd:99", "zstd:1-19"},
        {"a plugin without a reason", "plugins: { use: { com.a.x: { trust: maybe } } }\n",
         "'plugins.use.com.a.x.trust' is 'maybe'", "signed, unsigned"},
        {"half a pin", "plugins: { use: { com.a.x: { trust: sha256:abc } } }\n", "is 'sha256:abc'",
         "plugin trust"},
        {"a place there is none", "plugins: { use: { com.a.x: { isolation: moon } } }\n",
         "'plugins.use.com.a.x.isolation' is 'moon'", "in-process"},
        {"unsigned in our process",
         "plugins: { use: { com.a.x: { trust: unsigned, isolation: in-process } } }\n",
         "is 'in-process'", "always runs in a worker"},
        {"a misspelt key of a plugin", "plugins: { use: { com.a.x: { trsut: signed } } }\n",
         "unknown key 'trsut'", "did you mean 'trust'?"},
        {"a plugin as a text", "plugins: { use: { com.a.x: signed } }\n", "needs keys below it",
         "plugin trust com.a.x"},
        {"a misspelt key below plugins", "plugins: { pth: /x }\n", "unknown key 'plugins.pth'",
         "did you mean 'plugins.path'?"},
        {"encryption asked for", "defaults: { encrypt: main }\n", "not in this version", ""},
    };
    for (const auto& c : kCases) {
        const auto settings = load(file("b.yaml", c.yaml), {});
        ASSERT_FALSE(settings) << c.name;
        EXPECT_EQ(settings.error().code, Code::invalid) << c.name;
        EXPECT_NE(settings.error().message.find(c.message), std::string::npos)
            << c.name << ": " << settings.error().message;
        EXPECT_NE(settings.error().hint.find(c.hint), std::string::npos)
            << c.name << ": " << settings.error().hint;
    }
}

TEST_F(SettingsTest, PluginsAreNamedWithTheirReason) {
    const auto pin = "sha256:" + std::string(64, 'a');
    file("conf.d/10.yaml", "plugins: { use: { com.a.x: { isolation: worker } } }\n");
    const auto path = file(
        "b.yaml", "plugins:\n  path: /opt\n  use:\n    com.a.x:\n      trust: " + pin +
                      "\n      experimental: [bkt.net/1, b]\n    com.a.y: { trust: signed }\n");
    const auto settings = load(path, {});
    ASSERT_TRUE(settings) << settings.error().message;
    ASSERT_EQ(settings->plugins.size(), 2u);
    const auto& x = settings->plugins.at("com.a.x");
    EXPECT_EQ(x.trust.text, pin);
    EXPECT_EQ(x.isolation.text, "worker");  // the fragment adds to it
    EXPECT_EQ(x.experimental, (std::vector<std::string>{"bkt.net/1", "b"}));
    EXPECT_EQ(settings->plugins.at("com.a.y").isolation.text, "auto");
    EXPECT_EQ(settings->text("plugins.path"), "/opt");
}

TEST_F(SettingsTest, ANamedFileMustExist) { EXPECT_FALSE(load(dir_.path() + "/none.yaml", {})); }

}  // namespace
}  // namespace bkt::config
