// The parts of a dump by an isolated engine.
#include "baktainer/abi/kinds/engine.h"
#include "baktainer/testing/memory_parts.hpp"
#include "tests/fault/worker/isolated.hpp"

namespace bkt::test {
namespace {

struct Dumped {
    bkt_rc rc;
    Error said;
    bool complete;
};

Dumped dump(const std::string& mode) {
    Rogue<bkt_engine_ops> engine(BKT_KIND_ENGINE, mode);
    testing::FakeCall call(engine.host.raw());
    testing::MemoryPlan plan;
    plan.parts["p"] = {};
    testing::MemoryPartsOut out(plan);
    const bkt_rc rc = engine.ops().dump(engine.self(), call.raw(), out.raw());
    return {rc, call.failure().value_or(Error{Code::bug, ""}), out.complete()};
}

TEST(WorkerParts, AreWholeOnBothSidesOrNotAtAll) {
    const auto good = dump("");
    EXPECT_EQ(good.rc, BKT_OK);
    EXPECT_TRUE(good.complete);
    const auto crash = dump("crash before the end of a part");
    EXPECT_EQ(crash.rc, BKT_FAULT);
    EXPECT_FALSE(crash.complete);
    const auto lie = dump("lie about the tool's bytes");
    EXPECT_EQ(lie.rc, BKT_TRUNCATED);
    EXPECT_FALSE(lie.complete);
    // OK of a dump that began or finished less than it planned, or believed a tool that failed.
    for (const char* mode : {"begin no part", "finish no part", "believe a tool that failed"})
        EXPECT_FALSE(dump(mode).complete) << mode;
    EXPECT_EQ(dump("finish a part twice").rc, BKT_BUG);
}

// The host's sink is gone by then; a handle must never lead back to it.
TEST(WorkerParts, ThatAreOverCannotBeWrittenTo) {
    const auto ended = dump("use a part that is over");
    EXPECT_EQ(ended.rc, BKT_FAULT);
    EXPECT_NE(ended.said.message.find("used a stream that was over"), std::string::npos)
        << ended.said.message;
}

}  // namespace
}  // namespace bkt::test
