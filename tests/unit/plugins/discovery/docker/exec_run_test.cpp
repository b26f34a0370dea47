// What an engine that misbehaves can make of a tool's run: anything but a success.
#include "plugins/discovery/docker/exec_run.hpp"

#include <gtest/gtest.h>

#include "baktainer/testing/fake_host.hpp"
#include "baktainer/testing/memory_stream.hpp"
#include "plugins/discovery/docker/exec_end.hpp"
#include "tests/unit/plugins/discovery/docker/scripted_engine.hpp"

namespace bkt::docker {
namespace {

const std::string kMade = answered(201, R"({"Id":"e1"})");
const std::string kUpgraded = "HTTP/1.1 101 UPGRADED\r\nUpgrade: tcp\r\n\r\n";
const std::string kGood = R"({"Running":false,"ExitCode":0})";
const std::string kEnded = answered(200, R"({"Running":false,"ExitCode":137})");

struct Script {
    std::string made = kMade;
    std::string stream = kUpgraded + frame(1, "hello");
    std::string inspected = answered(200, kGood);  // the first time; kEnded later
};

struct Ran {
    Result<ExecOutcome> outcome;
    std::string out;
    std::vector<std::string> requests;
};

Ran run(const Script& script, std::size_t chunk_bytes = 1 << 20) {
    int inspections = 0;
    ScriptedEngine engine(
        [&](const std::string& request) {
            if (request.starts_with("GET /version")) return kVersion;
            if (request.starts_with("POST /v1.41/containers/box/exec")) return script.made;
            if (request.starts_with("POST /v1.41/exec/e1/start")) return script.stream;
            return inspections++ == 0 ? script.inspected : kEnded;
        },
        chunk_bytes);
    testing::FakeHost host;
    testing::FakeCall fake(host.raw());
    Call call = fake.call();
    Api api(engine.endpoint(), "");
    testing::MemorySink sink;
    ExecRequest request;
    request.target = "box";
    request.argv = {"pg_dump"};
    request.out.emplace(sink.raw());
    auto outcome = run_exec(api, call, request, Transport::stream);
    return {std::move(outcome), sink.text, engine.requests()};
}

TEST(RunExec, SucceedsOnAWholeStreamAndAKnownEnd) {
    for (const std::size_t chunk : {1u, 7u, 1u << 20}) {
        const auto ran = run(
            {.stream = kUpgraded + frame(1, "hel") + frame(2, "note\n") + frame(1, "lo")}, chunk);
        ASSERT_TRUE(ran.outcome) << ran.outcome.error().message;
        EXPECT_EQ(ran.outcome->exit_code, 0);
        EXPECT_EQ(ran.outcome->how, static_cast<std::uint32_t>(BKT_EXIT_INSPECTED));
        EXPECT_EQ(ran.outcome->stdout_bytes, 5u);
        EXPECT_EQ(ran.outcome->stderr_tail, "note\n");
        EXPECT_EQ(ran.out, "hello");
    }
}

// The engine closes with input unread; what the tool said before and its exit status still count.
TEST(RunExec, LetsTheExitJudgeAToolThatLeavesItsInputUnread) {
    const struct {
        const char *title, *inspected;
        std::string stream;
        int exit_code;
        std::optional<Code> code;
    } kCases[] = {
        {"it had enough", R"({"Running":false,"ExitCode":0})", frame(1, "hello"), 0, {}},
        {"it failed", R"({"Running":false,"ExitCode":3})", frame(1, "hello"), 3, {}},
        {"its last word is cut", R"({"Running":false,"ExitCode":0})",
         frame(1, "hello").substr(0, 9), 0, Code::truncated},
    };
    for (const auto& c : kCases) {
        SCOPED_TRACE(c.title);
        ScriptedEngine engine([&](const std::string& request) {
            if (request.starts_with("GET /version")) return kVersion;
            if (request.starts_with("POST /v1.41/containers/box/exec")) return kMade;
            if (request.starts_with("POST /v1.41/exec/e1/start")) return kUpgraded + c.stream;
            return answered(200, c.inspected);
        });
        engine.leaves_input_unread();
        testing::FakeHost host;
        testing::FakeCall fake(host.raw());
        Call call = fake.call();
        Api api(engine.endpoint(), "");
        testing::MemorySource input(std::string(1 << 20, 'x'));
        testing::MemorySink sink;
        ExecRequest request;
        request.target = "box";
        request.argv = {"head", "-c", "5"};
        request.in.emplace(input.raw());
        request.out.emplace(sink.raw());
        const auto outcome = run_exec(api, call, request, Transport::stream);
        if (c.code) {
            ASSERT_FALSE(outcome);
            EXPECT_EQ(outcome.error().code, *c.code) << outcome.error().message;
            continue;
        }
        ASSERT_TRUE(outcome) << outcome.error().message;
        EXPECT_EQ(outcome->exit_code, c.exit_code);
        EXPECT_EQ(sink.text, "hello");
    }
}

// A byte the engine's JSON cannot carry would arrive as another: another command, another password.
TEST(RunExec, RefusesWordsThatTheEngineCannotTake) {
    for (const std::string& word :
         {std::string("a\0b", 3), std::string("\xff"), std::string("\xc3")})
        for (const bool in_env : {false, true}) {
            const ScriptedEngine engine([](const std::string&) { return kVersion; });
            testing::FakeHost host;
            testing::FakeCall fake(host.raw());
            Call call = fake.call();
            Api api(engine.endpoint(), "");
            ExecRequest request;
            request.target = "box";
            request.argv = {"pg_dump"};
            (in_env ? request.env : request.argv).push_back("PGPASSWORD=" + word);
            const auto outcome = run_exec(api, call, request, Transport::stream);
            ASSERT_FALSE(outcome);
            EXPECT_EQ(outcome.error().code, Code::invalid);
            EXPECT_EQ(outcome.error().message.find(word), std::string::npos);
            for (const auto& r : engine.requests()) EXPECT_FALSE(r.starts_with("POST")) << r;
        }
}

TEST(RunExec, NeverTakesLessForASuccess) {
    const auto with_stream = [](std::string stream) { return Script{.stream = std::move(stream)}; };
    const auto with_state = [](std::string answer) {
        return Script{.inspected = std::move(answer)};
    };
    const std::string two = kUpgraded + frame(1, "hello") + frame(1, "world");
    const struct {
        const char* name;
        Script script;
        Code code;
    } kCases[] = {
        {"cut in a frame's head", with_stream(two.substr(0, two.size() - 9)), Code::truncated},
        {"cut after a frame's head", with_stream(two.substr(0, two.size() - 5)), Code::truncated},
        {"cut in a payload", with_stream(two.substr(0, two.size() - 1)), Code::truncated},
        {"a page instead of frames", with_stream("HTTP/1.1 200 OK\r\n\r\n<html>"), Code::truncated},
        {"the engine's own complaint", with_stream(kUpgraded + frame(3, "out of disk")),
         Code::failed},
        {"a stream in chunks",
         with_stream("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n"),
         Code::unsupported},
        {"no answer to the start", with_stream(""), Code::unavailable},
        {"an end nobody knows", with_state(answered(200, R"({"Running":false,"ExitCode":null})")),
         Code::unavailable},
        {"an end without a code", with_state(answered(200, R"({"Running":false})")),
         Code::unavailable},
        {"a code that is none", with_state(answered(200, R"({"Running":false,"ExitCode":"0"})")),
         Code::unavailable},
        {"a state that is none", with_state(answered(200, R"({"Running":"no","ExitCode":0})")),
         Code::unavailable},
        {"no state at all", with_state(answered(200, R"({"ExitCode":0})")), Code::unavailable},
        {"a list for a state", with_state(answered(200, "[]")), Code::unavailable},
        {"nothing for a state", with_state(answered(200, "")), Code::unavailable},
        {"no JSON for a state", with_state(answered(200, "<html>")), Code::unavailable},
        {"half a state", with_state(answered(200, kGood).substr(0, 50)), Code::unavailable},
        {"no such exec", with_state(answered(404, "{}")), Code::unavailable},
        {"an engine in trouble", with_state(answered(500, "{}")), Code::failed},
        {"an exec without an id", {.made = answered(201, "{}")}, Code::unavailable},
        {"an exec whose id is none", {.made = answered(201, R"({"Id":7})")}, Code::unavailable},
        {"a list for an exec", {.made = answered(201, "[]")}, Code::unavailable},
        {"nothing for an exec", {.made = answered(201, "")}, Code::unavailable},
        {"no such container", {.made = answered(404, R"({"message":"none"})")}, Code::not_found},
        {"a paused container",
         {.made = answered(409, R"({"message":"paused"})")},
         Code::unavailable},
        {"stopped in between", with_stream(answered(409, R"({"message":"not running"})")),
         Code::unavailable},
        {"a tool refused at the start",
         with_stream(answered(
             400,
             R"({"message":"OCI runtime exec failed: exec failed: exec: \"pg_dump\": executable file not found in $PATH"})")),
         Code::not_found},
        {"a start refused for another reason",
         with_stream(answered(500, R"({"message":"OCI runtime exec failed: no memory left"})")),
         Code::failed},
    };
    for (const auto& c : kCases) {
        const auto ran = run(c.script);
        ASSERT_FALSE(ran.outcome) << c.name;
        EXPECT_EQ(ran.outcome.error().code, c.code)
            << c.name << ": " << ran.outcome.error().message;
        EXPECT_FALSE(ran.outcome.error().message.empty()) << c.name;
    }
}

// 126 and 127 alone say nothing: the tool may have them of its own.
TEST(RunExec, TellsTheEnginesComplaintFromTheToolsOwnExit) {
    const std::string missing =
        "OCI runtime exec failed: exec failed: exec: \"pg_dump\": executable file not found in "
        "$PATH: unknown\r\n";
    const std::string other = "OCI runtime exec failed: exec failed: argument list too long\r\n";
    const auto ended = [](int code) {
        return answered(200, R"({"Running":false,"ExitCode":)" + std::to_string(code) + "}");
    };
    const struct {
        const char* name;
        unsigned char stream;
        std::string text;
        int exit_code;
        std::optional<Code> code;
        const char* message;
    } kCases[] = {
        {"Docker, no such tool", 1, missing, 126, Code::not_found, "no 'pg_dump'"},
        {"Docker, no such tool, later", 1, missing, 127, Code::not_found, "no 'pg_dump'"},
        {"Podman, no such tool", 2,
         "Error: crun: executable file `pg_dump` not found in $PATH: No such file or directory",
         127, Code::not_found, "no 'pg_dump'"},
        {"Docker, cannot start it", 1, other, 126, Code::failed, "argument list too long"},
        {"Docker, no such user", 1,
         "unable to find user oracle: no matching entries in passwd file\r\n", 126, Code::failed,
         "unable to find user oracle"},
        {"the tool's own 126", 1, "some rows", 126, {}, ""},
        {"the tool's own 127", 2, "sh: pg_dumpp: not found", 127, {}, ""},
        {"the same words of a tool that went well", 1, missing, 0, {}, ""},
    };
    for (const auto& c : kCases) {
        const auto ran =
            run({.stream = kUpgraded + frame(c.stream, c.text), .inspected = ended(c.exit_code)});
        ASSERT_EQ(ran.outcome.has_value(), !c.code) << c.name;
        if (ran.outcome) {
            EXPECT_EQ(ran.outcome->exit_code, c.exit_code) << c.name;
            continue;
        }
        EXPECT_EQ(ran.outcome.error().code, *c.code) << c.name;
        EXPECT_NE(ran.outcome.error().message.find(c.message), std::string::npos)
            << c.name << ": " << ran.outcome.error().message;
    }
}

// The engine says yes to a start before anything runs, so "runs not" is not "has ended".
TEST(EndExec, WaitsForAToolThatIsStillToCome) {
    std::atomic<int> asked = 0;
    std::atomic<bool> signalled = false;
    ScriptedEngine engine([&](const std::string& request) {
        if (request.starts_with("GET /version")) return kVersion;
        if (request.starts_with("POST /v1.41/containers/box/exec")) return kMade;
        if (request.starts_with("POST")) return signalled = true, answered(200, "");
        if (signalled) return answered(200, R"({"Running":false,"ExitCode":143})");
        if (asked++ < 3) return answered(200, R"({"Running":false,"ExitCode":null})");
        return answered(200, R"({"Running":true,"ExitCode":null})");
    });
    Api api(engine.endpoint(), "");
    EXPECT_TRUE(end_exec(api, {"e9", "box", "postgres", "no-process-has-this-mark"}));
    EXPECT_TRUE(signalled);
    std::string inside;
    for (const auto& request : engine.requests())
        if (request.starts_with("POST /v1.41/containers/box/exec")) inside += request;
    EXPECT_NE(inside.find("BAKTAINER_EXEC_ID=no-process-has-this-mark"), std::string::npos);
    EXPECT_NE(inside.find(R"("User":"postgres")"), std::string::npos);
}

TEST(EndExec, SaysWhenItCouldNot) {
    ScriptedEngine engine([&](const std::string& request) {
        if (request.starts_with("GET /version")) return kVersion;
        if (request.starts_with("GET")) return answered(200, R"({"Running":true})");
        return answered(500, "{}");
    });
    Api api(engine.endpoint(), "");
    EXPECT_FALSE(end_exec(api, {"e9", "box", "", "no-process-has-this-mark"}));
}

}  // namespace
}  // namespace bkt::docker
