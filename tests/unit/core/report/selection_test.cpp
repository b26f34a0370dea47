// Which events `on:` lets through.
#include "core/report/selection.hpp"

#include <gtest/gtest.h>

namespace bkt::report {
namespace {

// Every event of the table a list takes, in the table's order.
std::string taken(std::string_view list, bool recovered = false) {
    const auto selection = Selection::parse(list);
    if (!selection) return "error: " + selection.error().message;
    std::string all;
    for (const auto& row : run::kEvents)
        if (selection->takes({row.id, {}}, recovered)) all += std::string(row.id) + " ";
    return all;
}

TEST(Selection, TakesWhatItsWordsSay) {
    struct Case {
        const char *name, *list, *takes;
    };
    const std::string errors =
        "target.blocked run.failed verify.failed restore.failed store.unreachable "
        "source.unreachable ";
    for (const Case& c : {
             Case{"the default", "failed", errors.c_str()},
             {"its old spelling", "failures", errors.c_str()},
             {"warnings", "degraded", "run.degraded restore.gone catalog.failed store.swept "},
             {"successes", "finished", "run.finished verify.finished restore.finished "},
             {"one id", "restore.started", "restore.started "},
             {"a list", " run.started , run.failed", "run.started run.failed "},
             {"as YAML lists arrive", R"(["run.started","success"])",
              "run.started run.finished verify.finished restore.finished "},
             {"only a recovery", "recovered", ""},
             {"never of itself", "notify.failed,warnings",
              "run.degraded restore.gone catalog.failed store.swept "},
         }) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(taken(c.list), c.takes);
    }
}

TEST(Selection, TakesARecoveryWhenAsked) {
    const run::Event finished{"run.finished", {}};
    EXPECT_TRUE(Selection::parse("recovered")->takes(finished, true));
    EXPECT_FALSE(Selection::parse("failed")->takes(finished, true));
}

TEST(Selection, GoesByTheSeverityAPluginGave) {
    const auto event = [](const char* kind, run::Severity severity) {
        return run::Event{"plugin.event", {{"kind", std::string(kind)}}, severity};
    };
    const auto failed = *Selection::parse("failed");
    EXPECT_TRUE(failed.takes(event("engine", run::Severity::error), false));
    EXPECT_FALSE(failed.takes(event("engine", run::Severity::warning), false));
    EXPECT_FALSE(failed.takes(event("notifier", run::Severity::error), false))
        << "a notifier that complains must not cause what it complains of";
}

TEST(Selection, NamesTheWordItDoesNotKnow) {
    const auto wrong = Selection::parse("failed,run.finishd");
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().message, "'on' names the unknown event 'run.finishd'");
    EXPECT_EQ(wrong.error().hint, "did you mean 'run.finished'?");
    EXPECT_FALSE(Selection::parse(""));
    EXPECT_FALSE(Selection::parse("[]"));
}

}  // namespace
}  // namespace bkt::report
