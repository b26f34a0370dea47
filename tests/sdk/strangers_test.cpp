// What other compilers built out of this tree, loaded into one process.
#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "baktainer/testing/plugin_under_test.hpp"
#include "tests/support/process.hpp"

namespace bkt::testing {
namespace {

namespace fs = std::filesystem;

// Every toolchain that could build here. None is a failure: the tests below would see nothing.
std::vector<std::string> toolchains() {
    std::vector<std::string> found;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(BAKTAINER_BUILT, none))
        if (fs::exists(entry.path() / "lib/baktainer/plugins"))
            found.push_back(entry.path().filename());
    std::sort(found.begin(), found.end());
    EXPECT_FALSE(found.empty()) << "nothing was built in " BAKTAINER_BUILT;
    return found;
}

std::vector<std::string> libraries() {
    std::vector<std::string> found;
    for (const auto& toolchain : toolchains())
        for (const auto& entry :
             fs::recursive_directory_iterator(BAKTAINER_BUILT "/" + toolchain + "/lib"))
            if (entry.path().extension() == ".so") found.push_back(entry.path());
    std::sort(found.begin(), found.end());
    return found;
}

std::string built(const std::string& toolchain, const std::string& id, const std::string& name) {
    return BAKTAINER_BUILT "/" + toolchain + "/lib/baktainer/plugins/" + id + "/lib" + name + ".so";
}

std::string recipe(const PluginUnderTest<bkt_engine_ops>& engine) {
    const auto text = engine.text([](auto& ops, void* self, const bkt_call* call, bkt_str* out) {
        return ops.recipe(self, call, nullptr, 0, out);
    });
    return text ? *text : "failed: " + text.error().message;
}

TEST(Strangers, AreBuiltByAtLeastGccAndOneClang) {
    const auto all = toolchains();
    EXPECT_NE(std::find(all.begin(), all.end(), "gcc-12"), all.end());
    EXPECT_TRUE(std::any_of(all.begin(), all.end(),
                            [](const auto& name) { return name.starts_with("clang"); }));
}

TEST(Strangers, EachExportsExactlyOneSymbol) {
    const auto all = libraries();
    EXPECT_GE(all.size(), toolchains().size() * 6);
    for (const auto& library : all)
        EXPECT_EQ(test::must({"nm", "-D", "--defined-only", library}).substr(17),
                  "T " BKT_MODULE_SYMBOL)
            << library;
}

// Text relocations, an executable stack or lazy binding would be refused by the host.
TEST(Strangers, AreLinkedByTheRules) {
    for (const auto& library : libraries()) {
        const std::string dynamic = test::must({"readelf", "-dWl", library});
        EXPECT_EQ(dynamic.find("TEXTREL"), std::string::npos) << library;
        EXPECT_EQ(dynamic.find("RPATH"), std::string::npos) << library;
        EXPECT_EQ(dynamic.find("RWE"), std::string::npos) << library;
        EXPECT_NE(dynamic.find("GNU_RELRO"), std::string::npos) << library;
        EXPECT_NE(dynamic.find("NODELETE"), std::string::npos) << library;
        EXPECT_NE(dynamic.find("NOW"), std::string::npos) << library;
    }
}

TEST(Strangers, LoadInOneProcessWhateverBuiltThem) {
    std::set<const void*> modules;
    for (const auto& path : libraries()) {
        void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
        ASSERT_NE(library, nullptr) << path << ": " << ::dlerror();
        const auto entry = reinterpret_cast<bkt_module_fn>(::dlsym(library, BKT_MODULE_SYMBOL));
        ASSERT_NE(entry, nullptr) << path;
        const bkt_module* module = entry();
        ASSERT_NE(module, nullptr) << path;
        EXPECT_TRUE(modules.insert(module).second) << path << " got another one's module";
        EXPECT_EQ(fs::path(path).parent_path().filename(), module->id) << path;
    }
}

struct Answer {
    const char* name;
    std::uint32_t status;
    std::optional<Code> fails_with;
};

const Answer kAnswers[] = {
    {"delivered", 200, std::nullopt},
    {"refused", 403, Code::denied},
    {"down", 503, Code::unavailable},
};

// The notifier in C++ and the one in plain C do the same.
TEST(Strangers, NotifiersPostTheEvent) {
    for (const auto& toolchain : toolchains())
        for (const auto& [id, name] :
             {std::pair("com.acme.hello", "hello"), std::pair("com.acme.c-notifier", "c_notifier")})
            for (const Answer& answer : kAnswers) {
                SCOPED_TRACE(toolchain + " " + name + " " + answer.name);
                FakeHost host;
                host.config["url"] = "https://hooks.example.org";
                host.http.answer = [&](const FakeRequest&) {
                    return FakeAnswer{answer.status, "", {}};
                };
                PluginUnderTest<bkt_notifier_ops> notifier(built(toolchain, id, name), host);
                ASSERT_TRUE(notifier.opened()) << notifier.opened().error().message;
                bkt_event event{};
                event.size = sizeof event;
                event.json = str(R"({"type":"run.failed"})");
                const Status told =
                    notifier.call([&](const auto& ops, void* self, const bkt_call* call) {
                        return ops.notify(self, call, &event);
                    });
                EXPECT_EQ(told ? std::nullopt : std::optional(told.error().code),
                          answer.fails_with);
                ASSERT_EQ(host.http.requests.size(), 1u);
                EXPECT_EQ(host.http.requests[0].method, "POST");
                EXPECT_EQ(host.http.requests[0].url, "https://hooks.example.org");
                EXPECT_EQ(host.http.requests[0].body, R"({"type":"run.failed"})");
            }
}

TEST(Strangers, KeepTheirInlineStaticsToThemselves) {
    FakeHost host;
    for (const auto& toolchain : toolchains()) {
        PluginUnderTest<bkt_engine_ops> a(built(toolchain, "test.twin-a", "twin_a"), host);
        PluginUnderTest<bkt_engine_ops> b(built(toolchain, "test.twin-b", "twin_b"), host);
        ASSERT_TRUE(a.opened() && b.opened()) << toolchain;
        EXPECT_EQ(recipe(a), "1 1 x") << toolchain;
        EXPECT_EQ(recipe(a), "2 2 xx") << toolchain;
        EXPECT_EQ(recipe(b), "1 1 x") << toolchain;
        EXPECT_EQ(recipe(a), "3 3 xxx") << toolchain;
    }
}

std::string own_sha256_of_abc() {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    EXPECT_EQ(EVP_Digest("abc", 3, digest, &len, EVP_sha256(), nullptr), 1);
    std::string hex;
    for (unsigned i = 0; i < len; ++i)
        for (const int half : {digest[i] >> 4, digest[i] & 15}) hex += "0123456789abcdef"[half];
    return hex;
}

TEST(Strangers, MayCarryAnOpensslOfTheirOwnBesideOurs) {
    const std::string kAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    EXPECT_EQ(own_sha256_of_abc(), kAbc);
    FakeHost host;
    std::set<std::string> addresses{std::to_string(reinterpret_cast<std::uintptr_t>(&EVP_sha256))};
    for (const auto& toolchain : toolchains()) {
        PluginUnderTest<bkt_engine_ops> own(built(toolchain, "test.own-openssl", "own_openssl"),
                                            host);
        ASSERT_TRUE(own.opened()) << toolchain << ": " << own.opened().error().message;
        const std::string told = recipe(own);
        const auto blank = told.find(' ');
        EXPECT_TRUE(addresses.insert(told.substr(0, blank)).second)
            << toolchain << " uses another one's OpenSSL";
        EXPECT_EQ(told.substr(blank + 1), kAbc) << toolchain;
        EXPECT_EQ(own_sha256_of_abc(), kAbc) << "after " << toolchain;
    }
}

TEST(Strangers, PortableOnesCarryTheirRuntimeAndLeaveTheirDebugInformationBeside) {
    FakeHost host;
    for (const auto& toolchain : toolchains()) {
        const std::string library = built(toolchain, "test.portable", "portable");
        const std::string needed = test::must({"objdump", "-p", library});
        EXPECT_EQ(needed.find("NEEDED               libstdc++"), std::string::npos) << toolchain;
        EXPECT_EQ(needed.find("NEEDED               libc++"), std::string::npos) << toolchain;
        EXPECT_EQ(needed.find("NEEDED               libgcc_s"), std::string::npos) << toolchain;
        EXPECT_TRUE(fs::exists(library + ".debug")) << toolchain;
        PluginUnderTest<bkt_engine_ops> portable(library, host);
        ASSERT_TRUE(portable.opened()) << toolchain;
        EXPECT_EQ(recipe(portable), "1 1 x") << toolchain;
    }
}

}  // namespace
}  // namespace bkt::testing
