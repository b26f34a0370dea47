#include "core/plugin/manifest.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>

namespace bkt::plugin {
namespace {

using nlohmann::json;

Manifest full() {
    Manifest m;
    m.id = "com.acme.hello";
    m.version = "1.2.0";
    m.vendor = "Acme Ünlimited";
    m.abi_min_minor = 3;
    m.components = {
        {"notifier/0", "hello", "Says hello", R"({"properties":{"url":{"type":"string"}}})"},
        {"engine/0", "mini", "", ""}};
    m.needs = {"bkt.http/1"};
    m.experimental = {"bkt.net/1"};
    m.arch = "x86_64";
    m.lib = "libhello.so";
    m.sha256 = std::string(64, 'a');
    m.size_bytes = 12345;
    m.glibc_min = "2.34";
    m.glibcxx_min = "3.4.30";
    m.runtime = "libstdc++";
    return m;
}

TEST(PluginManifest, ReadsWhatItWrites) {
    const auto read = parse_manifest(to_json(full()));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(*read, full());
    EXPECT_EQ(to_json(*read), to_json(full()));
}

TEST(PluginManifest, PassesOverWhatANewerSdkAdds) {
    auto j = json::parse(to_json(full()));
    j["homepage"] = "https://acme.example";
    j["components"][0]["icon"] = {1, 2};
    const auto read = parse_manifest(j.dump());
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(*read, full());
}

TEST(PluginManifest, EveryMistakeIsNamed) {
    using Edit = std::function<void(json&)>;
    const struct {
        const char* name;
        Edit edit;
        const char* why;
    } kCases[] = {
        {"no id", [](json& j) { j.erase("id"); }, "'id' is missing"},
        {"an id that is a path", [](json& j) { j["id"] = "../../etc"; }, "'id' is no plain name"},
        {"an id that is hidden", [](json& j) { j["id"] = ".x"; }, "'id' is no plain name"},
        {"an id too long", [](json& j) { j["id"] = std::string(129, 'a'); }, "'id' is too long"},
        {"an id that is a number", [](json& j) { j["id"] = 7; }, "'id' is no text"},
        {"a version with a newline", [](json& j) { j["version"] = "1\n2"; }, "control character"},
        {"no abi", [](json& j) { j.erase("abi"); }, "'abi' is missing"},
        {"abi as a text", [](json& j) { j["abi"] = "0.0"; }, "'abi' is no object"},
        {"a negative minor", [](json& j) { j["abi"]["min_minor"] = -1; },
         "'abi.min_minor' is no number"},
        {"a huge minor", [](json& j) { j["abi"]["min_minor"] = 1u << 20; }, "too large"},
        {"no components", [](json& j) { j["components"] = json::array(); },
         "'components' is empty"},
        {"components as an object", [](json& j) { j["components"] = json::object(); },
         "is no list"},
        {"a component without a kind", [](json& j) { j["components"][0].erase("kind"); },
         "'components[0].kind' is missing"},
        {"a component's odd name", [](json& j) { j["components"][1]["name"] = "a b"; },
         "'components[1].name' is no plain name"},
        {"a component that is a text", [](json& j) { j["components"][0] = "x"; }, "is no object"},
        {"a component twice", [](json& j) { j["components"][1] = j["components"][0]; }, "twice"},
        {"65 components",
         [](json& j) { j["components"] = std::vector<json>(65, j["components"][0]); }, "too long"},
        {"a schema that is a text", [](json& j) { j["components"][0]["config_schema"] = "x"; },
         "'components[0].config_schema' is no object"},
        {"a need that is a number", [](json& j) { j["needs"] = {7}; }, "is no text"},
        {"needs as a text", [](json& j) { j["needs"] = "bkt.http/1"; }, "'needs' is no list"},
        {"a library elsewhere", [](json& j) { j["lib"] = "../lib.so"; }, "'lib' is no plain file"},
        {"a library that is none", [](json& j) { j["lib"] = "lib.sh"; }, "'lib' is no plain file"},
        {"half a hash", [](json& j) { j["sha256"] = "abc"; }, "'sha256' is not 64"},
        {"a hash in capitals", [](json& j) { j["sha256"] = std::string(64, 'A'); }, "is not 64"},
        {"a size as a text", [](json& j) { j["size_bytes"] = "1"; }, "'size_bytes' is no number"},
    };
    for (const auto& c : kCases) {
        auto j = json::parse(to_json(full()));
        c.edit(j);
        const auto read = parse_manifest(j.dump());
        ASSERT_FALSE(read) << c.name;
        EXPECT_EQ(read.error().code, Code::invalid) << c.name;
        EXPECT_NE(read.error().message.find(c.why), std::string::npos)
            << c.name << ": " << read.error().message;
        EXPECT_FALSE(read.error().hint.empty()) << c.name;
    }
}

TEST(PluginManifest, WhatIsNoObjectIsNoManifest) {
    for (const std::string& text :
         {std::string(), std::string("[]"), std::string("{"), std::string("null"),
          std::string(100'000, '['), std::string(kMaxManifestBytes + 1, ' ')})
        EXPECT_FALSE(parse_manifest(text)) << text.substr(0, 20);
}

}  // namespace
}  // namespace bkt::plugin
