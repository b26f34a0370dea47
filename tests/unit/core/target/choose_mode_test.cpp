// Where a job's tools run, and what that says about the server's address.
#include "core/target/choose_mode.hpp"

#include <gtest/gtest.h>

#include "baktainer/abi/kinds/engine.h"

namespace bkt::target {
namespace {

struct Row {
    const char* name;
    const char* asked;
    std::uint32_t modes;
    std::uint64_t memory_limit_bytes;
    const char* address;
    const char* host;     // db.host as labelled
    const char* becomes;  // mode
    const char* at;       // db.host afterwards
    const char* refused;  // part of the reason; "" = it is not
};

constexpr std::uint32_t kAll = BKT_MODE_EXEC | BKT_MODE_SIDECAR | BKT_MODE_REMOTE;
constexpr Row kRows[] = {
    {"auto is exec", "auto", kAll, 0, "10.0.0.2", "", "exec", "", ""},
    {"auto spares a tight container", "auto", kAll, 64u << 20, "", "", "sidecar", "127.0.0.1", ""},
    {"auto of an engine without sidecar", "auto", BKT_MODE_EXEC, 64u << 20, "", "", "exec", "", ""},
    {"a roomy container", "auto", kAll, 1u << 30, "", "", "exec", "", ""},
    {"auto of an engine of the network", "auto", BKT_MODE_REMOTE, 64u << 20, "10.0.0.2", "",
     "remote", "10.0.0.2", ""},
    {"sidecar", "sidecar", kAll, 0, "", "", "sidecar", "127.0.0.1", ""},
    {"sidecar and a host of one's own", "sidecar", kAll, 0, "", "db", "sidecar", "db", ""},
    {"remote by the container's address", "remote", kAll, 0, "10.0.0.2", "", "remote", "10.0.0.2",
     ""},
    {"remote by a label", "remote", kAll, 0, "10.0.0.2", "db.lan", "remote", "db.lan", ""},
    {"remote to nowhere", "remote", kAll, 0, "", "", "remote", "", "where the server listens"},
    {"what the engine does not offer", "remote", BKT_MODE_EXEC, 0, "10.0.0.2", "", "remote",
     "10.0.0.2", "cannot work in mode 'remote'"},
};

TEST(ChooseMode, TakesTheEnginesBestAndSaysWhatItImplies) {
    for (const auto& row : kRows) {
        SCOPED_TRACE(row.name);
        auto target = std::make_shared<Target>();
        target->memory_limit_bytes = row.memory_limit_bytes;
        target->address = row.address;
        Job job;
        job.target = target;
        job.engine = "postgres";
        job.settings["mode"] = {row.asked, "default", ""};
        if (*row.host) job.settings["db.host"] = {row.host, "label baktainer.db.host", ""};
        Recognised postgres;
        postgres.engine = "postgres";
        postgres.modes = row.modes;
        choose_mode(job, {postgres});
        EXPECT_EQ(job.setting("mode"), row.becomes);
        EXPECT_EQ(job.setting("db.host"), row.at);
        EXPECT_EQ(job.blocked.has_value(), *row.refused != 0);
        if (job.blocked) {
            EXPECT_NE(job.blocked->text.find(row.refused), std::string::npos) << job.blocked->text;
        }
    }
}

// "The container" of a local target is this machine: there is nothing to be beside of.
TEST(ChooseMode, OfALocalTargetIsExecOnly) {
    auto target = std::make_shared<Target>();
    target->host_files = true;
    Job job;
    job.target = target;
    job.engine = "postgres";
    job.settings["mode"] = {"sidecar", "label", ""};
    Recognised postgres;
    postgres.engine = "postgres";
    postgres.modes = kAll;
    choose_mode(job, {postgres});
    ASSERT_TRUE(job.blocked);
    EXPECT_EQ(job.blocked->hint, "it can: exec");
}

}  // namespace
}  // namespace bkt::target
