// Plugins whose files are right but in the wrong hands: changed, swapped, linked, shared, unsigned.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "baktainer/abi/kinds/notifier.h"
#include "baktainer/call.hpp"
#include "core/plugin/registry.hpp"
#include "tests/fault/load/shelf.hpp"
#include "tests/support/process.hpp"

namespace bkt::plugin {
namespace {

namespace fs = std::filesystem;
constexpr const char* kId = "com.acme.test";

class TrustFault : public testing::Test {
protected:
    TrustFault() {
        folder_ = shelf_.put(kId, fault_library("good"));
        library_ = folder_ + "/libplugin.so";
        shelf_.allow(kId);
    }
    void make_key(const std::string& name) {
        test::must({"openssl", "genpkey", "-algorithm", "ed25519", "-out", key(name)});
        ::chmod(key(name).c_str(), 0600);
    }
    std::string key(const std::string& name) { return shelf_.home() + "/" + name + ".pem"; }
    void trust_key(const std::string& name) {
        const auto dir = shelf_.home() + "/trusted.d";
        fs::create_directories(dir);
        test::must(
            {"openssl", "pkey", "-in", key(name), "-pubout", "-out", dir + "/" + name + ".pem"});
    }
    void sign_with(const std::string& name) {
        const auto signature = sign(bytes_of(folder_ + "/plugin.json"), key(name));
        ASSERT_TRUE(signature) << signature.error().message;
        std::ofstream(folder_ + "/plugin.sig", std::ios::binary) << *signature;
    }
    Admission judged() {
        auto all = shelf_.judge();
        EXPECT_EQ(all.size(), 1u) << texts(shelf_.problems());
        return all.empty() ? Admission{} : all.front();
    }
    void expect_refused(const char* why, Code code = Code::denied) {
        const auto a = judged();
        EXPECT_EQ(a.state, State::refused);
        ASSERT_TRUE(a.why);
        EXPECT_NE(a.why->message.find(why), std::string::npos) << a.why->message;
        EXPECT_EQ(a.why->code, code);
        EXPECT_FALSE(a.why->hint.empty());
        EXPECT_TRUE(shelf_.load().components().empty());
    }

