// Plugins whose hash, signature or key is not what the operator trusts.
#include "tests/fault/load/trust_fixture.hpp"

namespace bkt::plugin {
namespace {

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

}  // namespace
}  // namespace bkt::plugin
