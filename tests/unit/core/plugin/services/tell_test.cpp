// What plugins say of themselves: numbers, events, the thread they are on; all of it bounded.
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <cmath>
#include <sstream>

#include "core/plugin/thread_tag.hpp"
#include "tests/unit/core/plugin/services/fixture.hpp"

namespace bkt::plugin {
namespace {

class TellTest : public ServicesTest {
protected:
    std::vector<PluginEvent> events_;
    void SetUp() override {
        facilities_->on_event = [this](const PluginEvent& e) { events_.push_back(e); };
    }
};

TEST_F(TellTest, CountsAndMeasures) {
    auto& call = ask_.call;
    call.metric_add("requests_total");
    call.metric_add("requests_total", 2);
    call.metric_set("latency_seconds", 0.5);
    call.metric_set("latency_seconds", 0.25);
    for (const char* bad : {"", "With-Dash", "CAPS", "a b", "a\n"}) call.metric_add(bad);
    call.metric_add("requests_total", -1);
    call.metric_add("requests_total", NAN);
    call.metric_set("requests_total", 7);
    const std::vector<Metric> expected{{"mine", "latency_seconds", false, 0.25},
                                       {"mine", "requests_total", true, 3}};
    EXPECT_EQ(facilities_->metrics.all(), expected);
}

TEST_F(TellTest, KeepsAHundredNumbersOfEachComponent) {
    for (int i = 0; i < 150; ++i) ask_.call.metric_add("n_" + std::to_string(i));
    Asked other(scope_, grants_of("other"));
    other.call.metric_add("mine_total");
    EXPECT_EQ(facilities_->metrics.all().size(), 101u);
}

TEST_F(TellTest, PassesEventsOnScrubbedAndNamed) {
    ask_.host.grants().scrubber->add(base::Secret("hunter22"));
    ask_.call.event(Severity::warning, "token.old", "the token hunter22 ends tomorrow");
    ask_.call.event(Severity::info, "Bad Name", "lost");
    ask_.call.event(Severity::info, "long", std::string(10'000, 'x'));
    ASSERT_EQ(events_.size(), 2u);
    EXPECT_EQ(events_[0].plugin, "com.acme.x");
    EXPECT_EQ(events_[0].kind, "notifier");
    EXPECT_EQ(events_[0].severity, BKT_SEVERITY_WARNING);
    EXPECT_EQ(events_[0].name, "token.old");
    EXPECT_EQ(events_[0].text, "the token *** ends tomorrow");
    EXPECT_EQ(events_[1].text.size(), 4096u);
}

// A plugin of tomorrow may have more levels than this host: none of its lines is lost or made light of.
TEST_F(TellTest, TakesAnUnknownLevelForTheWorst) {
    std::ostringstream lines;
    auto logger = std::make_shared<spdlog::logger>(
        "t", std::make_shared<spdlog::sinks::ostream_sink_mt>(lines));
    logger->set_pattern("%l %v");
    const auto before = spdlog::default_logger();
    spdlog::set_default_logger(logger);
    const auto* log = ask_.call.service<bkt_log>(BKT_SERVICE_LOG);
    for (const std::int32_t level : {99, -99, std::int32_t{BKT_LOG_WARNING}})
        log->log(ask_.call.host(), level, str("said"));
    spdlog::set_default_logger(before);
    EXPECT_EQ(lines.str(),
              "error plugin=com.acme.x said\nerror plugin=com.acme.x said\n"
              "warning plugin=com.acme.x said\n");
}

TEST_F(TellTest, DropsAFloodOfEvents) {
    for (int i = 0; i < 1000; ++i) ask_.call.event(Severity::info, "again", "");
    EXPECT_EQ(events_.size(), 60u);
}

TEST_F(TellTest, KnowsItsThread) {
    EXPECT_EQ(ask_.call.thread(), static_cast<std::uint32_t>(BKT_THREAD_OTHER));
    const ThreadTag op(BKT_THREAD_OP);
    {
        const ThreadTag tap(BKT_THREAD_PIPELINE);
        EXPECT_EQ(ask_.call.thread(), static_cast<std::uint32_t>(BKT_THREAD_PIPELINE));
    }
    EXPECT_EQ(ask_.call.thread(), static_cast<std::uint32_t>(BKT_THREAD_OP));
}

}  // namespace
}  // namespace bkt::plugin
