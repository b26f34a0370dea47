// Tools run in real containers: what arrives and how an end is told.
#include "tests/integration/docker/opened.hpp"

namespace bkt::docker {
namespace {

using test::Container;

class DockerExec : public EachTransport {
protected:
    void SetUp() override { BKT_NEED_IMAGE(kBusybox); }
    static std::vector<std::string> sleeping() { return {"sleep", "600"}; }
};

TEST_P(DockerExec, WordsArriveVerbatim) {
    const Container box(kBusybox, {}, sleeping());
    Opened docker(way());
    for (const std::string& word :
         {std::string("-f"), std::string("$(touch /x)"), std::string("a;b|c>d"),
          std::string("`id`"), std::string("--"), std::string("-"), std::string("%s%n"),
          std::string("*"), std::string("~"), std::string("\r\n"), std::string(" lead"),
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

TEST_P(DockerExec, TellsHowAToolEnded) {
    const Container box(kBusybox, {}, sleeping());
    Opened docker(way());
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
TEST_P(DockerExec, AMissingToolIsAnErrorAndNotAnOutput) {
    const Container box(kBusybox, {}, sleeping());
    Opened docker(way());
    for (const char* tool : {"pg_dump", "/no/such/tool", "/etc/passwd"}) {
        const auto ran = docker.run(box.name(), {tool});
        ASSERT_FALSE(ran.outcome) << tool << ran.out;
        EXPECT_EQ(ran.outcome.error().code, Code::not_found) << ran.outcome.error().message;
        EXPECT_NE(ran.outcome.error().message.find(tool), std::string::npos);
        EXPECT_FALSE(ran.outcome.error().hint.empty());
    }
}

TEST_P(DockerExec, AMissingOrStoppedContainerIsAnError) {
    Opened docker(way());
    EXPECT_EQ(docker.run("nosuchcontainer", {"true"}).outcome.error().code, Code::not_found);
    const Container box(kBusybox, {}, {"true"});
    test::docker({"wait", box.name()});
    const auto ran = docker.run(box.name(), {"true"});
    ASSERT_FALSE(ran.outcome);
    EXPECT_EQ(ran.outcome.error().code, Code::unavailable) << ran.outcome.error().message;
}

TEST_P(DockerExec, APausedContainerIsAnErrorWithItsRemedy) {
    const Container box(kBusybox, {}, sleeping());
    test::must_docker({"pause", box.name()});
    Opened docker(way());
    const auto ran = docker.run(box.name(), {"true"});
    test::must_docker({"unpause", box.name()});
    ASSERT_FALSE(ran.outcome);
    EXPECT_EQ(ran.outcome.error().code, Code::unavailable) << ran.outcome.error().message;
    EXPECT_NE(ran.outcome.error().hint.find("unpause"), std::string::npos);
}

// The kernel takes no word of 128 KiB: the tool is there, so it must not be called missing.
TEST_P(DockerExec, AToolThatCannotBeStartedIsNotCalledMissing) {
    const Container box(kBusybox, {}, sleeping());
    Opened docker(way());
    const auto ran = docker.run(box.name(), {"echo", std::string(200'000, 'w')});
    const auto text = ran.outcome ? ran.outcome->stderr_tail : ran.outcome.error().message;
    EXPECT_NE(text.find("argument list too long"), std::string::npos) << text;
    EXPECT_EQ(ran.out, "");
    if (ran.outcome) {
        EXPECT_NE(ran.outcome->exit_code, 0);
    } else {
        EXPECT_EQ(ran.outcome.error().code, Code::failed);
    }
}

TEST_P(DockerExec, RunsAsTheUserAskedFor) {
    const Container box(kBusybox, {}, sleeping());
    Opened docker(way());
    testing::FakeCall call(docker.host.raw());
    testing::MemorySink sink;
    ExecRequest request;
    request.target = box.name();
    request.argv = {"id", "-u"};
    request.user = "1234";
    request.out.emplace(sink.raw());
    Call c = call.call();
    const auto outcome = docker.source->exec(c, request);
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(sink.text, "1234\n");
    request.user = "nobody-has-this-name";
    const auto refused = docker.source->exec(c, request);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("nobody-has-this-name"), std::string::npos)
        << refused.error().message;
}

// An id is one path segment, whatever is in it.
TEST_P(DockerExec, AHostileIdReachesNothingElse) {
    Opened docker(way());
    for (const char* id :
         {"../../version?x=", "x/../../containers/json", "a b", "a\r\nHost: b", ""}) {
        const auto ran = docker.run(id, {"true"});
        ASSERT_FALSE(ran.outcome) << id;
        EXPECT_FALSE(ran.outcome.error().message.empty()) << id;
    }
}

INSTANTIATE_TEST_SUITE_P(Transport, DockerExec, kTransports, name_of);

}  // namespace
}  // namespace bkt::docker
