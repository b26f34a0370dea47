// A store that says OK before it has read all of a part has not stored it: the part is lost there, and only
// there, and nobody waits for it.
#include <gtest/gtest.h>

#include "core/archive/part_writer.hpp"
#include "tests/fault/storage/wrong_store.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/support/stages.hpp"

namespace bkt::test {
namespace {

class Contented final : public stream::Validator {
public:
    Status feed(Bytes) override { return {}; }
    Status finish() override { return {}; }
};

archive::Store wrong_store(const std::string& wrong, const plugin::CallScope& scope) {
    const plugin::Component component{"test.storage.wrong",
                                      "1",
                                      BKT_KIND_STORAGE,
                                      "wrong",
                                      "",
                                      &detail::StorageOps<WrongStore>::kOps};
    plugin::Grants grants;
    grants.config["wrong"] = wrong;
    return *archive::Store::open("wrong", component, std::move(grants), scope);
}

class ShortPut : public ::testing::Test {
protected:
    base::Cancel cancel_;
    base::Scrubber scrubber_;
    plugin::CallScope scope_{cancel_, scrubber_, std::nullopt, {}};
};

TEST_F(ShortPut, IsNoPutThoughItSaysOk) {
    for (const std::size_t bytes : {std::size_t{150'000}, std::size_t{20'000'000}}) {
        SCOPED_TRACE(bytes);
        const auto wrong = wrong_store("reads half", scope_);
        const auto disk = memory_store("disk", scope_);
        const archive::PartOptions options{"p",
                                           "text/plain",
                                           "box/shop/default/20261124T020000Z-abc",
                                           *config::parse_compression("none"),
                                           stream::Budget{64 << 10, 2, 512 << 10, 1},
                                           0};
        archive::PartWriter writer(options, std::make_unique<Contented>(), {&wrong, &disk}, scope_);
        const auto text = sample(bytes);
        ASSERT_TRUE(writer.input().write(as_bytes(text)));
        const auto outcome = writer.finish(0, bytes);
        ASSERT_TRUE(outcome) << outcome.error().message;
        ASSERT_TRUE(outcome->store_errors[0]) << "half a part passes for a part";
        EXPECT_EQ(outcome->store_errors[0]->code, Code::fault);
        EXPECT_NE(outcome->store_errors[0]->message.find("before it had read all"),
                  std::string::npos)
            << outcome->store_errors[0]->message;
        EXPECT_FALSE(outcome->store_errors[1]);
    }
}

TEST_F(ShortPut, OfAManifestIsNone) {
    const auto wrong = wrong_store("reads half", scope_);
    EXPECT_TRUE(wrong.put_text(scope_, "box/small", std::string(1000, 'x'), false));
    const auto done = wrong.put_text(scope_, "box/large", std::string(300'000, 'x'), false);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::fault);
}

}  // namespace
}  // namespace bkt::test
