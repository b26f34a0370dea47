// A tool's stream cut on its way: between here and the engine, with the engine, with the container. However
// much has arrived and however the tool ends, a cut is no success.
#include <chrono>
#include <sstream>
#include <thread>

#include "plugins/discovery/docker/exit_status.hpp"
#include "tests/integration/docker/opened.hpp"
#include "tests/support/cutting_proxy.hpp"
#include "tests/support/temp_dir.hpp"

namespace bkt::docker {
namespace {

using std::chrono::milliseconds;
using test::Container;

// Waits for what nothing tells us of.
template <class Done>
bool until(Done&& done, milliseconds limit = milliseconds(10'000)) {
    for (const auto end = std::chrono::steady_clock::now() + limit;
         std::chrono::steady_clock::now() < end; std::this_thread::sleep_for(milliseconds(20)))
        if (done()) return true;
    return done();
}

// Six frames of a 1000 bytes each, then it goes on running.
const std::vector<std::string> kSixFrames = {
    "sh", "-c", "for i in 1 2 3 4 5 6; do printf %01000d $i; usleep 60000; done; exec sleep 555"};
constexpr std::size_t kFrameBytes = 1008;

class DockerCut : public ::testing::Test {
protected:
    static Settings streaming(const std::string& socket) {
        return {{"socket", socket}, {"transport", "stream"}};
    }
    void SetUp() override {
        BKT_NEED_IMAGE(kBusybox);
        if (!test::docker_host().starts_with("unix://"))
            GTEST_SKIP() << "needs a daemon at a unix socket";
    }
    std::string path() const { return dir_.path() + "/docker.sock"; }
    static std::string engine() { return test::docker_host().substr(7); }
    const Container box_{kBusybox, {}, {"sleep", "600"}};

private:
    const test::TempDir dir_;
};

TEST_F(DockerCut, InsideAFrameIsTruncatedAndEndsTheTool) {
    const struct {
        const char* name;
        std::size_t bytes;
    } kCases[] = {
        {"in the first header", 3},
        {"behind the first header", 8},
        {"in the first payload", 9},
        {"in a later header", 3 * kFrameBytes + 7},
        {"one byte before the end of a payload", 4 * kFrameBytes - 1},
    };
    for (const auto& c : kCases) {
        SCOPED_TRACE(c.name);
        const test::CuttingProxy proxy(path(), engine(), {.attached_after = c.bytes});
        Opened docker(streaming(path()));
        const auto ran = docker.run(box_.name(), kSixFrames);
        EXPECT_EQ(proxy.cuts(), 1u);
        ASSERT_FALSE(ran.outcome);
        EXPECT_EQ(ran.outcome.error().code, Code::truncated) << ran.outcome.error().message;
        EXPECT_FALSE(ran.outcome.error().hint.empty());
        EXPECT_FALSE(runs_in(box_, "sleep 555"));
        EXPECT_FALSE(runs_in(box_, "usleep"));
        ::unlink(path().c_str());
    }
}

// Only the engine knows then that there was more to come.
TEST_F(DockerCut, BetweenFramesIsTruncatedWhileTheToolRuns) {
    const test::CuttingProxy proxy(path(), engine(), {.attached_after = 6 * kFrameBytes});
    Opened docker(streaming(path()));
    const auto ran = docker.run(box_.name(), kSixFrames);
    EXPECT_EQ(proxy.cuts(), 1u);
    EXPECT_EQ(ran.out.size(), 6000u) << "the cut was not between frames";
    ASSERT_FALSE(ran.outcome);
    EXPECT_EQ(ran.outcome.error().code, Code::truncated) << ran.outcome.error().message;
    EXPECT_FALSE(runs_in(box_, "sleep 555"));
}

// It writes on into nothing and ends well: half of its output must not pass for all of it.
TEST_F(DockerCut, BetweenFramesIsTruncatedThoughTheToolEndsWellAfterwards) {
    const std::vector<std::string> goes_on = {
        "sh", "-c",
        "for i in 1 2 3 4 5 6; do printf %01000d $i; usleep 60000; done; sleep 2; echo the rest; "
        "exit 0"};
    for (const bool beside : {false, true}) {
        SCOPED_TRACE(beside ? "in a sidecar" : "in the container");
        const test::CuttingProxy proxy(path(), engine(), {.attached_after = 6 * kFrameBytes});
        Opened docker(streaming(path()));
        const auto ran =
            beside ? docker.run_beside(box_.name(), goes_on) : docker.run(box_.name(), goes_on);
        EXPECT_EQ(proxy.cuts(), 1u);
        EXPECT_EQ(ran.out.size(), 6000u) << "the cut was not between frames";
        ASSERT_FALSE(ran.outcome) << "exit code " << ran.outcome->exit_code;
        EXPECT_EQ(ran.outcome.error().code, Code::truncated) << ran.outcome.error().message;
        ::unlink(path().c_str());
    }
}

// Where the tool's processes cannot be seen, the engine is asked which there are.
TEST_F(DockerCut, OfAToolThatOnlyTheEngineSeesIsToldFromItsEnd) {
    const auto endpoint = find_endpoint(
        [](std::string_view key) { return key == "socket" ? test::docker_host() : std::string(); },
        [](std::string_view) { return std::string(); });
    ASSERT_TRUE(endpoint) << endpoint.error().message;
    Api api(*endpoint, "");
    testing::FakeHost host;
    testing::FakeCall call(host.raw());
    const Call c = call.call();
    const Container seven(kBusybox, {}, {"sh", "-c", "exit 7"});
    const RunningExec runs{"", box_.name(), "", "a mark that nothing carries"};
    const RunningExec ended{"", seven.name(), "", "a mark that nothing carries"};
    const auto cut = exit_code_of(api, runs, Wait(c));
    ASSERT_FALSE(cut) << *cut;
    EXPECT_EQ(cut.error().code, Code::truncated) << cut.error().message;
    const auto code = exit_code_of(api, ended, Wait(c));
    ASSERT_TRUE(code) << code.error().message;
    EXPECT_EQ(*code, 7);
}

// Its output comes by another way, but its input came by this one: what it ended well with may be half of that.
TEST_F(DockerCut, OfTheStreamBesideAFifoIsACutToo) {
    const test::CuttingProxy proxy(path(), engine(), {.attached_after = 6 * kFrameBytes});
    Opened docker(Settings{{"socket", path()}});
    const auto ran = docker.run(
        box_.name(), {"sh", "-c",
                      "for i in 1 2 3 4 5 6; do printf %01000d $i >&2; usleep 60000; done; "
                      "for i in 1 2 3 4; do sleep 1; echo more; done; exit 0"});
    EXPECT_EQ(proxy.cuts(), 1u);
    ASSERT_FALSE(ran.outcome) << "exit code " << ran.outcome->exit_code;
    EXPECT_EQ(ran.outcome.error().code, Code::truncated) << ran.outcome.error().message;
}

TEST_F(DockerCut, AProxyThatCutsNothingChangesNothing) {
    const test::CuttingProxy proxy(path(), engine());
    Opened docker(streaming(path()));
    const auto ran = docker.run(box_.name(), {"sh", "-c", "cat; echo end"}, "text ");
    ASSERT_TRUE(ran.outcome) << ran.outcome.error().message;
    EXPECT_EQ(ran.out, "text end\n");
}

TEST_F(DockerCut, WatchersAreToldToLookAgain) {
    test::CuttingProxy proxy(path(), engine());
    Opened docker(streaming(path()));
    testing::FakeCall call(docker.host.raw());
    Call c = call.call();
    std::mutex mutex;
    std::vector<std::pair<Change, std::string>> changes;
    const auto count = [&](Change change, const std::string& id) {
        const std::lock_guard lock(mutex);
        return std::count(changes.begin(), changes.end(), std::pair{change, id});
    };
    std::thread watcher([&] {
        static_cast<void>(
            docker.source->watch(c, [&](Change change, std::string_view id) -> Status {
                const std::lock_guard lock(mutex);
                changes.emplace_back(change, id);
                return {};
            }));
    });
    EXPECT_TRUE(until([&] { return count(Change::resync, "") == 1; }));
    proxy.cut_now();
    EXPECT_TRUE(until([&] { return count(Change::resync, "") == 2; }));
    {
        const Container late(kBusybox, {}, {"sleep", "600"});
        const auto id = test::must_docker({"inspect", "-f", "{{.Id}}", late.name()});
        EXPECT_TRUE(until([&] { return count(Change::added, id) > 0; }))
            << "what happens after the word to look again is not missed";
    }
    call.cancel();
    watcher.join();
}

// Whichever way a container goes while bytes flow, what came before is no whole dump.
TEST_F(DockerCut, AContainerThatGoesWhileBytesFlowIsNoSuccess) {
    const struct {
        const char* name;
        std::vector<std::string> command;
    } kCases[] = {{"killed", {"kill"}},
                  {"stopped", {"stop", "-t", "0"}},
                  {"removed", {"rm", "-fv"}},
                  {"restarted", {"restart", "-t", "0"}}};
    for (const auto& c : kCases)
        for (const char* transport : {"auto", "stream"}) {
            SCOPED_TRACE(std::string(c.name) + ", " + transport);
            const Container box(kBusybox, {}, {"sleep", "600"});
            Opened docker(Settings{{"transport", transport}});
            std::thread killer([&] {
                EXPECT_TRUE(until([&] { return runs_in(box, "yes"); }));
                std::this_thread::sleep_for(milliseconds(300));  // some megabytes under way
                auto command = c.command;
                command.push_back(box.name());
                test::docker(command);
            });
            const auto ran = docker.run(box.name(), {"yes", "a row of a table"});
            killer.join();
            EXPECT_GT(ran.out.size(), 0u);
            if (ran.outcome) {
                EXPECT_EQ(ran.outcome->exit_code, 137);
            } else {
                EXPECT_FALSE(ran.outcome.error().message.empty());
                EXPECT_TRUE(ran.outcome.error().code == Code::unavailable ||
                            ran.outcome.error().code == Code::truncated)
                    << ran.outcome.error().message;
            }
        }
}

// The engine itself goes, with a daemon of this test's own, so that stopping it harms nobody.
TEST_F(DockerCut, AnEngineThatStopsIsNoSuccess) {
    constexpr const char* kName = "docker-cut";
    const std::string lab = BAKTAINER_SOURCE_DIR "/scripts/lab";
    const auto made = test::run({lab, "daemon", "--name", kName});
    std::string host;
    std::istringstream lines(made.out);
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with("export DOCKER_HOST=")) host = line.substr(19);
    if (host.empty()) GTEST_SKIP() << "no second Docker daemon can be started here";
    test::must({"sh", "-c",
                "docker=/usr/bin/docker; [ -x $docker ] || docker=docker; $docker save " +
                    std::string(kBusybox) + " | $docker -H \"$1\" load -q",
                "sh", host});
    test::must_docker(
        {"-H", host, "run", "-d", "--network", "none", "--name", "box", kBusybox, "sleep", "600"});
    Opened docker(Settings{{"socket", host}});
    std::thread stopper([&] {
        EXPECT_TRUE(until([&] {
            return test::docker({"-H", host, "top", "box"}).out.find("yes") != std::string::npos;
        }));
        test::run({lab, "stop", "--name", kName});
    });
    const auto ran = docker.run("box", {"yes", "a row of a table"});
    stopper.join();
    EXPECT_GT(ran.out.size(), 0u);
    if (ran.outcome) {
        EXPECT_NE(ran.outcome->exit_code, 0);
    } else {
        EXPECT_TRUE(ran.outcome.error().code == Code::unavailable ||
                    ran.outcome.error().code == Code::truncated)
            << ran.outcome.error().message;
        EXPECT_FALSE(ran.outcome.error().hint.empty()) << ran.outcome.error().message;
    }
}

}  // namespace
}  // namespace bkt::docker
