// A process that no signal reaches: stuck in the kernel, as one is that waits for a dead disk or mount. The
// call is lost, and whoever made it is not.
#include <linux/sched.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <thread>

#include "core/plugin/wire/channel.hpp"
#include "core/plugin/worker/process.hpp"
#include "tests/fault/worker/isolated.hpp"
#include "tests/fault/worker/processes.hpp"

namespace bkt::test {
namespace {

// Stopped, under a host whose kernel delivers it no SIGKILL: for the host the same, on every machine.
TEST(WorkerStuck, CostsTheCallAndNotItsHost) {
    ASSERT_EQ(::prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    const struct {
        const char* what;
        const char* mode;
    } kCases[] = {{"notify", "stop"}, {"put", "stop in mid-stream"}, {"get", "stop in mid-stream"}};
    for (const auto& c : kCases) {
        SCOPED_TRACE(c.what);
        Spoken host({REFUSING_KERNEL, "pidfd_send_signal", WORKER_HOLDER, ROGUE_PLUGIN, c.what,
                     c.mode, "impatient"});
        ASSERT_TRUE(host.says("stops"));
        const auto children = children_of(host.pid());
        ASSERT_EQ(children.size(), 1u);
        const pid_t worker = children[0];
        EXPECT_TRUE(host.says("and its process does not end though killed"));
        EXPECT_TRUE(host.says("returned -"));
        EXPECT_FALSE(host.line()) << "its host does not end";
        host.kill();  // it has ended: from here on the worker is this test's
        EXPECT_EQ(::kill(worker, SIGKILL), 0) << "it was not stuck";
        ::waitpid(worker, nullptr, 0);
    }
}

// Frozen, as by a container runtime's `pause`: in cgroup v1 a SIGKILL waits for the thaw.
class Freezer final {
public:
    Freezer() { made_ = ::mkdir(path_.c_str(), 0755) == 0 && write("freezer.state", "THAWED"); }
    ~Freezer() {
        write("freezer.state", "THAWED");
        for (int n = 0; made_ && n < 1000 && ::rmdir(path_.c_str()) != 0; ++n) ::usleep(5'000);
    }
    bool is_there() const { return made_; }
    bool freeze(pid_t pid) const {
        return write("cgroup.procs", std::to_string(pid)) && write("freezer.state", "FROZEN");
    }

private:
    bool write(const char* name, const std::string& text) const {
        std::ofstream file(path_ + "/" + name);
        return static_cast<bool>(file << text << std::flush);
    }
    const std::string path_ = "/sys/fs/cgroup/freezer/bkt-test-" + std::to_string(::getpid());
    bool made_ = false;
};

TEST(WorkerStuck, InTheKernelIsTheSame) {
    const Freezer freezer;
    if (!freezer.is_there())
        GTEST_SKIP() << "this machine has no freezer of cgroup v1, or not for us";
    const auto before = children_of(::getpid());
    auto plugin = store("");
    pid_t worker = 0;
    for (const pid_t child : children_of(::getpid()))
        if (std::find(before.begin(), before.end(), child) == before.end()) worker = child;
    ASSERT_GT(worker, 0);
    struct Freezing {
        const Freezer& freezer;
        pid_t worker;
        bool frozen = false;
    } freezing{freezer, worker};
    const bkt_source source{sizeof source, 0, &freezing,
                            [](const bkt_source* s, void* into, std::uint64_t cap,
                               std::uint64_t* n) noexcept -> bkt_rc {
                                auto& self = *static_cast<Freezing*>(s->ctx);
                                if (!self.frozen) self.frozen = self.freezer.freeze(self.worker);
                                std::memset(into, 'x', *n = cap);
                                return BKT_OK;
                            },
                            0};
    testing::FakeCall call(plugin.host.raw());
    const auto ended =
        done(plugin.ops().put(plugin.self(), call.raw(), str("key"), 0, &source), call);
    EXPECT_TRUE(freezing.frozen);
    EXPECT_EQ(ended.rc, BKT_FAULT);
    EXPECT_NE(ended.said.message.find("and its process does not end though killed"),
              std::string::npos)
        << ended.said.message;
    plugin.close();
    EXPECT_EQ(::kill(worker, 0), 0) << "it was not stuck";
}

// A number that is free is given to another process, which must not be killed for the one before.
TEST(WorkerProcess, IsNeverAnotherOfTheSameNumber) {
    for (int attempt = 0; attempt < 20; ++attempt) {
        auto ends = wire::Channel::pair();
        ASSERT_TRUE(ends);
        auto process = plugin::worker::Process::start("/bin/true", "", std::move(ends->second));
        ASSERT_TRUE(process);
        ASSERT_EQ((*process)->end(10'000), "exited with 0");
        const pid_t number = (*process)->pid();
        clone_args wanted{};
        wanted.exit_signal = SIGCHLD;
        wanted.set_tid = reinterpret_cast<std::uint64_t>(&number);
        wanted.set_tid_size = 1;
        const long another = ::syscall(SYS_clone3, &wanted, sizeof wanted);
        if (another == 0)
            for (;;) ::pause();
        if (another < 0 && errno == EEXIST) continue;
        if (another < 0) GTEST_SKIP() << "only root may choose a process's number";
        ASSERT_EQ(another, number);
        (*process)->kill();
        process->reset();
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
        int how = 0;
        EXPECT_EQ(::waitpid(number, &how, WNOHANG), 0) << "another process was killed";
        ::kill(number, SIGKILL);
        ::waitpid(number, &how, 0);
        return;
    }
    FAIL() << "no number stayed free for a moment";
}

}  // namespace
}  // namespace bkt::test
