#include "plugins/discovery/docker/events.hpp"

#include <gtest/gtest.h>

#include "baktainer/testing/fake_host.hpp"
#include "plugins/discovery/docker/event_lines.hpp"
#include "tests/unit/plugins/discovery/docker/scripted_engine.hpp"

namespace bkt::docker {
namespace {

TEST(EventLines, AreWholeWhereverTheSocketCutsThem) {
    const std::string text = "{\"a\":1}\n\n{\"b\":\"long enough\"}\n{\"unfinished";
    for (const std::size_t chunk : {1u, 7u, 1u << 20}) {
        EventLines lines;
        std::vector<std::string> got;
        for (std::size_t at = 0; at < text.size(); at += chunk) {
            ASSERT_TRUE(lines.add(std::string_view(text).substr(at, chunk)));
            while (auto line = lines.next()) got.push_back(*line);
        }
        EXPECT_EQ(got, (std::vector<std::string>{"{\"a\":1}", "", "{\"b\":\"long enough\"}"}));
    }
}

TEST(EventLines, AreBounded) {
    EventLines lines;
    EXPECT_TRUE(lines.add(std::string(EventLines::kMaxLineBytes, 'x')));
    EXPECT_FALSE(lines.add("x"));
    EventLines many;  // many short ones are no long one
    std::string flood;
    for (int i = 0; i < 300'000; ++i) flood += "short\n";
    EXPECT_TRUE(many.add(flood));
}

std::string chunked(const std::string& body) {
    char size[32];
    std::snprintf(size, sizeof size, "%zx\r\n", body.size());
    return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + (size + body) + "\r\n";
}

using Heard = std::vector<std::pair<Change, std::string>>;

struct Watched {
    Heard heard;
    Error error{Code::bug, ""};
};

// Listens until `enough` changes are heard, then cancels.
Watched watch(ScriptedEngine& engine, std::size_t enough) {
    testing::FakeHost host;
    testing::FakeCall fake(host.raw());
    Call call = fake.call();
    Api api(engine.endpoint(), "");
    Watched watched;
    const auto status = watch_events(api, call, [&](Change change, std::string_view id) -> Status {
        watched.heard.emplace_back(change, id);
        if (watched.heard.size() == enough) fake.cancel();
        return {};
    });
    if (!status) watched.error = status.error();
    return watched;
}

// A scan made after "resync" misses nothing, so it may not come before the engine listens to us again.
TEST(WatchEvents, SaysResyncWheneverItBeganToListen) {
    std::atomic<int> asked = 0;
    ScriptedEngine engine([&](const std::string& request) -> std::string {
        if (request.starts_with("GET /version")) return kVersion;
        switch (asked++) {
            case 0: return chunked("{\"Action\":\"start\",\"Actor\":{\"ID\":\"one\"}}\n");
            case 1: return answered(503, "{\"message\":\"starting up\"}");
            case 2: return "";
            default: return chunked("{\"Action\":\"die\",\"Actor\":{\"ID\":\"one\"}}\n");
        }
    });
    const auto watched = watch(engine, 4);
    EXPECT_EQ(watched.heard, (Heard{{Change::resync, ""},
                                    {Change::added, "one"},
                                    {Change::resync, ""},
                                    {Change::removed, "one"}}));
    EXPECT_EQ(watched.error.code, Code::cancelled);
    EXPECT_EQ(asked, 4);
}

TEST(WatchEvents, PassesOverWhatIsNoEvent) {
    ScriptedEngine engine([&](const std::string& request) {
        if (request.starts_with("GET /version")) return kVersion;
        return chunked(
            "\nnull\n[]\n7\n\"start\"\nnot json\n{}\n{\"Action\":7}\n{\"Action\":\"exec_start: "
            "start\"}\n{\"Action\":\"start\",\"Actor\":[]}\n{\"Action\":\"start\",\"Actor\":{"
            "\"ID\":"
            "\"x\"}}\n");
    });
    EXPECT_EQ(watch(engine, 3).heard,
              (Heard{{Change::resync, ""}, {Change::added, ""}, {Change::added, "x"}}));
}

TEST(WatchEvents, EndsWhenItIsRefused) {
    // By the engine, for good:
    ScriptedEngine engine([&](const std::string& request) {
        return request.starts_with("GET /version") ? kVersion : answered(403, "forbidden");
    });
    const auto refused = watch(engine, 99);
    EXPECT_EQ(refused.error.code, Code::denied);
    EXPECT_TRUE(refused.heard.empty());

    // By the listener, whatever its reason:
    ScriptedEngine fine([&](const std::string& request) {
        return request.starts_with("GET /version") ? kVersion : chunked("{}\n");
    });
    testing::FakeHost host;
    testing::FakeCall fake(host.raw());
    Call call = fake.call();
    Api api(fine.endpoint(), "");
    int told = 0;
    const auto status = watch_events(api, call, [&](Change, std::string_view) -> Status {
        if (++told > 1) fake.cancel();
        return Error{Code::unavailable, "the listener has had enough"};
    });
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().message, "the listener has had enough");
    EXPECT_EQ(told, 1);
}

}  // namespace
}  // namespace bkt::docker
