// A notifier's queue: in order, retried only where that helps, and never longer than it may.
#include "core/report/delivery.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "baktainer/plugin.hpp"
#include "core/plugin/facilities.hpp"
#include "tests/support/temp_dir.hpp"

namespace bkt::report {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

// What the scripted notifier does, and has done; one test at a time.
struct Script {
    std::mutex mutex;
    std::vector<Error> answers;  // one an attempt, then success
    std::vector<std::string> told;
    unsigned attempts = 0;
    std::chrono::milliseconds takes{0};
    bool heeds_cancel = true;
    std::atomic<bool> returned = false;
};
Script* script = nullptr;

struct Scripted final : bkt::Notifier {
    explicit Scripted(Call&) {}
    Status notify(Call& c, const bkt::Event& e) override {
        Script& s = *script;
        for (const auto until = Clock::now() + s.takes; Clock::now() < until;) {
            if (s.heeds_cancel && c.cancelled()) return Error{Code::cancelled, "cancelled"};
            std::this_thread::sleep_for(5ms);
        }
        s.returned = true;
        const std::lock_guard lock(s.mutex);
        ++s.attempts;
        if (!s.answers.empty()) {
            Error error = s.answers.front();
            s.answers.erase(s.answers.begin());
            return error;
        }
        s.told.emplace_back(e.type());
        return {};
    }
};

class DeliveryTest : public ::testing::Test {
protected:
    Script script_;
    test::TempDir state_;
    std::mutex mutex_;
    std::vector<std::string> failures_;  // "type: reason"

    void SetUp() override { script = &script_; }

    DeliveryOptions options(std::chrono::milliseconds timeout = 5s) {
        plugin::Component component;
        component.module = "test.notifier";
        component.kind = BKT_KIND_NOTIFIER;
        component.name = "scripted";
        component.ops = &detail::NotifierOps<Scripted>::kOps;
        DeliveryOptions o;
        o.name = "ops";
        o.timeout = timeout;
        o.first_pause = 20ms;
        o.facilities = std::make_shared<plugin::Facilities>(state_.path());
        o.open = [component](const plugin::CallScope& scope) {
            return Notifier::open("ops", component, {}, scope);
        };
        o.failed = [this](const Message& m, const Error& e) {
            const std::lock_guard lock(mutex_);
            failures_.push_back(m.type + ": " + e.message);
        };
        return o;
    }
    static Message message(const std::string& type) {
        Message m;
        m.type = type;
        return m;
    }
};

TEST_F(DeliveryTest, TellsInOrder) {
    Delivery delivery(options());
    std::vector<std::string> all;
    for (int i = 0; i < 50; ++i) {
        all.push_back(std::to_string(i));
        delivery.add(message(all.back()));
    }
    delivery.settle(5s);
    EXPECT_EQ(script_.told, all);
    EXPECT_TRUE(failures_.empty());
}

TEST_F(DeliveryTest, TriesAgainOnlyWhatMayPass) {
    struct Case {
        const char* name;
        Code code;
        unsigned attempts;
    };
    for (const Case& c : {Case{"not reachable now", Code::unavailable, 3},
                          {"bad credentials", Code::denied, 1},
                          {"bad address", Code::invalid, 1},
                          {"a bug", Code::bug, 1},
                          {"late", Code::timeout, 1}}) {
        SCOPED_TRACE(c.name);
        script_.attempts = 0, script_.told.clear(), failures_.clear();
        script_.answers.assign(2, Error{c.code, "no"});
        Delivery delivery(options());
        delivery.add(message("a"));
        delivery.settle(5s);
        EXPECT_EQ(script_.attempts, c.attempts);
        EXPECT_EQ(failures_.size(), c.attempts == 1 ? 1u : 0u);
        script_.answers.clear();
    }
}

TEST_F(DeliveryTest, WaitsAsLongAsTheServerAsks) {
    Error later{Code::unavailable, "busy"};
    later.retry_after_ms = 300;
    script_.answers = {later};
    Delivery delivery(options());
    const auto began = Clock::now();
    delivery.add(message("a"));
    delivery.settle(5s);
    EXPECT_GE(Clock::now() - began, 300ms);
    EXPECT_EQ(script_.told.size(), 1u);
}

TEST_F(DeliveryTest, GivesUpWhenTheServerAsksForMoreThanThereIs) {
    Error later{Code::unavailable, "busy"};
    later.retry_after_ms = 60'000;
    script_.answers = {later};
    Delivery delivery(options(2s));
    const auto began = Clock::now();
    delivery.add(message("a"));
    delivery.add(message("b"));
    delivery.settle(5s);
    EXPECT_LT(Clock::now() - began, 1s);
    EXPECT_EQ(failures_, std::vector<std::string>{"a: busy"});
    EXPECT_EQ(script_.told, std::vector<std::string>{"b"});
}

TEST_F(DeliveryTest, EndsInTimeWhateverThePluginDoes) {
    struct Case {
        const char* name;
        bool heeds_cancel;
    };
    for (const Case& c : {Case{"it heeds its deadline", true}, {"it does not", false}}) {
        SCOPED_TRACE(c.name);
        failures_.clear();
        script_.returned = false;
        script_.takes = 4s;
        script_.heeds_cancel = c.heeds_cancel;
        const auto began = Clock::now();
        {
            Delivery delivery(options(60s));
            delivery.add(message("a"));
            delivery.add(message("b"));
            delivery.settle(200ms);
            EXPECT_EQ(failures_.size(), 2u) << "each that was not told is named";
        }
        EXPECT_LT(Clock::now() - began, 5s);
        // The one that was left behind must be gone before its script is.
        while (!c.heeds_cancel && !script_.returned) std::this_thread::sleep_for(20ms);
        std::this_thread::sleep_for(50ms);
    }
}

TEST_F(DeliveryTest, BoundsWhatWaits) {
    script_.takes = 300ms;
    Delivery delivery(options());
    for (std::size_t i = 0; i < kMaxWaitingMessages + 10; ++i) delivery.add(message("a"));
    EXPECT_GE(failures_.size(), 9u);
    EXPECT_NE(failures_.front().find("too many"), std::string::npos);
    delivery.settle(0ms);
}

}  // namespace
}  // namespace bkt::report
