// A tool ends with its call, whatever ends the call: Docker itself would let it run on.
#include <thread>

#include "tests/integration/docker/opened.hpp"
#include "tests/support/temp_dir.hpp"

namespace bkt::docker {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using test::Container;

constexpr const char* kNoShell = "bkt-test/no-shell:1";

bool comes_up(const Container& box, const std::string& words) {
    for (int i = 0; i < 500; ++i, std::this_thread::sleep_for(milliseconds(10)))
        if (runs_in(box, words)) return true;
    return false;
}

std::uint64_t in_ns(milliseconds pause) {
    return static_cast<std::uint64_t>(
        std::chrono::nanoseconds((steady_clock::now() + pause).time_since_epoch()).count());
}

class DockerExecEnd : public ::testing::Test {
protected:
    void SetUp() override { BKT_NEED_IMAGE(kBusybox); }

    // An image with one program and nothing to look for it with. Gone with its maker, not with the suite:
    // every test of it may be a process of its own.
    struct NoShellImage {
        NoShellImage() {
            test::TempDir context;
            test::must({"sh", "-euc",
                        "cd \"$1\"; cp \"$(command -v busybox)\" sleep; printf 'FROM scratch\\nADD "
                        "sleep /bin/sleep\\nCMD [\"/bin/sleep\",\"600\"]\\n' > Dockerfile",
                        "sh", context.path()});
            test::must_docker({"build", "-q", "-t", kNoShell, context.path()});
        }
        ~NoShellImage() { test::docker({"rmi", "-f", kNoShell}); }
    };

