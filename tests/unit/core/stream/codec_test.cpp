// What zstd and gzip stages promise alike.
#include <gtest/gtest.h>

#include "core/stream/gzip.hpp"
#include "core/stream/zstd.hpp"
#include "tests/support/stages.hpp"

namespace bkt::stream {
namespace {

struct Codec {
    const char* name;
    std::unique_ptr<Stage> (*encoder)(Stage&);
    std::unique_ptr<Stage> (*decoder)(Stage&);
};

const Codec kCodecs[] = {
    {"zstd",
     [](Stage& n) -> std::unique_ptr<Stage> {
         return std::make_unique<ZstdEncoder>(n, ZstdOptions{3, 2, 512u << 10});
     },
     [](Stage& n) -> std::unique_ptr<Stage> { return std::make_unique<ZstdDecoder>(n); }},
    {"gzip", [](Stage& n) -> std::unique_ptr<Stage> { return std::make_unique<GzipEncoder>(n, 6); },
     [](Stage& n) -> std::unique_ptr<Stage> { return std::make_unique<GzipDecoder>(n); }},
};

std::string encoded(const Codec& codec, const std::string& plain, std::size_t chunk) {
    test::CollectingStage end;
    const auto encoder = codec.encoder(end);
    EXPECT_TRUE(test::feed(*encoder, plain, chunk));
    EXPECT_TRUE(encoder->finish());
    EXPECT_TRUE(end.finished);
    return end.text;
}

// The plain bytes, or nothing when the decoder refused.
std::optional<std::string> decoded(const Codec& codec, std::string_view stored, std::size_t chunk) {
    test::CollectingStage end;
    const auto decoder = codec.decoder(end);
    if (!test::feed(*decoder, stored, chunk) || !decoder->finish()) {
        EXPECT_FALSE(end.finished) << codec.name;
        return std::nullopt;
    }
    return end.text;
}

TEST(Codec, BringsEveryByteBack) {
    for (const auto& codec : kCodecs)
        for (const std::size_t size : {0u, 1u, 4095u, 300'000u, 3'000'000u})
            for (const std::size_t chunk : {997u, 65536u}) {
                const auto plain = test::sample(size);
                EXPECT_EQ(decoded(codec, encoded(codec, plain, chunk), chunk), plain)
                    << codec.name << " " << size;
            }
}

TEST(Codec, RefusesACutStream) {
    for (const auto& codec : kCodecs) {
        const auto stored = encoded(codec, test::sample(200'000), 65536);
        for (const std::size_t keep : {std::size_t{0}, std::size_t{1}, std::size_t{10},
                                       stored.size() / 2, stored.size() - 4, stored.size() - 1})
            EXPECT_FALSE(decoded(codec, std::string_view(stored).substr(0, keep), 4096))
                << codec.name << " cut at " << keep << " of " << stored.size();
    }
}

TEST(Codec, RefusesAFlippedBit) {
    for (const auto& codec : kCodecs) {
        const auto plain = test::sample(200'000);
        auto stored = encoded(codec, plain, 65536);
        for (std::size_t at = 10; at < stored.size(); at += stored.size() / 17) {
            stored[at] = static_cast<char>(stored[at] ^ 4);
            EXPECT_NE(decoded(codec, stored, 4096), plain) << codec.name << " at " << at;
            stored[at] = static_cast<char>(stored[at] ^ 4);
        }
    }
}

TEST(Codec, RefusesGarbageAfterTheEnd) {
    for (const auto& codec : kCodecs)
        EXPECT_FALSE(decoded(codec, encoded(codec, "text", 4) + "garbage", 4096)) << codec.name;
}

TEST(Codec, ReadsWhatThePartsOfOneFileConcatenatedGive) {
    for (const auto& codec : kCodecs)
        EXPECT_EQ(decoded(codec, encoded(codec, "one ", 4) + encoded(codec, "two", 4), 3),
                  "one two")
            << codec.name;
}

TEST(Codec, PassesOnWhatTheNextStageSays) {
    for (const auto& codec : kCodecs) {
        test::CollectingStage end;
        end.fail_after_bytes = 100;
        const auto encoder = codec.encoder(end);
        Status outcome = test::feed(*encoder, test::sample(3'000'000), 65536);
        if (outcome) outcome = encoder->finish();
        ASSERT_FALSE(outcome) << codec.name;
        EXPECT_EQ(outcome.error().code, Code::no_space);
    }
}

}  // namespace
}  // namespace bkt::stream
