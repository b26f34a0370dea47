// Digests of published examples, by the host and by the fake one that plugins are tested with.
#include "baktainer/testing/fake_host.hpp"
#include "tests/unit/core/plugin/services/fixture.hpp"

namespace bkt::plugin {
namespace {

class HashTest : public ServicesTest, public ::testing::WithParamInterface<bool> {
protected:
    testing::FakeHost fake_host_;
    testing::FakeCall fake_call_{fake_host_.raw()};
    const Call call_ = GetParam() ? fake_call_.call() : ask_.call;
};
INSTANTIATE_TEST_SUITE_P(By, HashTest, ::testing::Bool(),
                         [](const auto& info) { return info.param ? "TheFakeHost" : "TheHost"; });

TEST_P(HashTest, GivesThePublishedDigests) {
    struct Case {
        const char *algorithm, *text, *hex;
    };
    for (const Case& c : {
             Case{
                 "sha256", "abc",
                 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},  // FIPS 180-4
             {"sha256", "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
             {"sha1", "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"},
             {"md5", "abc", "900150983cd24fb0d6963f7d28e17f72"},  // RFC 1321
             {"crc32c", "123456789", "e3069283"},  // RFC 3720's polynomial, the usual check
             {"crc32c", "", "00000000"},
         }) {
        SCOPED_TRACE(std::string(c.algorithm) + " of '" + c.text + "'");
        auto whole = call_.hash(c.algorithm);
        ASSERT_TRUE(whole);
        EXPECT_EQ(whole->add(c.text).hex(), c.hex);
        auto pieces = call_.hash(c.algorithm);
        for (const char* p = c.text; *p; ++p) pieces->add(std::string_view(p, 1));
        EXPECT_EQ(pieces->hex(), c.hex);
    }
    EXPECT_EQ(call_.hash("sha512").error().code, Code::unsupported);
}

TEST_P(HashTest, GivesThePublishedKeyedDigests) {  // RFC 4231 and RFC 2202, cases 1, 2 and 6
    auto one = call_.hmac("sha256", std::string(20, '\x0b'));
    EXPECT_EQ(one->add("Hi There").hex(),
              "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    auto two = call_.hmac("sha256", "Jefe");
    EXPECT_EQ(two->add("what do ya want ").add("for nothing?").hex(),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    auto six = call_.hmac("sha256", std::string(131, '\xaa'));
    EXPECT_EQ(six->add("Test Using Larger Than Block-Size Key - Hash Key First").hex(),
              "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    auto sha1 = call_.hmac("sha1", "Jefe");
    EXPECT_EQ(sha1->add("what do ya want for nothing?").hex(),
              "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    auto empty = call_.hmac("sha256", "");
    EXPECT_EQ(empty->add("").hex(),
              "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
    EXPECT_EQ(call_.hmac("crc32c", "k").error().code, Code::unsupported);
}

}  // namespace
}  // namespace bkt::plugin