    Shelf shelf_;
    std::string folder_, library_;
};

TEST_F(TrustFault, WhatTheConfigurationDoesNotNameIsNotLoaded) {
    shelf_.settings().plugins.clear();
    const auto registry = shelf_.load();
    EXPECT_TRUE(registry.components().empty());
    EXPECT_EQ(registry.admissions().front().state, State::off);
    EXPECT_EQ(texts(registry.problems()), "");  // nobody asked for it
    const auto found = registry.find(BKT_KIND_NOTIFIER, "test");
    ASSERT_FALSE(found);
    EXPECT_NE(found.error().message.find("the configuration does not name it"), std::string::npos);
    EXPECT_NE(found.error().hint.find("plugin trust com.acme.test"), std::string::npos);
}

TEST_F(TrustFault, AHashThatDiffersIsRefused) {
    std::ofstream(library_, std::ios::binary | std::ios::app) << "x";
    expect_refused("not the one that was pinned");
    shelf_.allow(kId, "unsigned", "worker");
    expect_refused("is not the file its plugin.json describes", Code::corrupt);
    // The manifest is made to fit; the pin is not.
    shelf_.put(kId, fault_library("good2"), [](Manifest& m) { m.version = "2.0.0"; });
    shelf_.settings().plugins[kId].trust.text = "sha256:" + std::string(64, '0');
    expect_refused("not the one that was pinned");
}

TEST_F(TrustFault, ASignatureByATrustedKeyIsEnough) {
    make_key("acme"), trust_key("acme"), sign_with("acme");
    shelf_.allow(kId, "signed");
    const auto a = judged();
    EXPECT_EQ(a.state, State::ready) << texts(shelf_.problems());
    EXPECT_EQ(a.trust, Trust::signed_code);
    EXPECT_EQ(a.key, "acme.pem");
    EXPECT_EQ(shelf_.load().components().size(), 1u);
}

TEST_F(TrustFault, ASignatureIsTheOneOpensslMakesAndVerifies) {
    make_key("acme"), trust_key("acme");
    test::must({"openssl", "pkeyutl", "-sign", "-rawin", "-inkey", key("acme"), "-in",
                folder_ + "/plugin.json", "-out", folder_ + "/plugin.sig"});
    shelf_.allow(kId, "signed");
    EXPECT_EQ(judged().state, State::ready) << texts(shelf_.problems());
    sign_with("acme");
    test::must({"openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey",
                shelf_.home() + "/trusted.d/acme.pem", "-in", folder_ + "/plugin.json", "-sigfile",
                folder_ + "/plugin.sig"});
}

TEST_F(TrustFault, ASignatureThatSaysNothingIsRefused) {
    make_key("acme"), make_key("other"), trust_key("acme");
    shelf_.allow(kId, "signed");
    const auto flip = [&](const std::string& file) {
        auto bytes = bytes_of(file);
        bytes[bytes.size() / 2] ^= 1;
        std::ofstream(file, std::ios::binary) << bytes;
    };
    const auto sig = folder_ + "/plugin.sig";
    const struct {
        const char* name;
        std::function<void()> make;
    } kCases[] = {
        {"none", [&] { fs::remove(sig); }},
        {"empty", [&] { std::ofstream(sig).flush(); }},
        {"by a key that is not trusted", [&] { sign_with("other"); }},
        {"one bit of it changed", [&] { sign_with("acme"), flip(sig); }},
        {"too long", [&] { sign_with("acme"), std::ofstream(sig, std::ios::app) << "x"; }},
        {"of another plugin.json",
         [&] {
             sign_with("acme");
             auto m =
                 Shelf::manifest_for(kId, library_, [](Manifest& e) { e.needs = {"bkt.exec/1"}; });
             Shelf::write_manifest(folder_, m);
         }},
    };
    for (const auto& c : kCases) {
        SCOPED_TRACE(c.name);
        c.make();
        expect_refused("no trusted key signed it");
    }
}

TEST_F(TrustFault, AKeyOthersCouldHavePutThereIsNotTrusted) {
    make_key("acme"), trust_key("acme"), sign_with("acme");
    shelf_.allow(kId, "signed");
    ASSERT_EQ(judged().state, State::ready);
    const auto file = shelf_.home() + "/trusted.d/acme.pem";
    ::chmod(file.c_str(), 0664);
    expect_refused("no trusted key signed it");
    EXPECT_NE(texts(shelf_.problems()).find("a key is not trusted: its group may write"),
              std::string::npos);
    ::chmod(file.c_str(), 0644);
    ::chmod((shelf_.home() + "/trusted.d").c_str(), 0777);
    expect_refused("no trusted key signed it");
    EXPECT_NE(texts(shelf_.problems()).find("no key of"), std::string::npos);
}

TEST_F(TrustFault, UnsignedCodeIsAlwaysIsolated) {
    shelf_.allow(kId, "unsigned", "auto");
    const auto a = judged();
    EXPECT_EQ(a.state, State::ready);
    EXPECT_EQ(a.trust, Trust::unsigned_code);
    EXPECT_EQ(a.isolation, Isolation::worker);
    const auto without = shelf_.load();
    EXPECT_NE(texts(without.problems()).find("must run in a worker, and there is none"),
              std::string::npos);
    static const char kProxies = 0;
    const auto with = shelf_.load([](const Component& c) -> Result<const void*> {
        EXPECT_EQ(c.name, "test");
        EXPECT_TRUE(c.file);
        EXPECT_EQ(c.ops, nullptr);
        return &kProxies;
    });
    ASSERT_EQ(with.components().size(), 1u) << texts(with.problems());
    EXPECT_EQ(with.components().front().ops, &kProxies);
}

TEST_F(TrustFault, WhatOthersMayWriteIsRefused) {
    const struct {
        const char* name;
        std::string path;
        mode_t mode, back;
        const char* why;
    } kCases[] = {
        {"the library, by its group", library_, 0775, 0755, "its group may write"},
        {"the library, by all", library_, 0757, 0755, "everybody may write"},
        {"plugin.json", folder_ + "/plugin.json", 0664, 0644, "its group may write"},
        {"the plugin's folder", folder_, 0775, 0755, "its group may write"},
    };
    for (const auto& c : kCases) {
        SCOPED_TRACE(c.name);
        ::chmod(c.path.c_str(), c.mode);
        expect_refused(c.why);
        ::chmod(c.path.c_str(), c.back);
    }
    EXPECT_EQ(judged().state, State::ready) << texts(shelf_.problems());
    // A search folder others may write gives no plugins at all.
    for (const auto& path : {shelf_.path(), shelf_.home()}) {
        ::chmod(path.c_str(), 01777);
        const bool above_and_sticky = path == shelf_.home() && ::geteuid() == 0;
        const auto registry = shelf_.load();
        EXPECT_EQ(registry.components().empty(), !above_and_sticky) << path;
        ::chmod(path.c_str(), 0777);
        EXPECT_TRUE(shelf_.load().components().empty()) << path;
        EXPECT_NE(texts(shelf_.problems()).find("no plugins from"), std::string::npos);
        ::chmod(path.c_str(), 0755);
    }
}

TEST_F(TrustFault, WhatBelongsToAnotherUserIsRefused) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
    for (const auto& path : {library_, folder_ + "/plugin.json", folder_}) {
        ASSERT_EQ(::chown(path.c_str(), 12345, 0), 0);
        expect_refused("belongs to user 12345");
        ASSERT_EQ(::chown(path.c_str(), 0, 0), 0);
    }
    ASSERT_EQ(::chown(shelf_.home().c_str(), 12345, 0), 0);
    EXPECT_TRUE(shelf_.load().components().empty());
    EXPECT_NE(texts(shelf_.problems()).find("belongs to user 12345"), std::string::npos);
    ASSERT_EQ(::chown(shelf_.home().c_str(), 0, 0), 0);
}

TEST_F(TrustFault, ASymbolicLinkIsRefused) {
    const auto aside = shelf_.home() + "/aside";
    for (const auto& path : {library_, folder_ + "/plugin.json", folder_}) {
        SCOPED_TRACE(path);
        fs::rename(path, aside);
        fs::create_symlink(aside, path);
        const auto registry = shelf_.load();
        EXPECT_TRUE(registry.components().empty());
        EXPECT_NE(texts(registry.problems()).find("is a symbolic link"), std::string::npos)
            << texts(registry.problems());
        fs::remove(path);
        fs::rename(aside, path);
    }
    EXPECT_EQ(shelf_.load().components().size(), 1u);
}

// A pipe would hold up whoever opens it; a device could do anything.
TEST_F(TrustFault, WhatIsNoFileHoldsNobodyUp) {
    for (const auto& path : {library_, folder_ + "/plugin.json"}) {
        SCOPED_TRACE(path);
        fs::rename(path, shelf_.home() + "/aside");
        ASSERT_EQ(::mkfifo(path.c_str(), 0644), 0);
        EXPECT_TRUE(shelf_.load().components().empty());
        fs::remove(path);
        fs::rename(shelf_.home() + "/aside", path);
    }
}

std::string health_of(const Registry& registry) {
    const auto found = registry.find(BKT_KIND_NOTIFIER, "test");
    if (!found) return texts(registry.problems());
    bkt_str text{nullptr, 0};
    static_cast<const bkt_notifier_ops*>((*found)->ops)->health(nullptr, nullptr, &text);
    return std::string(view(text));
}

// What was verified is what is loaded: the file on disk is another by then, whose constructor would leave a
// marker.
TEST_F(TrustFault, AFileSwappedBetweenVerifyAndLoadIsNotTheOneLoaded) {
    for (const bool by_rename : {true, false}) {
        SCOPED_TRACE(by_rename ? "renamed over it" : "written over it");
        shelf_.put(kId, fault_library("good"));
        const auto marker = shelf_.home() + "/marker";
        ::setenv("BKT_TEST_MARKER", marker.c_str(), 1);
        auto judged = shelf_.judge();
        if (by_rename) {
            fs::copy_file(fault_library("witness"), shelf_.home() + "/new.so",
                          fs::copy_options::overwrite_existing);
            fs::rename(shelf_.home() + "/new.so", library_);
        } else {
            fs::copy_file(fault_library("witness"), library_, fs::copy_options::overwrite_existing);
        }
        const auto registry = Registry::load(std::move(judged));
        EXPECT_EQ(health_of(registry), "1.0.0");
        EXPECT_FALSE(fs::exists(fs::symlink_status(marker)));
        ::unsetenv("BKT_TEST_MARKER");
    }
}

// 10: the loader takes /proc/self/fd/N for the library it loaded under that name before.
TEST_F(TrustFault, ADescriptorsNumberNeverMeansTwoLibraries) {
    const std::pair<const char*, const char*> kVersions[] = {
        {"good", "1.0.0"}, {"good2", "2.0.0"}, {"witness", "6.6.6"}, {"good", "1.0.0"}};
    for (const auto& [name, version] : kVersions) {
        SCOPED_TRACE(name);
        shelf_.put(kId, fault_library(name), [&, v = version](Manifest& m) { m.version = v; });
        shelf_.allow(kId);
        EXPECT_EQ(health_of(shelf_.load()), version);  // the registry is gone after each
    }
}

// 45: an upgrade while the plugin is in use, by a careful installer and by a careless one.
TEST_F(TrustFault, AFileReplacedWhileItsPluginRunsDisturbsNothing) {
    for (const bool by_rename : {true, false}) {
        SCOPED_TRACE(by_rename ? "renamed over it" : "cut and written over");
        shelf_.put(kId, fault_library("good"));
        const auto registry = shelf_.load();
        ASSERT_EQ(health_of(registry), "1.0.0");
        if (by_rename) {
            fs::copy_file(fault_library("good2"), shelf_.home() + "/new.so");
            fs::rename(shelf_.home() + "/new.so", library_);
        } else {
            fs::resize_file(library_, 0);  // a mapped file would end us with SIGBUS here
        }
        EXPECT_EQ(health_of(registry), "1.0.0");
    }
}

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
