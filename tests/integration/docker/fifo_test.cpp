// The way past the engine: when it is taken, that it leaves nothing behind, and who may look into it.
#include <fcntl.h>
#include <sys/stat.h>

#include <chrono>
#include <thread>

#include "plugins/discovery/docker/fifo.hpp"
#include "tests/integration/docker/opened.hpp"
#include "tests/support/process.hpp"

namespace bkt::docker {
namespace {

using test::Container;

const std::vector<std::string> kSleep{"sleep", "600"};
const std::vector<std::string> kWhereTo{"readlink", "/proc/self/fd/1"};

std::string in_shm(const Container& box) { return box.must_exec({"ls", "-A", "/dev/shm"}); }

TransportWords explained(const Opened& docker, const Container& box) {
    testing::FakeCall call(docker.host.raw());
    Call c = call.call();
    TransportWords words{"none", ""};
    const auto id = test::must_docker({"inspect", "-f", "{{.Id}}", box.name()});
    static_cast<void>(docker.source->scan(c, [&](const FoundTarget& found) -> Status {
        if (found.id == id)
            words = {found.transport == "fifo" ? "fifo" : "stream", found.transport_reason};
        return {};
    }));
    return words;
}

class DockerFifo : public ::testing::Test {
protected:
    void SetUp() override {
        BKT_NEED_IMAGE(kBusybox);
        const Container box(kBusybox, {}, kSleep);
        const auto pid = test::must_docker({"inspect", "-f", "{{.State.Pid}}", box.name()});
        const auto id = test::must_docker({"inspect", "-f", "{{.Id}}", box.name()});
        const auto root = ContainerRoot::open(id, std::stoi(pid));
        if (!root) GTEST_SKIP() << root.error().message;
    }
};

struct Where {
    const char* name;
    std::vector<std::string> options;
    const char* transport;
    bool by_fifo;
};

TEST_F(DockerFifo, IsTakenWhereThereCanBeOneAndTheTargetSaysWhich) {
    for (const auto& row : {Where{"a plain container", {}, "auto", true},
                            Where{"a read-only root", {"--read-only"}, "auto", true},
                            Where{"no capabilities", {"--cap-drop", "ALL"}, "auto", true},
                            Where{"another user", {"--user", "1234:5678"}, "auto", true},
                            Where{"the machine's own /dev/shm", {"--ipc", "host"}, "auto", true},
                            Where{"no /dev/shm", {"--ipc", "none"}, "auto", false},
                            Where{"by configuration", {}, "stream", false}}) {
        SCOPED_TRACE(row.name);
        auto options = row.options;
        options.insert(options.end(), {"--label", "baktainer.backup=true"});
        const Container box(kBusybox, options, kSleep);
        Opened docker(Settings{{"transport", row.transport}});
        const auto ran = docker.run(box.name(), kWhereTo);
        ASSERT_TRUE(ran.outcome) << ran.outcome.error().message;
        EXPECT_EQ(ran.out.starts_with("/dev/shm/.baktainer-"), row.by_fifo) << ran.out;
        const auto words = explained(docker, box);
        EXPECT_EQ(words.name, std::string(row.by_fifo ? "fifo" : "stream"));
        EXPECT_FALSE(words.reason.empty());
    }
}

TEST_F(DockerFifo, AWrongTransportIsRefusedWithItsRemedy) {
    try {
        Opened(Settings{{"transport", "pigeon"}});
        FAIL() << "it was taken";
    } catch (const Error& error) {
        EXPECT_EQ(error.code, Code::invalid);
        EXPECT_FALSE(error.hint.empty());
    }
}

TEST_F(DockerFifo, LeavesNothingHoweverTheToolEnded) {
    const Container box(kBusybox, {}, kSleep);
    Opened docker;
    for (const std::vector<std::string>& argv : {std::vector<std::string>{"true"},
                                                 {"false"},
                                                 {"echo", "x"},
                                                 {"no-such-tool"},
                                                 {"sh", "-c", "kill -9 $$"}}) {
        docker.run(box.name(), argv);
        EXPECT_EQ(in_shm(box), "") << argv.front();
    }
}

// Its name is gone as soon as the tool has it, so that even a run that is killed leaves none.
TEST_F(DockerFifo, IsUnreachableForOthersAndNamelessOnceItIsInUse) {
    const Container box(kBusybox, {}, kSleep);
    Opened docker;
    box.must_sh("echo nobody:x:1234:1234::/:/bin/sh >/etc/passwd");
    const auto others =
        docker.run(box.name(), {"sh", "-c",
                                "d=$(ls -dA /dev/shm/.baktainer-*); said=$(ls -ld $d; ls -l $d; su "
                                "nobody -c \"ls $d; echo "
                                "\\$?; cat $BAKTAINER_FIFO\" 2>&1); echo \"$said\""});
    ASSERT_TRUE(others.outcome);
    EXPECT_TRUE(others.out.starts_with("drwx--x--x")) << others.out;
    EXPECT_NE(others.out.find("prw--w--w-"), std::string::npos) << others.out;
    EXPECT_NE(others.out.find("Permission denied\n1\n"), std::string::npos)
        << "nobody may list it: " << others.out;
    EXPECT_TRUE(others.out.ends_with("Permission denied\n")) << "nor read it: " << others.out;
    const auto during =
        docker.run(box.name(), {"sh", "-c", "echo first; sleep 0.3; ls -A /dev/shm; echo last"});
    EXPECT_EQ(during.out, "first\nlast\n");
}

// Its stream is the sign that it runs: one that shuts its errors up is not taken for one that has ended.
TEST_F(DockerFifo, AToolThatIsSilentForLongIsWaitedFor) {
    const Container box(kBusybox, {}, kSleep);
    Opened docker;
    const auto ran =
        docker.run(box.name(), {"sh", "-c", "exec 2>/dev/null; echo first; sleep 7; echo last"});
    ASSERT_TRUE(ran.outcome) << ran.outcome.error().message;
    EXPECT_EQ(ran.outcome->exit_code, 0);
    EXPECT_EQ(ran.out, "first\nlast\n");
}

// As long as the engine would wait, and no longer.
TEST_F(DockerFifo, AChildThatHoldsItDoesNotHoldTheRun) {
    const Container box(kBusybox, {}, kSleep);
    Opened docker;
    const auto since = std::chrono::steady_clock::now();
    const auto ran = docker.run(box.name(), {"sh", "-c", "sleep 77 2>/dev/null & echo all"});
    EXPECT_LT(std::chrono::steady_clock::now() - since, std::chrono::seconds(10));
    ASSERT_TRUE(ran.outcome) << ran.outcome.error().message;
    EXPECT_EQ(ran.outcome->exit_code, 0);
    EXPECT_EQ(ran.out, "all\n");
}

// A run of ours was killed between the making and the opening: its tool hangs there until the next one comes.
TEST_F(DockerFifo, FreesAndRemovesWhatAKilledRunLeft) {
    const Container box(kBusybox, {}, kSleep);
    box.must_sh(
        "cd /dev/shm; mkdir .baktainer-old .baktainer-new other; mkfifo .baktainer-old/x; "
        "(sh -c 'echo lost >.baktainer-old/x' || :; touch freed) >/dev/null 2>&1 & sleep 0.1; cd "
        "/dev/shm; "
        "touch -d '2020-01-01 00:00' .baktainer-old other");
    Opened docker;
    EXPECT_EQ(docker.run(box.name(), {"echo", "x"}).out, "x\n");
    for (int i = 0; i < 50 && in_shm(box).find("freed") == std::string::npos; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    EXPECT_EQ(in_shm(box), ".baktainer-new\nfreed\nother") << test::docker({"top", box.name()}).out;
}

// Whoever is root in the container may put what he likes where our names were: nothing of this machine is touched.
TEST_F(DockerFifo, FollowsNoNameOutOfTheContainer) {
    const test::TempDir dir;
    const auto kept = dir.path() + "/kept";
    test::must({"mkdir", kept});
    const Container box(kBusybox, {}, kSleep);
    Opened docker;
    const auto ran =
        docker.run(box.name(),
                   {"sh", "-c",
                    "cd /dev/shm; d=$(ls -A); rm -r \"$d\"; ln -s \"$0\" \"$d\"; echo done", kept});
    EXPECT_EQ(ran.out, "done\n");
    EXPECT_TRUE(test::run({"test", "-d", kept}).exit_code == 0);
    // /dev/shm itself a way to this machine's root: it leads to the container's.
    const auto pid = test::must_docker({"inspect", "-f", "{{.State.Pid}}", box.name()});
    const auto id = test::must_docker({"inspect", "-f", "{{.Id}}", box.name()});
    box.must_sh("ln -s / /out; ln -s ../../../../.. /up; ln -s /proc/1/root /magic");
    const auto root = ContainerRoot::open(id, std::stoi(pid));
    ASSERT_TRUE(root) << root.error().message;
    for (const char* path : {"out", "up", "../..", "/"}) {
        struct stat there {
        }, own{};
        const auto fd = root->at(path, O_PATH | O_DIRECTORY);
        ASSERT_TRUE(fd) << path;
        ASSERT_EQ(::fstat(fd.get(), &there), 0);
        ASSERT_EQ(::stat("/", &own), 0);
        EXPECT_FALSE(there.st_dev == own.st_dev && there.st_ino == own.st_ino) << path;
    }
    EXPECT_FALSE(root->at("magic", O_PATH | O_DIRECTORY));
}

// Where the engine is on another machine, its numbers mean other processes here.
TEST_F(DockerFifo, TakesNoOtherProcessForTheContainers) {
    const Container box(kBusybox, {}, kSleep);
    const auto id = test::must_docker({"inspect", "-f", "{{.Id}}", box.name()});
    const auto pid = std::stoi(test::must_docker({"inspect", "-f", "{{.State.Pid}}", box.name()}));
    EXPECT_TRUE(ContainerRoot::open(id, pid));
    for (const auto& [other_id, other_pid] : {std::pair<std::string, pid_t>{id, ::getpid()},
                                              {id, 1},
                                              {id, 0},
                                              {id, -1},
                                              {id, 4'000'000},
                                              {std::string(64, '0'), pid},
                                              {id.substr(0, 12), pid},
                                              {"", pid}}) {
        const auto root = ContainerRoot::open(other_id, other_pid);
        ASSERT_FALSE(root) << other_id << " " << other_pid;
        EXPECT_EQ(root.error().code, Code::unsupported);
    }
}

}  // namespace
}  // namespace bkt::docker
