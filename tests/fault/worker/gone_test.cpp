// Whichever of host and worker dies, nothing of it stays: no process, no zombie, no descriptor, no folder.
#include <sys/prctl.h>

#include <thread>

#include "core/plugin/instance.hpp"
#include "tests/fault/worker/isolated.hpp"
#include "tests/fault/worker/processes.hpp"
#include "tests/support/temp_dir.hpp"

namespace bkt::test {
namespace {

namespace fs = std::filesystem;

constexpr auto kBound = std::chrono::seconds(5);

// Waits for `condition`, at most so long.
template <class Condition>
bool becomes(Condition&& condition, std::chrono::milliseconds limit = kBound) {
    for (const auto until = std::chrono::steady_clock::now() + limit;;) {
        if (condition()) return true;
        if (std::chrono::steady_clock::now() >= until) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

// The one child of `host`, once the plugin's library is in it.
pid_t worker_of(pid_t host) {
    pid_t worker = 0;
    becomes([&] {
        for (const pid_t child : children_of(host))
            if (text_of("/proc/" + std::to_string(child) + "/comm").starts_with("baktainer")) {
                worker = child;
                return true;
            }
        return false;
    });
    return worker;
}

struct Held {
    const char* name;
    std::vector<std::string> words;
    const char* says;  // by then it is there
};

const Held kHeld[] = {
    {"in open", {ROGUE_PLUGIN, "notify", "open: hang"}, "hangs"},
    {"in a call", {ROGUE_PLUGIN, "notify", "hang"}, "hangs"},
    {"in close", {ROGUE_PLUGIN, "notify", "close: hang"}, "hangs"},
    {"deaf to a cancel", {ROGUE_PLUGIN, "notify", "ignore SIGTERM and hang"}, "hangs"},
    {"in a service", {ROGUE_PLUGIN, "notify", "secret", "withhold"}, "asked for a secret"},
    {"reading", {ROGUE_PLUGIN, "put", "", "withhold"}, "asked for bytes"},
    {"writing", {ROGUE_PLUGIN, "get", "", "withhold"}, "given bytes"},
    {"hanging in a stream", {ROGUE_PLUGIN, "put", "hang in mid-stream"}, "hangs"},
};

// A host that is killed tells nobody. Its worker's parent is this test then, which sees how it ends.
TEST(HostGone, EndsItsWorkerWhateverThatIsAt) {
    ASSERT_EQ(::prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    for (const Held& held : kHeld) {
        SCOPED_TRACE(held.name);
        std::vector<std::string> words{WORKER_HOLDER};
        words.insert(words.end(), held.words.begin(), held.words.end());
        Spoken host(words);
        ASSERT_TRUE(host.says(held.says));
        const pid_t worker = worker_of(host.pid());
        ASSERT_GT(worker, 0);
        ASSERT_EQ(::kill(worker, 0), 0) << "it is gone before its host";
        host.kill();
        int how = 0;
        EXPECT_TRUE(becomes([&] { return ::waitpid(worker, &how, WNOHANG) == worker; }))
            << "it is an orphan";
        EXPECT_TRUE(WIFEXITED(how));
        ::kill(worker, SIGKILL);
    }
}

// Before there is anybody in the worker that listens.
TEST(HostGone, EndsAWorkerWhoseLibraryHangsWhileItLoads) {
    ASSERT_EQ(::prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    for (const std::string name : {"constructor_hang", "init_hang"}) {
        SCOPED_TRACE(name);
        Spoken host({WORKER_HOLDER, FAULT_PLUGINS "/" + name + ".so", "notify", ""});
        const pid_t worker = worker_of(host.pid());
        ASSERT_GT(worker, 0);
        // A library comes from a memory file; its constructor runs as soon as it is mapped.
        ASSERT_TRUE(becomes([&] {
            return text_of("/proc/" + std::to_string(worker) + "/maps").find("/memfd:") !=
                   std::string::npos;
        }));
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        host.kill();
        int how = 0;
        EXPECT_TRUE(becomes([&] { return ::waitpid(worker, &how, WNOHANG) == worker; }))
            << "it is an orphan";
        ::kill(worker, SIGKILL);
        ::waitpid(worker, &how, 0);
    }
}

// An isolated notifier as the program opens it, with a folder of its own below `temp_root`.
class Opened final {
public:
    Opened(const std::string& mode, const std::string& temp_root) {
        plugin::Component component;
        component.module = "test.rogue";
        component.kind = BKT_KIND_NOTIFIER;
        component.name = "rogue";
        component.needs = {"bkt.secret/1", "bkt.temp/1"};
        component.ops = &rogue<bkt_notifier_ops>(BKT_KIND_NOTIFIER);
        plugin::Grants grants;
        grants.config["mode"] = mode;
        grants.temp_root = temp_root;
        auto made = plugin::Instance<bkt_notifier_ops>::open(component, std::move(grants), scope_);
        if (made) instance_.emplace(*std::move(made));
    }
    bool is_open() const { return instance_.has_value(); }
    Status notify() const {
        return instance_->call(scope_, [](const auto& ops, void* self, const bkt_call* call) {
            const auto e = event();
            return ops.notify(self, call, &e);
        });
    }

private:
    base::Cancel cancel_;
    base::Scrubber scrubber_;
    const plugin::CallScope scope_{cancel_, scrubber_, std::nullopt, {}};
    std::optional<plugin::Instance<bkt_notifier_ops>> instance_;
};

bool has_zombie() {
    siginfo_t info{};
    return ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0;
}
bool has_child() {
    siginfo_t info{};
    return ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

TEST(WorkerGone, LeavesNoZombieDescriptorOrFolder) {
    TempDir root;
    { const Opened warm("", root.path()); }
    const auto before = open_descriptors();
    for (const char* mode :
         {"write its folder and crash", "kill", "_exit", "hang", "leak", "open: segfault",
          "open: exit", "close: segfault", "write its folder"}) {
        SCOPED_TRACE(mode);
        {
            const Opened plugin(mode, root.path());
            if (plugin.is_open()) {
                EXPECT_FALSE(fs::is_empty(root.path())) << "it has no folder";
                const bool lives = std::string(mode) == "leak" ||
                                   std::string(mode).ends_with("folder") ||
                                   std::string(mode).starts_with("close");
                EXPECT_EQ(plugin.notify().has_value(), lives);
                EXPECT_FALSE(has_zombie()) << "while its instance is still open";
            }
        }
        EXPECT_FALSE(has_child());
        EXPECT_TRUE(fs::is_empty(root.path()));
        EXPECT_EQ(open_descriptors(), before);
    }
}

}  // namespace
}  // namespace bkt::test
