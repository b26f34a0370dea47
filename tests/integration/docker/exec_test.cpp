// Tools run in real containers: what arrives, how an end is told from a cut, how a tool is ended.
#include <thread>

#include "core/stream/digest.hpp"
#include "tests/integration/docker/opened.hpp"
#include "tests/support/temp_dir.hpp"

namespace bkt::docker {
namespace {

using test::Container;

class DockerExec : public ::testing::Test {
protected:
    void SetUp() override { BKT_NEED_IMAGE(kBusybox); }
    static std::vector<std::string> sleeping() { return {"sleep", "600"}; }
};

TEST_F(DockerExec, WordsArriveVerbatim) {
    const Container box(kBusybox, {}, sleeping());
    Opened docker;
    for (const std::string& word :
         {std::string("-f"), std::string("$(touch /x)"), std::string("a;b|c>d"),
          std::string("line\nbreak\ttab"), std::string("'\"\\"), std::string("ü😀"), std::string(),
          std::string(100'000, 'w')}) {
        const auto ran = docker.run(box.name(), {"printf", "%s|%s", "first", word});
        ASSERT_TRUE(ran.outcome) << ran.outcome.error().message;
        EXPECT_EQ(ran.outcome->exit_code, 0);
        EXPECT_EQ(ran.out, "first|" + word);
    }
    EXPECT_EQ(docker.run(box.name(), {"sh", "-c", "echo $A"}, {}, {"A=b c;d"}).out, "b c;d\n");
    EXPECT_EQ(docker.run(box.name(), {std::string("a\0b", 3)}).outcome.error().code, Code::invalid);
}

TEST_F(DockerExec, TellsHowAToolEnded) {
    const Container box(kBusybox, {}, sleeping());
    Opened docker;
    const auto code_of = [&](const char* script) {
        const auto ran = docker.run(box.name(), {"sh", "-c", script});
        EXPECT_TRUE(ran.outcome) << script;
        return ran.outcome ? ran.outcome->exit_code : -1;
    };
    EXPECT_EQ(code_of("exit 0"), 0);
    EXPECT_EQ(code_of("echo partial; exit 7"), 7);
    EXPECT_EQ(code_of("kill -9 $$"), 137);
    // A tool's own 126 and 127 are not the engine's.
    EXPECT_EQ(code_of("echo OCI; exit 126"), 126);
    EXPECT_EQ(code_of("echo some data; exit 127"), 127);
    const auto loud = docker.run(box.name(), {"sh", "-c", "echo out; echo err >&2"});
    EXPECT_EQ(loud.out, "out\n");
    EXPECT_EQ(loud.outcome->stderr_tail, "err\n");
    EXPECT_EQ(loud.outcome->stdout_bytes, 4u);
}

// Docker answers 200 and writes its complaint where the dump belongs.
TEST_F(DockerExec, AMissingToolIsAnErrorAndNotAnOutput) {
    const Container box(kBusybox, {}, sleeping());
    Opened docker;
    for (const char* tool : {"pg_dump", "/no/such/tool", "/etc/passwd"}) {
        const auto ran = docker.run(box.name(), {tool});
        ASSERT_FALSE(ran.outcome) << tool << ran.out;
        EXPECT_EQ(ran.outcome.error().code, Code::not_found) << ran.outcome.error().message;
        EXPECT_NE(ran.outcome.error().message.find(tool), std::string::npos);
        EXPECT_FALSE(ran.outcome.error().hint.empty());
    }
}

TEST_F(DockerExec, AMissingOrStoppedContainerIsAnError) {
    Opened docker;
    EXPECT_EQ(docker.run("nosuchcontainer", {"true"}).outcome.error().code, Code::not_found);
    const Container box(kBusybox, {}, {"true"});
    test::docker({"wait", box.name()});
    const auto ran = docker.run(box.name(), {"true"});
    ASSERT_FALSE(ran.outcome);
    EXPECT_EQ(ran.outcome.error().code, Code::unavailable) << ran.outcome.error().message;
}

TEST_F(DockerExec, LargeStreamsArriveWholeBothWays) {
    const Container box(kBusybox, {}, sleeping());
    Opened docker;
    std::string large(30'000'000, '\0');
    for (std::size_t i = 0; i < large.size(); ++i)
        large[i] = static_cast<char>(i * 2654435761u >> 13);
    const auto ran = docker.run(box.name(), {"cat"}, large);
    ASSERT_TRUE(ran.outcome) << ran.outcome.error().message;
    EXPECT_EQ(ran.outcome->exit_code, 0);
    EXPECT_EQ(ran.outcome->stdin_bytes, large.size());
    EXPECT_EQ(ran.outcome->stdout_bytes, large.size());
    EXPECT_TRUE(ran.out == large);
}

TEST_F(DockerExec, AFloodOnStderrIsBoundedAndBlocksNothing) {
    const Container box(kBusybox, {}, sleeping());
    Opened docker;
    const auto ran = docker.run(
        box.name(),
        {"sh", "-c", "head -c 20000000 /dev/zero | tr '\\0' e >&2; echo last >&2; echo done"});
    ASSERT_TRUE(ran.outcome);
    EXPECT_EQ(ran.out, "done\n");
    EXPECT_LE(ran.outcome->stderr_tail.size(), kStderrTailBytes);
    EXPECT_TRUE(ran.outcome->stderr_tail.ends_with("last\n"));
}

TEST_F(DockerExec, AToolThatStopsReadingIsJudgedByItsExit) {
    const Container box(kBusybox, {}, sleeping());
    Opened docker;
    const auto ran = docker.run(box.name(), {"head", "-c", "10"}, std::string(5'000'000, 'x'));
    ASSERT_TRUE(ran.outcome) << ran.outcome.error().message;
    EXPECT_EQ(ran.outcome->exit_code, 0);
    EXPECT_EQ(ran.out, "xxxxxxxxxx");
}

TEST_F(DockerExec, ASinkThatIsFullEndsTheTool) {
    const Container box(kBusybox, {}, sleeping());
    Opened docker;
    testing::FakeCall call(docker.host.raw());
    testing::MemorySink sink;
    sink.fail_at_byte = 1'000'000;
    ExecRequest request;
    request.target = box.name();
    request.argv = {"cat", "/dev/zero"};
    request.out.emplace(sink.raw());
    Call c = call.call();
    const auto outcome = docker.source->exec(c, request);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, Code::no_space);
    EXPECT_FALSE(sink.written_after_failure);
    EXPECT_NE(box.exec({"pidof", "cat"}).exit_code, 0) << "cat still runs";
}

// With a shell in the image and without: what Docker has no call for must happen all the same.
TEST_F(DockerExec, ACancelledToolIsEndedInsideTheContainer) {
    test::TempDir context;
    test::must({"sh", "-euc",
                "cd \"$1\"; cp \"$(command -v busybox)\" sleep; printf 'FROM scratch\\nADD sleep "
                "/sleep\\nCMD [\"/sleep\",\"600\"]\\n' > Dockerfile",
                "sh", context.path()});
    test::must_docker({"build", "-q", "-t", "bkt-test/no-shell:1", context.path()});
    for (const char* image : {kBusybox, "bkt-test/no-shell:1"}) {
        const Container box(
            image, {}, std::string(image) == kBusybox ? sleeping() : std::vector<std::string>{});
        Opened docker;
        testing::FakeCall call(docker.host.raw());
        std::thread canceller([&] {
            for (int i = 0;
                 i < 500 && test::must_docker({"top", box.name()}).find("555") == std::string::npos;
                 ++i)
                std::this_thread::sleep_for(std::chrono::milliseconds(10));
            call.cancel();
        });
        ExecRequest request;
        request.target = box.name();
        request.argv = {std::string(image) == kBusybox ? "sleep" : "/sleep", "555"};
        Call c = call.call();
        const auto outcome = docker.source->exec(c, request);
        canceller.join();
        ASSERT_FALSE(outcome) << image;
        EXPECT_EQ(outcome.error().code, Code::cancelled) << image << outcome.error().message;
        EXPECT_EQ(test::must_docker({"top", box.name()}).find("555"), std::string::npos)
            << image << ": the tool still runs";
        EXPECT_NE(test::must_docker({"top", box.name()}).find("600"), std::string::npos)
            << image << ": the container's own process was hit";
    }
    test::docker({"rmi", "-f", "bkt-test/no-shell:1"});
}

TEST_F(DockerExec, ADeadlineEndsTheToolToo) {
    const Container box(kBusybox, {}, sleeping());
    Opened docker;
    testing::FakeCall call(docker.host.raw());
    call.set_deadline(static_cast<std::uint64_t>(
        (std::chrono::steady_clock::now() + std::chrono::seconds(1)).time_since_epoch().count()));
    ExecRequest request;
    request.target = box.name();
    request.argv = {"sleep", "555"};
    Call c = call.call();
    const auto outcome = docker.source->exec(c, request);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, Code::timeout);
    EXPECT_EQ(test::must_docker({"top", box.name()}).find("555"), std::string::npos);
}

TEST_F(DockerExec, AKilledContainerIsNeverASuccess) {
    for (const char* how : {"kill", "rm"}) {
        const Container box(kBusybox, {}, sleeping());
        Opened docker;
        std::thread killer([&] {
            for (int i = 0;
                 i < 500 && test::must_docker({"top", box.name()}).find("555") == std::string::npos;
                 ++i)
                std::this_thread::sleep_for(std::chrono::milliseconds(10));
            test::docker(std::string(how) == "rm"
                             ? std::vector<std::string>{"rm", "-fv", box.name()}
                             : std::vector<std::string>{"kill", box.name()});
        });
        const auto ran = docker.run(box.name(), {"sh", "-c", "echo begun; exec sleep 555"});
        killer.join();
        EXPECT_TRUE(!ran.outcome || ran.outcome->exit_code != 0) << how;
    }
}

}  // namespace
}  // namespace bkt::docker
