// One right plugin on a shelf of its own, which a test then puts into the wrong hands.
#pragma once

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

namespace fs = std::filesystem;
inline constexpr const char* kId = "com.acme.test";

class TrustFault : public ::testing::Test {
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

// Which of the test's plugins answers; why none does.
inline std::string health_of(const Registry& registry) {
    const auto found = registry.find(BKT_KIND_NOTIFIER, "test");
    if (!found) return texts(registry.problems());
    bkt_str text{nullptr, 0};
    static_cast<const bkt_notifier_ops*>((*found)->ops)->health(nullptr, nullptr, &text);
    return std::string(view(text));
}

}  // namespace bkt::plugin
