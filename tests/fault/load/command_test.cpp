// The plugin verbs of the program itself, with plugins nobody would want.
#include <gtest/gtest.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "core/plugin/quarantine.hpp"
#include "tests/fault/load/shelf.hpp"
#include "tests/support/baktainer.hpp"

namespace bkt::plugin {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
constexpr const char* kId = "com.acme.test";

class PluginCommand : public ::testing::Test {
protected:
    PluginCommand() { configure(""); }
    // `uses`: what stands below plugins.use, indented by four blanks.
    void configure(const std::string& uses) {
        program_.configure("plugins:\n  path: " + shelf_.path() +
                           "\n  trusted_keys: " + shelf_.home() + "/trusted.d\n" +
                           (uses.empty() ? "" : "  use:\n" + uses));
    }
    static std::vector<json> lines(const std::string& text) {
        std::vector<json> all;
        std::istringstream in(text);
        for (std::string line; std::getline(in, line);) all.push_back(json::parse(line));
        return all;
    }
    json listed(const std::string& id) {
        const auto done = program_.run({"plugin", "list", "--output", "json"});
        EXPECT_EQ(done.exit_code, 0) << done.err;
        for (const auto& line : lines(done.out))
            if (line["message_type"] == "plugin" && line["id"] == id) return line;
        ADD_FAILURE() << id << " is not listed: " << done.out;
        return {};
    }
    std::string config_file() { return program_.home() + "/b.yaml"; }

