// Tools run beside real containers, in short-lived ones of the same image.
#include <thread>

#include "tests/integration/docker/opened.hpp"

namespace bkt::docker {
namespace {

using test::Container;
using test::must_docker;

class DockerSidecar : public ::testing::Test {
protected:
    void SetUp() override { BKT_NEED_IMAGE(kBusybox); }
    // A container with a volume of its own.
    static std::vector<std::string> serving() {
        return {"sh", "-c", "echo kept >/data/file; sleep 600"};
    }
    static std::string sidecars_of(const Container& box) {
        const auto id = must_docker({"inspect", "-f", "{{.Id}}", box.name()});
        return must_docker({"ps", "-aq", "--filter", "label=baktainer.sidecar-of=" + id});
    }
};

TEST_F(DockerSidecar, HasTheTargetsNetworkVolumesAndEnvironmentAndNothingElse) {
    const Container box(kBusybox, {"-v", "/data", "-e", "FROM_TARGET=yes"}, serving());
    Opened source;
    const auto line = [&](const std::string& script) {
        auto ran = source.run_beside(box.name(), {"sh", "-c", script}, {}, {"OF_CALL=a b;c"});
        EXPECT_TRUE(ran.outcome) << script << ran.outcome.error().message;
        return ran.out;
    };
    EXPECT_EQ(line("cat /data/file"), "kept\n");
    const std::string network = "readlink /proc/self/ns/net";
    EXPECT_EQ(line(network), box.must_sh(network) + "\n");
    EXPECT_EQ(line("echo \"$FROM_TARGET $OF_CALL\""), "yes a b;c\n");
    EXPECT_EQ(line("grep CapEff /proc/self/status | tr -d ' \\t'"), "CapEff:0000000000000000\n");
    EXPECT_EQ(line("grep NoNewPrivs /proc/self/status | tr -d ' \\t'"), "NoNewPrivs:1\n");
    EXPECT_EQ(line("touch /x 2>/dev/null || echo read-only; touch /tmp/x && echo tmp"),
              "read-only\ntmp\n");
    EXPECT_EQ(sidecars_of(box), "") << "it is gone afterwards";
    EXPECT_EQ(box.must_exec({"cat", "/data/file"}), "kept") << "the volume is not";
}

TEST_F(DockerSidecar, TellsHowAToolEndedAndCarriesEveryByte) {
    const Container box(kBusybox, {}, {"sleep", "600"});
    Opened source;
    for (const int code : {0, 7, 126, 127}) {
        const auto ran = source.run_beside(
            box.name(), {"sh", "-c", "echo out; echo err >&2; exit " + std::to_string(code)});
        ASSERT_TRUE(ran.outcome) << ran.outcome.error().message;
        EXPECT_EQ(ran.outcome->exit_code, code);
        EXPECT_EQ(ran.out, "out\n");
        EXPECT_EQ(ran.outcome->stderr_tail, "err\n");
    }
    std::string bytes;
    for (unsigned i = 0; i < 400'000; ++i) bytes += static_cast<char>(i * 7919 >> 3);
    const auto echoed = source.run_beside(box.name(), {"cat"}, bytes);
    ASSERT_TRUE(echoed.outcome) << echoed.outcome.error().message;
    EXPECT_EQ(echoed.out, bytes);
    EXPECT_EQ(echoed.outcome->stdin_bytes, bytes.size());
    EXPECT_EQ(sidecars_of(box), "");
}

TEST_F(DockerSidecar, AMissingToolIsAnErrorAndNotAnOutput) {
    const Container box(kBusybox, {}, {"sleep", "600"});
    Opened source;
    for (const char* tool : {"pg_dump", "/no/such/tool", "/etc/passwd"}) {
        const auto ran = source.run_beside(box.name(), {tool});
        ASSERT_FALSE(ran.outcome) << tool << ran.out;
        EXPECT_EQ(ran.outcome.error().code, Code::not_found) << ran.outcome.error().message;
        EXPECT_EQ(ran.out, "");
    }
    EXPECT_EQ(sidecars_of(box), "");
}

TEST_F(DockerSidecar, IsEndedWithItsCallAndIsNoTarget) {
    const Container box(kBusybox, {}, {"sleep", "600"});
    Opened source;
    testing::FakeCall call(source.host.raw());
    std::thread canceller([&] {
        for (int i = 0; i < 1000 && sidecars_of(box).empty(); ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(10));  // nothing tells us
        testing::FakeCall scan(source.host.raw());
        Call c = scan.call();
        EXPECT_TRUE(source.source->scan(c, [&](const FoundTarget& t) -> Status {
            for (const auto& [key, value] : t.labels) EXPECT_NE(key, "baktainer.sidecar-of");
            return {};
        }));
        call.cancel();
    });
    ExecRequest request;
    request.target = box.name();
    request.argv = {"sleep", "600"};
    request.beside = true;
    Call c = call.call();
    const auto ended = source.source->exec(c, request);
    canceller.join();
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().code, Code::cancelled);
    EXPECT_EQ(sidecars_of(box), "");
}

// A program that is brought runs in an image that has none, and is nowhere afterwards.
TEST_F(DockerSidecar, RunsAProgramThatIsBrought) {
    const Container box(kBusybox, {"-v", "/data", "--read-only"}, serving());
    Opened source;
    testing::FakeCall fake(source.host.raw());
    Call call = fake.call();
    const auto run = [&](std::string_view bytes, std::vector<std::string> argv) {
        testing::MemorySink sink;
        ExecRequest request;
        request.target = box.name();
        request.argv = std::move(argv);
        request.program = bytes;
        request.beside = true;
        request.out.emplace(sink.raw());
        auto outcome = source.source->exec(call, request);
        EXPECT_EQ(sidecars_of(box), "");
        if (!outcome) return std::string(code_name(outcome.error().code));
        return std::to_string(outcome->exit_code) + " " + sink.text;
    };
    // A script is a program to the kernel too.
    EXPECT_EQ(run("#!/bin/sh\ncat /data/file; echo \"$0 $1\"; exit 7\n", {"tool", "a b"}),
              "7 kept\n/.baktainer-program a b\n");
    EXPECT_EQ(run("#!/bin/sh\ngrep CapEff /proc/self/status | tr -d ' \\t'\n", {"tool"}),
              "0 CapEff:00000000000000c4\n");
    // No executable of this machine's.
    EXPECT_EQ(run(std::string("\177ELF\2\1\1") + std::string(57, '\0'), {"tool"}), "unsupported");
    EXPECT_EQ(box.must_sh("ls -A / | grep -c baktainer-program || :"), "0");
}

TEST_F(DockerSidecar, OfAContainerThatIsStoppedIsRefused) {
    const Container box(kBusybox, {}, {"sleep", "600"});
    must_docker({"kill", box.name()});
    Opened source;
    const auto ran = source.run_beside(box.name(), {"true"});
    ASSERT_FALSE(ran.outcome);
    EXPECT_EQ(ran.outcome.error().code, Code::unavailable);
}

}  // namespace
}  // namespace bkt::docker
