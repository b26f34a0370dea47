// A declaration of settings becomes a JSON Schema that a JSON library reads as meant.
#include <nlohmann/json.hpp>

#include "tests/unit/sdk/loaded.hpp"

namespace bkt::testing {
namespace {

using nlohmann::json;

json schema_of(const std::string& plugin) {
    const char* text = load_module(plugin)->components[0]->config_schema;
    return text ? json::parse(text) : json();
}

TEST(Schema, OfHelloAsksForAUrl) {
    const json schema = schema_of("sdk_hello");
    EXPECT_EQ(schema["type"], "object");
    EXPECT_EQ(schema["required"], json::parse(R"(["url"])"));
    EXPECT_EQ(schema["properties"]["url"],
              json::parse(R"({"type":"string","description":"Where to POST the event"})"));
    EXPECT_EQ(schema["additionalProperties"], false);
}

TEST(Schema, HoldsTypesBoundsDefaultsAndSecrets) {
    for (const std::string& way : kWays) {
        const json properties = schema_of("sdk_counting_notifier" + way)["properties"];
        EXPECT_EQ(properties["step"],
                  json::parse(R"({"type":"integer","description":"How much each event counts",
                                  "default":2,"minimum":1,"maximum":9})"));
        EXPECT_EQ(properties["loud"],
                  json::parse(R"({"type":"boolean","description":"loud","default":false})"));
        EXPECT_EQ(properties["unit"],
                  json::parse(R"({"type":"string","description":"Of \"what\"\n","default":"a",
                                  "enum":["a","b"]})"));
        EXPECT_EQ(
            properties["token"],
            json::parse(R"({"type":"string","description":"Of the service","writeOnly":true})"));
    }
}

TEST(Schema, IsAbsentWithoutADeclaration) {
    EXPECT_EQ(load_module("sdk_mini")->components[0]->config_schema, nullptr);
}

TEST(Schema, QuotesWhatJsonWouldMistake) {
    const std::string odd = std::string("a\"b\\c\x01\n/\x7f") + "\xc3\xa4";
    EXPECT_EQ(json::parse(Field::quoted(odd)), odd);
}

}  // namespace
}  // namespace bkt::testing