    Shelf shelf_;
    test::Baktainer program_{"  local: { targets: [] }"};
};

TEST_F(PluginCommand, ListShowsEveryPluginAndWhyItIsNotLoaded) {
    shelf_.put(kId, fault_library("good"));
    const auto done = program_.run({"plugin", "list"});
    EXPECT_EQ(done.exit_code, 0) << done.err;
    for (const char* text : {"ID ", "baktainer.engine.sqlite", "engine/sqlite", "builtin",
                             "in-process", "ready", kId, "notifier/test", "off"})
        EXPECT_NE(done.out.find(text), std::string::npos) << text << "\n" << done.out;
    const auto j = listed(kId);
    EXPECT_EQ(j["state"], "off");
    EXPECT_EQ(j["components"][0]["name"], "test");
    EXPECT_NE(j["hint"].get<std::string>().find("plugin trust"), std::string::npos);
}

// 5: a list that ran plugins would be as dangerous as they are.
TEST_F(PluginCommand, ListRunsNoCodeOfAnyPlugin) {
    const auto marker = shelf_.home() + "/marker";
    ::setenv("BKT_TEST_MARKER", marker.c_str(), 1);
    std::string uses;
    for (const char* name : {"constructor_stdout", "constructor_exit", "constructor_abort",
                             "constructor_hang", "witness"}) {
        const auto id = std::string("com.acme.") + name;
        shelf_.put(id, fault_library(name));
        uses += "    " + id + ": { trust: unsigned }\n";
    }
    configure(uses);
    for (const auto& args :
         std::vector<std::vector<std::string>>{{"plugin", "list"},
                                               {"plugin", "info", "com.acme.constructor_hang"},
                                               {"plugin", "trust", "com.acme.constructor_exit"}}) {
        const auto done = program_.start(args)->wait(std::chrono::seconds(20));
        EXPECT_EQ(done.exit_code, 0) << done.err;
        EXPECT_EQ(done.out.find("HELLO"), std::string::npos) << done.out;
    }
    EXPECT_FALSE(fs::exists(fs::symlink_status(marker)));
    ::unsetenv("BKT_TEST_MARKER");
}

TEST_F(PluginCommand, TrustPrintsTheLinesThatLetItRun) {
    shelf_.put(kId, fault_library("experimental"),
               [](Manifest& m) { m.experimental = {"bkt.net/1"}; });
    const auto done = program_.run({"plugin", "trust", kId, "--output", "json"});
    ASSERT_EQ(done.exit_code, 0) << done.err;
    const auto told = lines(done.out).at(0);
    EXPECT_EQ(told["sha256"],
              Shelf::manifest_for(kId, shelf_.path() + "/" + kId + "/libplugin.so").sha256);
    // The lines are whole YAML as they stand: as a fragment beside the configuration they do.
    fs::create_directories(program_.home() + "/conf.d");
    std::ofstream(program_.home() + "/conf.d/acme.yaml") << told["yaml"].get<std::string>();
    const auto j = listed(kId);
    EXPECT_EQ(j["state"], "ready") << j;
    EXPECT_EQ(j["trust"], "pinned");
    EXPECT_EQ(j["isolation"], "worker");
}

TEST_F(PluginCommand, TrustSignsWithoutShowingTheKey) {
    const auto folder = shelf_.put(kId, fault_library("good"));
    const auto key = shelf_.home() + "/private.pem";
    test::must({"openssl", "genpkey", "-algorithm", "ed25519", "-out", key});
    ::chmod(key.c_str(), 0644);
    const auto refused = program_.run({"plugin", "trust", folder, "--sign", key});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_NE(refused.err.find("others may read the private key"), std::string::npos)
        << refused.err;
    ::chmod(key.c_str(), 0600);
    const auto done = program_.run({"plugin", "trust", folder, "--sign", key});
    ASSERT_EQ(done.exit_code, 0) << done.err;
    EXPECT_EQ((done.out + done.err).find("PRIVATE"), std::string::npos);
    fs::create_directories(shelf_.home() + "/trusted.d");
    test::must(
        {"openssl", "pkey", "-in", key, "-pubout", "-out", shelf_.home() + "/trusted.d/acme.pem"});
    configure("    com.acme.test: { trust: signed }\n");
    const auto j = listed(kId);
    EXPECT_EQ(j["trust"], "signed") << j;
    EXPECT_EQ(j["signed_by"], "acme.pem");
}

TEST_F(PluginCommand, ResetLetsAQuarantinedPluginRunAgain) {
    shelf_.put(kId, fault_library("good"));
    configure("    com.acme.test: { trust: unsigned }\n");
    const Quarantine quarantine(program_.home() + "/state");
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(quarantine.note_fault(kId, "died of signal 11"));
    EXPECT_EQ(listed(kId)["state"], "quarantined");
    const auto info = program_.run({"plugin", "info", kId});
    EXPECT_NE(info.out.find("died of signal 11"), std::string::npos) << info.out;
    const auto before = bytes_of(config_file());
    EXPECT_EQ(program_.run({"plugin", "reset", kId}).exit_code, 0);
    EXPECT_EQ(listed(kId)["state"], "ready");
    EXPECT_EQ(bytes_of(config_file()), before);
}

TEST_F(PluginCommand, EveryMistakeHasItsExitCodeAndAHint) {
    const auto folder = shelf_.put(kId, fault_library("good"));
    const auto changed = shelf_.put("com.acme.changed", fault_library("good"));
    std::ofstream(changed + "/libplugin.so", std::ios::app) << "x";
    const struct {
        std::vector<std::string> args;
        int exit_code;
        const char *message, *hint;
    } kCases[] = {
        {{"plugin"}, 2, "subcommand", "--help"},
        {{"plugin", "info"}, 2, "ID", "--help"},
        {{"plugin", "info", "com.acme.tset"}, 10, "no plugin 'com.acme.tset'", "did you mean"},
        {{"plugin", "trust", "org.example"}, 10, "no plugin", "plugin list"},
        {{"plugin", "trust", "/nowhere/x.so"}, 10, "cannot open", "--describe"},
        {{"plugin", "trust", "com.acme.changed"},
         13,
         "is not the file",
         "install the plugin again"},
        {{"plugin", "trust", "baktainer.engine.sqlite"}, 2, "Baktainer's own", "needs no lines"},
        {{"plugin", "trust", kId, "--sign", "/nowhere.pem"}, 10, "cannot open", "openssl genpkey"},
        {{"plugin", "trust", kId, "--sign", "/dev/null"}, 1, "", "chmod 600"},
        {{"plugin", "reset", kId}, 10, "has no record of faults", "plugin list"},
        {{"plugin", "reset", "../../etc"}, 2, "is no plugin id", ""},
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

// 46
TEST_F(PluginCommand, TheConfigurationOfAnAbsentPluginIsKept) {
    configure("    com.acme.gone:\n      trust: unsigned  # until the vendor answers\n");
    const auto before = bytes_of(config_file());
    const auto listing = program_.run({"plugin", "list"});
    EXPECT_EQ(listing.exit_code, 0);
    EXPECT_NE(
        listing.err.find("plugin 'com.acme.gone' is named in the configuration and not there"),
        std::string::npos)
        << listing.err;
    EXPECT_NE(listing.err.find("install it as"), std::string::npos) << listing.err;
    const auto check = program_.run({"config", "check"});
    EXPECT_EQ(check.exit_code, 2);
    EXPECT_NE(check.err.find("com.acme.gone"), std::string::npos) << check.err;
    const auto shown = program_.run({"config", "show", "--origin"});
    EXPECT_NE(shown.out.find("plugins.use.com.acme.gone.trust"), std::string::npos) << shown.out;
    program_.run({"plugin", "reset", "com.acme.gone"});
    program_.run({"backup", "--all"});
    EXPECT_EQ(bytes_of(config_file()), before);
}

TEST_F(PluginCommand, TheEnvironmentBringsNoPluginsToRoot) {
    if (::geteuid() != 0) GTEST_SKIP() << "this test is about root";
    shelf_.put(kId, fault_library("good"));
    program_.configure("");
    ::setenv("BAKTAINER_PLUGIN_PATH", shelf_.path().c_str(), 1);
    const auto plain = program_.run({"plugin", "list"});
    EXPECT_EQ(plain.out.find(kId), std::string::npos) << plain.out;
    const auto dev = program_.run({"plugin", "list", "--dev"});
    EXPECT_EQ(dev.exit_code, 1);
    EXPECT_NE(dev.err.find("--dev takes no plugins from the environment of root"),
              std::string::npos)
        << dev.err;
    ::unsetenv("BAKTAINER_PLUGIN_PATH");
}

TEST_F(PluginCommand, CompletionKnowsTheVerbs) {
    const auto bash = program_.run({"completion", "bash"});
    for (const char* text :
         {"'plugin list'", "'plugin info'", "'plugin trust'", "--sign", "'plugin reset'"})
        EXPECT_NE(bash.out.find(text), std::string::npos) << text;
    const auto help = program_.run({"plugin", "trust", "--help"});
    EXPECT_NE(help.out.find("openssl genpkey -algorithm ed25519"), std::string::npos);
}

// What the build asks of every library it links.
TEST(PluginHost, DescribesAPluginFromTheLibraryItself) {
    const auto done = test::run({BAKTAINER_PLUGIN_HOST, "--describe", fault_library("schema")});
    ASSERT_EQ(done.exit_code, 0) << done.err;
    const auto m = parse_manifest(done.out);
    ASSERT_TRUE(m) << m.error().message;
    EXPECT_EQ(to_json(*m), done.out);
    EXPECT_EQ(m->id, kId);
    EXPECT_EQ(m->components[0].config_schema,
              R"({"properties":{"url":{"type":"string"}},"required":["url"]})");
    EXPECT_EQ(m->lib, "schema.so");
    EXPECT_EQ(m->size_bytes, fs::file_size(fault_library("schema")));
    EXPECT_EQ(m->runtime, "none");
    EXPECT_EQ(m->glibcxx_min, "");
}

TEST(PluginHost, SaysWhatKeepsALibraryFromBeingAPlugin) {
    const struct {
        const char *name, *why;
    } kCases[] = {
        {"extra_export", "exports 'acme_helper'"},
        {"twin_names", "it offers 'test' twice"},
        {"entry_null", "its entry returned nothing"},
        {"bad_utf8", "is not UTF-8"},
        {"null_ops", "has no table"},
        {"constructor_exit", "ended the process"},
        {"constructor_abort", "died of signal 6"},
        {"nowhere", "cannot open"},
    };
    test::TempDir dir;
    for (const auto& c : kCases) {
        const auto file = dir.path() + "/plugin.json";
        const auto done = test::run(
            {BAKTAINER_PLUGIN_HOST, "--describe", fault_library(c.name), "--output", file});
        EXPECT_EQ(done.exit_code, 1) << c.name;
        EXPECT_NE(done.err.find(c.why), std::string::npos) << c.name << ": " << done.err;
        EXPECT_EQ(done.out, "") << c.name;
        EXPECT_FALSE(fs::exists(file)) << c.name;
    }
}

// 5
TEST(PluginHost, AConstructorsOutputIsNotTheDescription) {
    const auto done =
        test::run({BAKTAINER_PLUGIN_HOST, "--describe", fault_library("constructor_stdout")});
    EXPECT_EQ(done.exit_code, 0) << done.err;
    EXPECT_TRUE(parse_manifest(done.out)) << done.out;
    EXPECT_NE(done.err.find("HELLO"), std::string::npos);
}

TEST(PluginHost, AConstructorThatNeverReturnsIsEnded) {
    const auto done =
        test::run({BAKTAINER_PLUGIN_HOST, "--describe", fault_library("constructor_hang")});
    EXPECT_EQ(done.exit_code, 1);
    EXPECT_NE(done.err.find("did not end within 10 seconds"), std::string::npos) << done.err;
}

}  // namespace
}  // namespace bkt::plugin
