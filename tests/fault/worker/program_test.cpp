// A program that an isolated engine brings for a container reaches the host's exec whole: megabytes, any bytes.
#include "baktainer/abi/kinds/engine.h"
#include "baktainer/testing/end_to_end/process.hpp"
#include "baktainer/testing/memory_parts.hpp"
#include "baktainer/testing/plugin_under_test.hpp"
#include "tests/fault/worker/isolated.hpp"

namespace bkt::test {
namespace {

const bkt_engine_ops& isolated_sqlite() {
    plugin::Component component;
    component.module = "baktainer.engine.sqlite";
    component.kind = BKT_KIND_ENGINE;
    component.name = "sqlite";
    component.path = SQLITE_PLUGIN;
    component.needs = {BKT_SERVICE_EXEC, BKT_SERVICE_TEMP};
    component.trust = plugin::Trust::unsigned_code;
    const plugin::worker::Limits limits{std::chrono::seconds(5), std::chrono::seconds(5),
                                        std::chrono::seconds(5)};
    const auto made = plugin::worker::isolate_with(
        PLUGIN_HOST, limits,
        [](const std::string&, const std::string& what) { Faults::those().add(what); })(component);
    if (!made) throw std::runtime_error(made.error().message);
    return *static_cast<const bkt_engine_ops*>(*made);
}

TEST(WorkerExec, CarriesAProgramWhole) {
    testing::FakeHost host;
    host.config = {{"db.name", "/data/app.db"}, {"mode", "sidecar"}};
    std::string program;
    host.exec = [&](Call&, const ExecRequest& r) -> Result<ExecOutcome> {
        program = r.program;
        return Error{Code::denied, "seen enough"};
    };
    const auto& ops = isolated_sqlite();
    Faults::those().take();  // of a test before this one, where they share a process
    testing::FakeCall call(host.raw());
    void* self = nullptr;
    ASSERT_EQ(ops.open(host.raw(), call.raw(), &self), BKT_OK);
    testing::MemoryPlan plan;
    EXPECT_EQ(ops.plan(self, call.raw(), plan.raw()), BKT_DENIED);
    ops.close(self);
    EXPECT_GT(program.size(), std::size_t{1} << 20);
    EXPECT_TRUE(program == testing::detail::content(SQLITE_PROGRAM));
    EXPECT_TRUE(Faults::those().take().empty());
}

}  // namespace
}  // namespace bkt::test
