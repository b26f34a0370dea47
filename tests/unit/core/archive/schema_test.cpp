// docs/formats/manifest.schema.json and the manifest name the same fields.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "core/archive/manifest.hpp"

namespace bkt::archive {
namespace {

using nlohmann::json;

std::set<std::string> keys_of(const json& object) {
    std::set<std::string> keys;
    for (const auto& [key, value] : object.items()) keys.insert(key);
    return keys;
}

std::set<std::string> required_of(const json& schema) {
    return schema.at("required").get<std::set<std::string>>();
}

TEST(ManifestSchema, RequiresWhatEveryManifestHolds) {
    Manifest m;
    m.parts.emplace_back();
    m.parts[0].layers.push_back({"compress", "zstd", {}});
    const json written = json::parse(to_json(m));
    const json schema =
        json::parse(std::ifstream(BAKTAINER_SOURCE_DIR "/docs/formats/manifest.schema.json"));
    const json& part = schema.at("properties").at("parts").at("items");
    EXPECT_EQ(required_of(schema), keys_of(written));
    EXPECT_EQ(keys_of(schema.at("properties")), keys_of(written));
    EXPECT_EQ(required_of(schema.at("properties").at("target")), keys_of(written.at("target")));
    EXPECT_EQ(required_of(part), keys_of(written.at("parts").at(0)));
    EXPECT_EQ(required_of(schema.at("$defs").at("digest")),
              keys_of(written.at("parts").at(0).at("plain")));
}

}  // namespace
}  // namespace bkt::archive