    // Runs argv until the call ends by itself.
    static Error error_of(Opened& docker, testing::FakeCall& call, ExecRequest request) {
        Call c = call.call();
        const auto outcome = docker.source->exec(c, request);
        return outcome ? Error{Code::bug, "it went well"} : outcome.error();
    }
    static ExecRequest request(const Container& box, std::vector<std::string> argv) {
        ExecRequest request;
        request.target = box.name();
        request.argv = std::move(argv);
        return request;
    }
};

TEST_F(DockerExecEnd, WhenCancelledOrLateWithAShellInTheImageOrWithout) {
    const NoShellImage image;
    for (const bool shell : {true, false})
        for (const bool cancelled : {true, false}) {
            SCOPED_TRACE(::testing::Message() << (shell ? "shell, " : "no shell, ")
                                              << (cancelled ? "cancelled" : "late"));
            const Container box(shell ? kBusybox : kNoShell, {}, {"/bin/sleep", "600"});
            Opened docker;
            testing::FakeCall call(docker.host.raw());
            if (!cancelled) call.set_deadline(in_ns(milliseconds(1500)));
            steady_clock::time_point since = steady_clock::now() + milliseconds(1500);
            std::thread canceller([&] {
                EXPECT_TRUE(comes_up(box, "sleep 555"));
                if (!cancelled) return;
                since = steady_clock::now();
                call.cancel();
            });
            const auto error = error_of(docker, call, request(box, {"sleep", "555"}));
            const auto took = steady_clock::now() - since;
            canceller.join();
            EXPECT_EQ(error.code, cancelled ? Code::cancelled : Code::timeout) << error.message;
            EXPECT_LT(took, std::chrono::seconds(5));
            EXPECT_FALSE(runs_in(box, "sleep 555"));
            EXPECT_TRUE(runs_in(box, "sleep 600")) << "the container's own process was hit";
            EXPECT_TRUE(docker.host.log_lines.empty()) << docker.host.log_lines.front();
        }
}

TEST_F(DockerExecEnd, WhenItWillNotHearATermination) {
    const Container box(kBusybox, {}, {"sleep", "600"});
    Opened docker;
    testing::FakeCall call(docker.host.raw());
    call.set_deadline(in_ns(milliseconds(1500)));
    const auto error = error_of(
        docker, call, request(box, {"sh", "-c", "trap '' TERM; while :; do sleep 555; done"}));
    EXPECT_EQ(error.code, Code::timeout);
    EXPECT_FALSE(runs_in(box, "sleep 555")) << test::must_docker({"top", box.name()});
}

// The tool hears it, its child does not: Docker knows of the tool only.
TEST_F(DockerExecEnd, TogetherWithItsChildren) {
    const Container box(kBusybox, {}, {"sleep", "600"});
    Opened docker;
    testing::FakeCall call(docker.host.raw());
    call.set_deadline(in_ns(milliseconds(1500)));
    const auto error =
        error_of(docker, call, request(box, {"sh", "-c", "(trap '' TERM; sleep 555; :) & wait"}));
    EXPECT_EQ(error.code, Code::timeout);
    EXPECT_FALSE(runs_in(box, "sleep 555")) << test::must_docker({"top", box.name()});
}

// Between the request and the tool's first instruction lie many moments; Docker has said yes before the
// tool exists.
TEST_F(DockerExecEnd, WhenCancelledAtAnyMomentOfItsStart) {
    const Container box(kBusybox, {}, {"sleep", "600"});
    Opened docker;
    for (int ms = 0; ms <= 240; ms += 12) {
        testing::FakeCall call(docker.host.raw());
        testing::MemorySink sink;
        auto sleep = request(box, {"sleep", "555"});
        sleep.out.emplace(sink.raw());
        std::thread canceller([&] {
            std::this_thread::sleep_for(milliseconds(ms));
            call.cancel();
        });
        const auto error = error_of(docker, call, sleep);
        canceller.join();
        EXPECT_EQ(error.code, Code::cancelled) << ms << error.message;
    }
    std::this_thread::sleep_for(milliseconds(1000));  // one that came late would be there now
    EXPECT_FALSE(runs_in(box, "sleep 555"));
    EXPECT_EQ(box.must_exec({"ls", "-A", "/dev/shm"}), "");
}

TEST_F(DockerExecEnd, WhenNobodyTakesItsBytes) {
    const Container box(kBusybox, {}, {"sleep", "600"});
    Opened docker;
    testing::FakeCall call(docker.host.raw());
    testing::MemorySink sink;
    sink.fail_at_byte = 1'000'000;
    auto full = request(box, {"cat", "/dev/zero"});
    full.out.emplace(sink.raw());
    EXPECT_EQ(error_of(docker, call, full).code, Code::no_space);
    EXPECT_FALSE(sink.written_after_failure);
    EXPECT_FALSE(runs_in(box, "cat"));
}

// A restore whose bytes stop coming must not look to the tool like one that is done.
TEST_F(DockerExecEnd, WhenItsInputFailsAndWithoutSeeingAnEnd) {
    const Container box(kBusybox, {}, {"sleep", "600"});
    Opened docker;
    testing::FakeCall call(docker.host.raw());
    testing::MemorySource source(std::string(3'000'000, 'x'));
    source.fail_at_byte = 2'000'000;
    auto broken = request(box, {"sh", "-c", "cat >/tmp/in; touch /tmp/took-it-for-whole"});
    broken.in.emplace(source.raw());
    EXPECT_EQ(error_of(docker, call, broken).code, Code::unavailable);
    EXPECT_FALSE(runs_in(box, "cat"));
    EXPECT_NE(box.exec({"ls", "/tmp/took-it-for-whole"}).exit_code, 0);
}

TEST_F(DockerExecEnd, AndNoOtherToolWithIt) {
    const Container box(kBusybox, {}, {"sleep", "600"});
    Opened docker;
    testing::FakeCall one(docker.host.raw()), other(docker.host.raw());
    Error other_error{Code::bug, ""};
    std::thread runner([&] {
        other_error = error_of(docker, other, request(box, {"sleep", "444"}));
    });
    EXPECT_TRUE(comes_up(box, "444"));
    one.set_deadline(in_ns(milliseconds(1000)));
    EXPECT_EQ(error_of(docker, one, request(box, {"sleep", "555"})).code, Code::timeout);
    EXPECT_TRUE(runs_in(box, "sleep 444"));
    other.cancel();
    runner.join();
    EXPECT_EQ(other_error.code, Code::cancelled);
    EXPECT_FALSE(runs_in(box, "sleep 444"));
}

}  // namespace
}  // namespace bkt::docker
