// A part's way into the stores and back: what is kept, and above all what is not.
#include <gtest/gtest.h>

#include "core/archive/part_reader.hpp"
#include "core/archive/part_writer.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/support/stages.hpp"

namespace bkt::archive {
namespace {

class Saying final : public stream::Validator {
public:
    explicit Saying(std::optional<Error> verdict = {}) : verdict_(std::move(verdict)) {}
    Status feed(Bytes) override { return {}; }
    Status finish() override { return verdict_ ? Status(*verdict_) : Status(); }

private:
    std::optional<Error> verdict_;
};

class PartTest : public ::testing::Test {
protected:
    base::Cancel cancel_;
    base::Scrubber scrubber_;
    plugin::CallScope scope_{cancel_, scrubber_, std::nullopt, {}};
    Store disk_ = test::memory_store("disk", scope_);
    Store nas_ = test::memory_store("nas", scope_);
    std::string plain_ = test::sample(700'000);

    PartOptions options(const char* compression = "zstd:3") {
        return {"shop.dump",
                "text/plain",
                "box/shop/default/20261124T020000Z-abc",
                *config::parse_compression(compression),
                stream::Budget{64 << 10, 2, 512 << 10, 1},
                0};
    }
    std::unique_ptr<PartWriter> writer(std::optional<Error> verdict = {},
                                       const char* compression = "zstd:3") {
        return std::make_unique<PartWriter>(options(compression),
                                            std::make_unique<Saying>(std::move(verdict)),
                                            std::vector<const Store*>{&disk_, &nas_}, scope_);
    }
    void expect_nothing_stored() {
        EXPECT_TRUE(test::shelf("disk").objects.empty());
        EXPECT_TRUE(test::shelf("nas").objects.empty());
    }
};

TEST_F(PartTest, IsStoredEverywhereAndReadBackWhole) {
    for (const char* compression : {"none", "gzip:1", "zstd:3"}) {
        auto w = writer({}, compression);
        ASSERT_TRUE(w->input().write(as_bytes(plain_)));
        const auto outcome = w->finish(0, plain_.size());
        ASSERT_TRUE(outcome) << outcome.error().message;
        EXPECT_EQ(outcome->part.plain.size_bytes, plain_.size());
        for (const auto* store : {&disk_, &nas_}) {
            test::CollectingStage end;
            const auto read =
                read_part(*store, options().folder, outcome->part, end, options().budget, scope_);
            ASSERT_TRUE(read) << compression << ": " << read.error().message;
            EXPECT_EQ(end.text, plain_);
        }
        test::shelf("disk").objects.clear();
        test::shelf("nas").objects.clear();
    }
}

TEST_F(PartTest, LeavesNothingWhenTheToolFailed) {
    auto w = writer();
    ASSERT_TRUE(w->input().write(as_bytes(plain_)));
    EXPECT_FALSE(w->finish(1, plain_.size()));
    expect_nothing_stored();
}

TEST_F(PartTest, LeavesNothingWhenTheValidatorRefuses) {
    auto w = writer(Error{Code::truncated, "no end marker"});
    ASSERT_TRUE(w->input().write(as_bytes(plain_)));
    const auto outcome = w->finish(0, plain_.size());
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, Code::truncated);
    EXPECT_NE(outcome.error().message.find("shop.dump"), std::string::npos);
    expect_nothing_stored();
}

TEST_F(PartTest, LeavesNothingWhenCountsDiffer) {
    auto w = writer();
    ASSERT_TRUE(w->input().write(as_bytes(plain_)));
    const auto outcome = w->finish(0, plain_.size() + 1);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, Code::truncated);
    expect_nothing_stored();
}

TEST_F(PartTest, LeavesNothingWhenAbandonedOrForgotten) {
    auto w = writer();
    ASSERT_TRUE(w->input().write(as_bytes(plain_)));
    w->abandon({Code::cancelled, "stop"});
    w = writer();
    ASSERT_TRUE(w->input().write(as_bytes(plain_)));
    w.reset();
    expect_nothing_stored();
}

TEST_F(PartTest, OneFullStoreDoesNotTakeTheOtherDown) {
    for (const std::size_t room : {std::size_t{0}, std::size_t{1000}, std::size_t{100'000}}) {
        test::shelf("disk").objects.clear();
        test::shelf("nas").objects.clear();
        test::shelf("nas").full_after_bytes = room;
        auto w = writer();
        ASSERT_TRUE(w->input().write(as_bytes(plain_)));
        const auto outcome = w->finish(0, plain_.size());
        ASSERT_TRUE(outcome) << room;
        EXPECT_FALSE(outcome->store_errors[0]);
        ASSERT_TRUE(outcome->store_errors[1]);
        EXPECT_EQ(outcome->store_errors[1]->code, Code::no_space);
        EXPECT_EQ(test::shelf("disk").objects.size(), 1u);
        EXPECT_TRUE(test::shelf("nas").objects.empty());
    }
}

TEST_F(PartTest, FailsWhenEveryStoreIsFullAndStopsTheProducer) {
    test::shelf("disk").full_after_bytes = 1000;
    test::shelf("nas").full_after_bytes = 1000;
    auto w = writer({}, "none");
    Status written;
    for (int i = 0; i < 100 && written; ++i) written = w->input().write(as_bytes(plain_));
    EXPECT_FALSE(written);
    const auto outcome = w->finish(0, UINT64_MAX);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, Code::no_space);
    expect_nothing_stored();
}

TEST_F(PartTest, EveryFlippedBitIsFoundWhenRead) {
    auto w = writer();
    ASSERT_TRUE(w->input().write(as_bytes(plain_)));
    const auto outcome = w->finish(0, plain_.size());
    ASSERT_TRUE(outcome);
    auto& stored = test::shelf("disk").objects.begin()->second;
    for (std::size_t at = 0; at < stored.size(); at += stored.size() / 23) {
        stored[at] = static_cast<char>(stored[at] ^ 1);
        test::CollectingStage end;
        const auto read =
            read_part(disk_, options().folder, outcome->part, end, options().budget, scope_);
        ASSERT_FALSE(read) << at;
        EXPECT_TRUE(read.error().code == Code::corrupt || read.error().code == Code::truncated)
            << at << " " << read.error().message;
        EXPECT_NE(read.error().message.find("shop.dump"), std::string::npos);
        EXPECT_FALSE(end.finished);
        stored[at] = static_cast<char>(stored[at] ^ 1);
    }
    stored.pop_back();
    test::CollectingStage end;
    EXPECT_FALSE(read_part(disk_, options().folder, outcome->part, end, options().budget, scope_));
    EXPECT_FALSE(end.finished);
}

}  // namespace
}  // namespace bkt::archive
