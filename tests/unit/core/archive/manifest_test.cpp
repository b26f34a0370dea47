#include "core/archive/manifest.hpp"

#include <gtest/gtest.h>

namespace bkt::archive {
namespace {

Manifest sample() {
    Manifest m;
    m.id = "k3v7qpxw2m4a";
    m.created = *base::parse_rfc3339("2026-11-24T02:00:00Z");
    m.host = "box";
    m.target = {"shop.db",   "0123",   "postgres:15",
                "sha256:ab", "docker", {{"baktainer.backup", "true"}}};
    m.job = "default";
    m.engine = "postgres";
    m.engine_plugin = "baktainer.engine.postgres";
    m.engine_version = "0.1.0";
    m.program_version = "0.1.0";
    m.consistency = "transactional";
    m.settings = {{"db.name", "shöp"}};
    m.facts = {{"server_version", "15.18"}};
    m.parts = {{"shop.dump",
                "shop.dump.zst",
                "application/vnd.postgresql.custom",
                {100, "aa"},
                {50, "bb"},
                {{"compress", "zstd", {{"level", "3"}}}},
                true,
                0}};
    m.duration_ms = 1234;
    return m;
}

TEST(Manifest, ComesBackFromItsJson) {
    const auto parsed = parse_manifest(to_json(sample()));
    ASSERT_TRUE(parsed) << parsed.error().message;
    EXPECT_EQ(*parsed, sample());
    EXPECT_EQ(parsed->folder(), "box/shop.db/default/20261124T020000Z-k3v7qpxw2m4a");
    EXPECT_EQ(parsed->plain_bytes(), 100u);
    EXPECT_EQ(parsed->stored_bytes(), 50u);
}

TEST(Manifest, CutAnywhereIsDamaged) {
    const auto json = to_json(sample());
    for (std::size_t keep = 0; keep + 2 < json.size(); keep += 7) {
        const auto parsed = parse_manifest(std::string_view(json).substr(0, keep));
        ASSERT_FALSE(parsed) << keep;
        EXPECT_EQ(parsed.error().code, Code::corrupt);
    }
}

// What may differ afterwards is only blanks between the words.
TEST(Manifest, OneChangedBitIsNeverReadAsSomethingElse) {
    const auto json = to_json(sample());
    for (std::size_t at = 0; at < json.size(); ++at)
        for (int bit = 0; bit < 8; ++bit) {
            auto changed = json;
            changed[at] = static_cast<char>(changed[at] ^ (1 << bit));
            const auto parsed = parse_manifest(changed);
            if (parsed) {
                EXPECT_EQ(*parsed, sample()) << "bit " << bit << " of byte " << at;
            }
        }
}

TEST(Manifest, RefusesNamesThatLeaveTheirFolder) {
    for (const char* name : {"../../etc/passwd", "/etc/passwd", "", ".hidden", "a/b"}) {
        auto m = sample();
        m.parts[0].object = name;
        EXPECT_FALSE(parse_manifest(to_json(m))) << name;
        m = sample();
        m.target.name = name;
        EXPECT_FALSE(parse_manifest(to_json(m))) << name;
    }
}

TEST(Manifest, OfANewerVersionIsNotGuessedAt) {
    auto json = to_json(sample());
    json.replace(json.find("\"version\": 1"), 12, "\"version\": 2");
    const auto parsed = parse_manifest(json);
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().code, Code::unsupported);
}

}  // namespace
}  // namespace bkt::archive
