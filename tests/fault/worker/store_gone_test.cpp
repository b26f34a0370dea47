// A store whose process is killed in the middle of a put: nothing of it can be seen, and what is left on disk
// is swept by the next.
#include <csignal>

#include "baktainer/testing/memory_stream.hpp"
#include "tests/fault/worker/isolated.hpp"
#include "tests/fault/worker/processes.hpp"
#include "tests/support/temp_dir.hpp"

namespace bkt::test {
namespace {

const bkt_storage_ops& isolated_local() {
    ::signal(SIGPIPE, SIG_IGN);  // as the program does
    plugin::Component component;
    component.module = "baktainer.storage.local";
    component.kind = BKT_KIND_STORAGE;
    component.name = "local";
    component.path = LOCAL_PLUGIN;
    component.trust = plugin::Trust::builtin;
    const auto made = plugin::worker::isolate_with(
        PLUGIN_HOST, {},
        [](const std::string&, const std::string& what) { Faults::those().add(what); })(component);
    if (!made) throw std::runtime_error(made.error().message);
    return *static_cast<const bkt_storage_ops*>(*made);
}

class OpenStore final {
public:
    OpenStore(const bkt_storage_ops& ops, const std::string& path) : ops_(ops) {
        host.config["path"] = path;
        const testing::FakeCall call(host.raw());
        EXPECT_EQ(ops.open(host.raw(), call.raw(), &self), BKT_OK);
    }
    ~OpenStore() { ops_.close(self); }
    OpenStore(const OpenStore&) = delete;
    OpenStore& operator=(const OpenStore&) = delete;

    testing::FakeHost host;
    void* self = nullptr;

private:
    const bkt_storage_ops& ops_;
};

std::size_t files_below(const std::string& path) {
    std::size_t n = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path))
        n += entry.is_regular_file() ? 1 : 0;
    return n;
}

TEST(StoreGone, InAPutLeavesOnlyWhatTheNextSweeps) {
    const auto& ops = isolated_local();
    const TempDir dir;
    {
        const OpenStore store(ops, dir.path());
        const auto children = children_of(::getpid());
        ASSERT_EQ(children.size(), 1u);
        struct Killing {
            pid_t worker;
            std::uint64_t given = 0;
        } killing{children[0]};
        const bkt_source source{sizeof source, 0, &killing,
                                [](const bkt_source* s, void* into, std::uint64_t cap,
                                   std::uint64_t* n) noexcept -> bkt_rc {
                                    auto& self = *static_cast<Killing*>(s->ctx);
                                    if ((self.given += cap) > 16u << 20)
                                        ::kill(self.worker, SIGKILL);
                                    std::memset(into, 'x', *n = cap);
                                    return BKT_OK;
                                },
                                0};
        const testing::FakeCall call(store.host.raw());
        EXPECT_EQ(ops.put(store.self, call.raw(), str("a/key"), 0, &source), BKT_FAULT);
    }
    EXPECT_EQ(files_below(dir.path()), 1u);
    const OpenStore next(ops, dir.path());
    const testing::FakeCall call(next.host.raw());
    testing::MemorySink sink;
    EXPECT_EQ(ops.get(next.self, call.raw(), str("a/key"), 0, 0, sink.raw()), BKT_NOT_FOUND);
    std::uint64_t removed = 0;
    EXPECT_EQ(ops.sweep(next.self, call.raw(), str("a/"), &removed), BKT_OK);
    EXPECT_EQ(removed, 1u);
    EXPECT_EQ(files_below(dir.path()), 0u);
    const testing::MemorySource again("whole");
    EXPECT_EQ(ops.put(next.self, call.raw(), str("a/key"), 0, again.raw()), BKT_OK);
}

}  // namespace
}  // namespace bkt::test
