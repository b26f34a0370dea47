// An event as notifiers are told it.
#include "core/report/message.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "baktainer/call.hpp"

namespace bkt::report {
namespace {

using nlohmann::json;
const std::chrono::sys_time<std::chrono::nanoseconds> kAt{std::chrono::seconds(1'795'000'000)};

run::Event failure(const std::string& reason) {
    return {"run.failed",
            {{"target", "shop/db"},
             {"job", "default"},
             {"engine", "postgres"},
             {"code", "failed"},
             {"reason", reason},
             {"hint", "read the log"}}};
}

TEST(Message, SaysItForPeopleAndForPrograms) {
    const Message m = message_of(failure("no space"), "box-1", false, kAt);
    EXPECT_EQ(m.title, "shop/db: backup failed: no space");
    EXPECT_EQ(m.text, "shop/db: backup failed: no space\nWhat to do: read the log\nHost: box-1");
    auto j = json::parse(m.json);
    EXPECT_EQ(j["key"], m.key);
    j.erase("key");
    EXPECT_EQ(
        j, json::parse(R"({"target":"shop/db","job":"default","engine":"postgres","code":"failed",
        "reason":"no space","hint":"read the log","type":"run.failed","severity":"error",
        "time":"2026-11-18T11:06:40Z","title":"shop/db: backup failed: no space","host":"box-1"})"));
    const bkt_event raw = m.raw();
    EXPECT_EQ(raw.severity, BKT_SEVERITY_ERROR);
    EXPECT_EQ(raw.time_ns, 1'795'000'000'000'000'000);
    EXPECT_EQ(view(raw.key), m.key);
}

TEST(Message, HasAKeyOfItsOwn) {
    EXPECT_NE(message_of(failure("x"), "h", false, kAt).key,
              message_of(failure("x"), "h", false, kAt).key);
}

TEST(Message, IsUtf8OnOneLineOfBoundedLength) {
    const Message m = message_of(failure("caf\xe9\nline two\x01 " + std::string(500, 'x') + "ä"),
                                 "h", false, kAt);
    EXPECT_EQ(m.title.find('\n'), std::string::npos);
    EXPECT_LT(m.title.size(), 260u);
    EXPECT_NO_THROW((void)json(m.title + m.text).dump()) << "dump() throws for what is no UTF-8";
    EXPECT_TRUE(json::accept(m.json));
    // A cut never halves a character.
    for (std::size_t n = 200; n < 240; ++n)
        EXPECT_NO_THROW(
            (void)json(
                message_of(failure(std::string(n, 'x') + "äöüäöüäöüäöüäöü"), "h", false, kAt).title)
                .dump());
}

TEST(Message, LetsNoFieldStandForItsOwn) {
    const run::Event event{"plugin.event",
                           {{"type", "run.finished"}, {"host", "evil"}, {"severity", "info"}},
                           run::Severity::error};
    const auto j = json::parse(message_of(event, "box-1", false, kAt).json);
    EXPECT_EQ(j["type"], "plugin.event");
    EXPECT_EQ(j["host"], "box-1");
    EXPECT_EQ(j["severity"], "error");
}

TEST(Message, SaysWhenARowOfFailuresEnds) {
    const run::Event done{"run.finished", {{"target", "db"}, {"job", "default"}, {"backup", "b1"}}};
    const Message m = message_of(done, "h", true, kAt);
    EXPECT_NE(m.title.find("recovered"), std::string::npos);
    EXPECT_EQ(json::parse(m.json)["recovered"], true);
}

}  // namespace
}  // namespace bkt::report
