// What a tool says on stderr is kept, but for the secrets of the run, whole or in part.
#include "tests/unit/core/plugin/services/fixture.hpp"

namespace bkt::plugin {
namespace {

class ExecTest : public ServicesTest {
protected:
    // The tail a caller is told of a tool whose transport kept `tail`.
    std::string told(const std::string& tail) {
        auto grants = grants_of("mine");
        grants.scrubber->add(base::Secret("hunter2-hunter2"));
        grants.exec = [&](const bkt_call*, const bkt_exec_request*, const bkt_exec_report* report) {
            bkt_exec_result result{};
            result.size = sizeof result;
            result.stderr_tail = str(tail);
            report->exited(report, &result);
            return bkt_rc{BKT_OK};
        };
        Asked ask(scope_, std::move(grants));
        auto ran = ask.call.exec({"tool"}).result();
        EXPECT_TRUE(ran);
        return ran ? ran->stderr_tail : "";
    }
};

TEST_F(ExecTest, ScrubsWhatTheToolSaid) {
    EXPECT_EQ(told("no entry for hunter2-hunter2\n"), "no entry for ***\n");
}

// A transport keeps the last 64 KiB: their first line may begin in the middle of a secret.
TEST_F(ExecTest, DropsTheHalfLineAFullTailBeginsWith) {
    const std::string half = "2-hunter2 is wrong\nthe end\n";
    EXPECT_EQ(told(half), half) << "a short one is whole";
    const auto full =
        told("2-hunter2 is wrong\n" + std::string(64 * 1024 - 27, 'x') + "\nthe end\n");
    EXPECT_EQ(full.find("hunter"), std::string::npos);
    EXPECT_TRUE(full.ends_with("\nthe end\n"));
}

}  // namespace
}  // namespace bkt::plugin
