#include "plugins/notifiers/webhook/webhook_notifier.hpp"

#include <gtest/gtest.h>

#include "baktainer/testing/fake_host.hpp"

namespace bkt::webhook {
namespace {

using testing::FakeAnswer;
using testing::FakeCall;
using testing::FakeHost;
using testing::FakeRequest;

class WebhookTest : public ::testing::Test {
protected:
    FakeHost host_;
    FakeCall call_{host_.raw()};
    Call told_ = call_.call();

    void SetUp() override {
        host_.config["url"] = "https://me:pw@hooks.example.com:8443/T0ps3cret?k=T0ps3cret";
    }
    Status notify() {
        BKT_LET(const auto notifier, WebhookNotifier::create(told_));
        bkt_event raw{};
        raw.size = sizeof raw;
        raw.key = str("k-1");
        raw.json = str(R"({"type":"run.failed"})");
        return notifier->notify(told_, Event(&raw));
    }
};

TEST_F(WebhookTest, PostsTheEventWithItsKey) {
    ASSERT_TRUE(notify());
    ASSERT_EQ(host_.http.requests.size(), 1u);
    const FakeRequest& r = host_.http.requests[0];
    EXPECT_EQ(r.method, "POST");
    EXPECT_EQ(r.url, host_.config["url"]);
    EXPECT_EQ(r.body, R"({"type":"run.failed"})");
    EXPECT_EQ(r.header("Content-Type"), "application/json");
    EXPECT_EQ(r.header("Idempotency-Key"), "k-1");
    EXPECT_EQ(r.header("Authorization"), "");
    EXPECT_EQ(r.header("X-Baktainer-Signature"), "");
    EXPECT_EQ(host_.metrics["delivered_total"], 1);
}

TEST_F(WebhookTest, SendsTheToken) {
    host_.secrets["token"] = "hunter22";
    ASSERT_TRUE(notify());
    EXPECT_EQ(host_.http.requests[0].header("Authorization"), "Bearer hunter22");
}

TEST_F(WebhookTest, DeliversNothingUnsignedWhenItCannotSign) {
    host_.secrets["signing_key"] = "key";
    // A host that digests nothing.
    host_.granted = {BKT_SERVICE_LOG,  BKT_SERVICE_CONFIG, BKT_SERVICE_SECRET,
                     BKT_SERVICE_HTTP, BKT_SERVICE_CLOCK,  BKT_SERVICE_METRICS};
    const auto done = notify();
    ASSERT_FALSE(done);
    EXPECT_TRUE(host_.http.requests.empty());
}

TEST_F(WebhookTest, CountsWhatFails) {
    host_.http.answer = [](const FakeRequest&) -> Result<FakeAnswer> {
        return FakeAnswer{503, "", {}};
    };
    EXPECT_EQ(notify().error().code, Code::unavailable);
    EXPECT_EQ(host_.metrics["failed_total"], 1);
}

TEST_F(WebhookTest, NamesTheServerAndNothingElseOfTheAddress) {
    host_.secrets["token"] = "hunter22";
    const auto notifier = WebhookNotifier::create(told_);
    ASSERT_TRUE(notifier);
    EXPECT_EQ(*(*notifier)->health(told_), "POSTs to https://hooks.example.com:8443, with a token");
    EXPECT_TRUE(host_.http.requests.empty()) << "a check delivers nothing";
}

TEST_F(WebhookTest, RefusesWhatIsNoWebAddress) {
    for (const char* url : {"", "hooks.example.com", "ftp://h/T0ps3cret", "https://",
                            "https:///T0ps3cret", "T0ps3cret://x"}) {
        host_.config["url"] = url;
        const auto made = WebhookNotifier::create(told_);
        ASSERT_FALSE(made) << url;
        EXPECT_EQ(made.error().code, Code::invalid);
        EXPECT_EQ((made.error().message + made.error().hint).find("T0ps3cret"), std::string::npos);
    }
}

}  // namespace
}  // namespace bkt::webhook
