#include "core/plugin/quarantine.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/support/temp_dir.hpp"

namespace bkt::plugin {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

class QuarantineTest : public ::testing::Test {
protected:
    bool note(std::chrono::seconds at) {
        const auto out = quarantine_.note_fault(id_, "signal 11", base::WallTime(at));
        EXPECT_TRUE(out) << out.error().message;
        return out && *out;
    }
    test::TempDir dir_;
    Quarantine quarantine_{dir_.path()};
    const std::string id_ = "com.acme.x";
};

TEST_F(QuarantineTest, ThreeFaultsWithinTenMinutesAreTooMany) {
    const struct {
        const char* name;
        std::vector<seconds> at;
        bool out;
    } kCases[] = {
        {"none", {}, false},
        {"two", {seconds(0), seconds(1)}, false},
        {"three at once", {seconds(5), seconds(5), seconds(5)}, true},
        {"just within", {seconds(0), minutes(5), minutes(10)}, true},
        {"just not", {seconds(0), minutes(5), minutes(10) + seconds(1)}, false},
        {"one an hour", {minutes(0), minutes(60), minutes(120), minutes(180)}, false},
        {"the last three", {minutes(0), minutes(60), minutes(61), minutes(62)}, true},
        {"it stays", {minutes(0), minutes(1), minutes(2), minutes(600)}, true},
        {"a clock set back", {minutes(60), minutes(1), minutes(2)}, true},
    };
    for (const auto& c : kCases) {
        const Quarantine fresh(dir_.path() + "/" + c.name);
        bool told = false;
        for (const auto at : c.at)
            told = fresh.note_fault(id_, "x", base::WallTime(at)).value_or(!c.out);
        EXPECT_EQ(told, c.out) << c.name;
        const auto out = fresh.is_quarantined(id_);
        ASSERT_TRUE(out) << c.name;
        EXPECT_EQ(*out, c.out) << c.name;
    }
}

TEST_F(QuarantineTest, StaysWhateverHappensLater) {
    for (int i = 0; i < 3; ++i) note(seconds(i));
    for (int i = 0; i < 50; ++i) note(minutes(100 * (i + 1)));
    EXPECT_TRUE(quarantine_.is_quarantined(id_).value_or(false));
    EXPECT_LE(quarantine_.faults(id_).value_or({}).size(), Quarantine::kKeptFaults);
}

TEST_F(QuarantineTest, KnowsWhatHappenedAndForgetsOnReset) {
    note(seconds(7));
    const auto faults = quarantine_.faults(id_);
    ASSERT_TRUE(faults);
    EXPECT_EQ(*faults, (std::vector<Fault>{{base::WallTime(seconds(7)), "signal 11"}}));
    EXPECT_TRUE(quarantine_.reset(id_).value_or(false));
    EXPECT_FALSE(quarantine_.reset(id_).value_or(true));
    EXPECT_TRUE(quarantine_.faults(id_).value_or({{}}).empty());
}

TEST_F(QuarantineTest, AnotherPluginIsNotConcerned) {
    for (int i = 0; i < 3; ++i) note(seconds(i));
    EXPECT_FALSE(quarantine_.is_quarantined("com.acme.y").value_or(true));
}

TEST_F(QuarantineTest, ARecordNobodyCanReadKeepsThePluginOut) {
    note(seconds(1));
    const auto file = dir_.path() + "/quarantine/" + id_ + ".json";
    for (const char* text : {"", "{", "{}", R"({"faults":[{"time":"noon","what":"x"}]})"}) {
        std::ofstream(file) << text;
        const auto out = quarantine_.is_quarantined(id_);
        ASSERT_FALSE(out) << text;
        EXPECT_EQ(out.error().code, Code::corrupt);
        EXPECT_NE(out.error().hint.find("plugin reset"), std::string::npos);
    }
    EXPECT_TRUE(quarantine_.reset(id_).value_or(false));
    EXPECT_FALSE(quarantine_.is_quarantined(id_).value_or(true));
}

TEST_F(QuarantineTest, AnIdIsNeverAPath) {
    for (const char* id : {"../x", "/etc/passwd", "", ".lock", "a/b"})
        EXPECT_FALSE(quarantine_.note_fault(id, "x")) << id;
    EXPECT_FALSE(std::filesystem::exists(dir_.path() + "/x.json"));
}

// No fault is lost when several processes tell theirs at once.
TEST_F(QuarantineTest, ProcessesShareTheRecord) {
    std::vector<pid_t> children;
    for (int p = 0; p < 4; ++p) {
        const pid_t child = ::fork();
        if (child == 0) {
            bool ok = true;
            for (int i = 0; i < 4; ++i)
                ok = quarantine_.note_fault(id_, "x", base::WallTime(minutes(100 * (p * 4 + i))))
                         .has_value() &&
                     ok;
            ::_exit(ok ? 0 : 1);
        }
        children.push_back(child);
    }
    for (const pid_t child : children) {
        int status = -1;
        ::waitpid(child, &status, 0);
        EXPECT_EQ(status, 0);
    }
    EXPECT_EQ(quarantine_.faults(id_).value_or({}).size(), 16u);
}

}  // namespace
}  // namespace bkt::plugin
