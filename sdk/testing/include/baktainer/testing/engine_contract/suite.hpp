// testing/engine_contract/suite.hpp: what every engine must do on a real server of its kind. An engine joins
// with a list of subjects, in a program of its own:
//
//     INSTANTIATE_TEST_SUITE_P(MyDatabase, EngineContract, testing::ValuesIn(my_subjects()),
//                              bkt::testing::subject_name);
//
// Runs the program ($BAKTAINER) against real containers ($DOCKER_HOST). A subject whose image is not there is
// skipped, saying so. How much data: $BAKTAINER_CONTRACT_MB, 48 unless told.
#pragma once

#include <gtest/gtest.h>

#include "baktainer/testing/engine_contract/box.hpp"
#include "baktainer/testing/engine_contract/damage.hpp"
#include "baktainer/testing/engine_contract/gigabyte.hpp"
#include "baktainer/testing/engine_contract/matrix.hpp"

namespace bkt::testing {

inline std::string subject_name(const ::testing::TestParamInfo<EngineSubject>& info) {
    return info.param.name;
}
inline void PrintTo(const EngineSubject& subject, std::ostream* out) { *out << subject.name; }

class EngineContract : public ::testing::TestWithParam<EngineSubject> {
protected:
    void SetUp() override {
        BKT_NEED_IMAGE(subject().image);
        if (!subject().needs.empty() &&
            docker({"run", "--rm", "--network=none", "--entrypoint", "sh", subject().image, "-c",
                    "command -v " + subject().needs})
                    .exit_code != 0)
            GTEST_SKIP() << "image " << subject().image << " has no " << subject().needs;
    }

    static const EngineSubject& subject() { return GetParam(); }
    static std::string size_mb() {
        const char* asked = std::getenv("BAKTAINER_CONTRACT_MB");
        return std::string("SIZE_MB=") + (asked && *asked ? asked : "48");
    }

    void must_back_up(const EngineBox& box) {
        const auto done = program_->run({"backup", box.name()});
        ASSERT_EQ(done.exit_code, 0) << done.out << done.err;
    }
    // Not a skip: there is nothing here that could be tested.
    static void not_applicable(const char* why) { RecordProperty("not_applicable", why); }
    // Exit 1, a cause, a remedy, no secret, and nothing kept.
    void expect_failed(const Ended& done) {
        EXPECT_EQ(done.exit_code, 1) << done.out << done.err;
        EXPECT_NE(done.err.find("hint: "), std::string::npos) << "no remedy: " << done.err;
        if (!subject().password.empty()) {
            EXPECT_EQ((done.out + done.err).find(subject().password), std::string::npos);
        }
        EXPECT_TRUE(program_->ids().empty());
        const auto left = program_->stored();
        EXPECT_TRUE(left.empty()) << left.front();
    }
    // Until bytes of a dump are in the store; at most a minute.
    void wait_for_bytes(Process& run) {
        for (int i = 0; i < 6000 && run.running(); ++i) {
            for (const auto& file : program_->stored()) {
                std::error_code gone;
                const auto size = std::filesystem::file_size(program_->store() + "/" + file, gone);
                if (!gone && size > 256 * 1024) return;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(10));  // nothing tells us
        }
        const auto ended = run.wait(std::chrono::seconds(0));
        ADD_FAILURE() << "the dump never got under way: " << ended.out << ended.err;
    }
    // Slow enough to act in the middle of it.
    static std::vector<std::string> slow() { return {"limit-rate=2MiB", "compress=none"}; }

    DockerBaktainer program_;
};

TEST_P(EngineContract, WhatWasSeededComesBackInANewContainer) {
    EngineBox box(subject());
    box.run(subject().seed);
    const auto before = box.digest();
    ASSERT_FALSE(before.empty());
    must_back_up(box);
    const auto verified = program_->run({"verify", "--all"});
    EXPECT_EQ(verified.exit_code, 0) << verified.out << verified.err;
    const auto shown = nlohmann::json::parse(
        program_->run({"--output", "json", "show", program_.only_id()}).out, nullptr, false);
    ASSERT_TRUE(shown.is_object());
    EXPECT_EQ(shown.at("engine").at("name"), subject().engine) << "recognised without a label";
    box.run(subject().change);
    EXPECT_NE(box.digest(), before) << "the digest sees no difference";

    const RestoredBox restored(program_->run({"restore", program_.only_id()}));
    if (!HasFailure()) {
        EXPECT_EQ(must_run_script(restored.name(), subject().digest), before);
    }
}

TEST_P(EngineContract, ARestoreOverOtherDataBringsTheOldStateBack) {
    if (!subject().in_place) return not_applicable("is not restored in place");
    EngineBox box(subject());
    box.run(subject().seed);
    const auto before = box.digest();
    must_back_up(box);
    const auto id = program_.only_id();
    box.run(subject().change);
    const auto changed = box.digest();
    const auto refused = program_->run({"restore", id, "--to", box.name()});
    EXPECT_EQ(refused.exit_code, 2) << "without --confirm: " << refused.out << refused.err;
    EXPECT_EQ(box.digest(), changed) << "nothing may have been touched";
    const auto done = program_->run({"restore", id, "--to", box.name(), "--confirm"});
    ASSERT_EQ(done.exit_code, 0) << done.out << done.err;
    EXPECT_EQ(box.digest(), before);
    EXPECT_EQ(program_->ids().size(), 2u) << "the safety backup";
}

TEST_P(EngineContract, AnEmptyServerIsBackedUpAndComesBack) {
    EngineBox box(subject());
    const auto before = box.digest();
    must_back_up(box);
    EXPECT_EQ(program_->run({"verify", "--all"}).exit_code, 0);
    const RestoredBox restored(program_->run({"restore", program_.only_id()}));
    if (!HasFailure()) {
        EXPECT_EQ(must_run_script(restored.name(), subject().digest), before);
    }
}

TEST_P(EngineContract, MuchDataComesBack) {
    EngineBox box(subject());
    box.run(subject().fill, {size_mb()});
    const auto before = box.digest();
    must_back_up(box);
    const RestoredBox restored(program_->run({"restore", program_.only_id()}));
    if (!HasFailure()) {
        EXPECT_EQ(must_run_script(restored.name(), subject().digest), before);
    }
}

// A table far larger than the memory the program may take for it. Minutes: of the whole matrix only.
TEST_P(EngineContract, AGigabyteOfRowsComesBackInLittleMemory) {
    if (subject().weigh.empty()) return not_applicable("has no rows to weigh");
    if (!whole_matrix()) GTEST_SKIP() << "a gigabyte is of the whole matrix: BAKTAINER_MATRIX=all";
    constexpr std::chrono::minutes kLong{20};
    constexpr long kPeakMib = 128;
    EngineBox box(subject());
    const auto in_box = [&](const std::string& container, const std::string& script) {
        Process process(
            {docker_program(), "exec", "-e", "SIZE_MB=1024", container, "sh", "-euc", script});
        const auto ended = process.wait(kLong);
        EXPECT_EQ(ended.exit_code, 0) << ended.err;
        return ended.out;
    };
    const auto watched = [&](const std::vector<std::string>& words) {
        const auto process = program_->start(words);
        long peak_mib = 0;
        auto ended = wait_watching(*process, kLong, peak_mib);
        EXPECT_EQ(ended.exit_code, 0) << ended.out << ended.err;
        EXPECT_GT(peak_mib, 0) << words.front();
        EXPECT_LT(peak_mib, kPeakMib) << words.front();
        RecordProperty(words.front() + "_peak_mib", static_cast<int>(peak_mib));
        return ended;
    };
    in_box(box.name(), subject().fill);
    const auto before = in_box(box.name(), subject().weigh);
    watched({"backup", box.name()});
    const auto shown = nlohmann::json::parse(
        program_->run({"--output", "json", "show", program_.only_id()}).out, nullptr, false);
    ASSERT_TRUE(shown.is_object());
    std::uint64_t plain_bytes = 0;
    for (const auto& part : shown.at("parts"))
        plain_bytes += part.at("plain").at("size_bytes").get<std::uint64_t>();
    EXPECT_GT(plain_bytes, 900ull << 20) << "that was no gigabyte";
    watched({"verify", "--all"});
    const RestoredBox restored(watched({"restore", program_.only_id()}));
    if (!HasFailure()) {
        EXPECT_EQ(in_box(restored.name(), subject().weigh), before);
    }
}

// The dump cut short at twenty places: its validator alone notices each.
TEST_P(EngineContract, ACutDumpIsNoDump) {
    if (subject().plugin.empty()) return not_applicable("no library of the engine is named");
    EngineBox box(subject());
    box.run(subject().seed);
    must_back_up(box);
    const PlainParts parts(*program_.operator->(), program_.only_id());
    ASSERT_FALSE(parts.all().empty());
    const EngineValidator validator(subject().plugin, subject().settings);
    for (const auto& part : parts.all()) {
        EXPECT_EQ(validator.judge(part, part.bytes), "") << part.name << " as it was dumped";
        for (const auto length : cuts(part.bytes.size(), 20))
            EXPECT_NE(validator.judge(part, part.bytes.substr(0, length)), "")
                << part.name << " cut at " << length << " of " << part.bytes.size();
    }
}

TEST_P(EngineContract, DamagedStoredBytesAreFound) {
    EngineBox box(subject());
    box.run(subject().seed);
    must_back_up(box);
    const auto id = program_.only_id();
    for (const auto& file : program_->stored()) {
        if (file.ends_with("manifest.json") || file.ends_with("RESTORE.txt")) continue;
        for (const auto& damage : kDamages) {
            const DamagedFile damaged(program_->store() + "/" + file, damage);
            const auto done = program_->run({"verify", id});
            EXPECT_EQ(done.exit_code, 13) << file << " " << damage.name << done.out << done.err;
        }
    }
    EXPECT_EQ(program_->run({"verify", id}).exit_code, 0) << "as it was";
}

TEST_P(EngineContract, AWrongPasswordIsAFailureThatSaysSo) {
    if (subject().wrong_password.empty()) return not_applicable("asks for none");
    EngineBox box(subject(), subject().wrong_password);
    const auto done = program_->run({"-vv", "backup", box.name()});
    expect_failed(done);
    EXPECT_EQ(done.err.find("wrong-pässwörd"), std::string::npos) << done.err;
}

TEST_P(EngineContract, AMissingToolIsAFailureThatNamesIt) {
    if (subject().hide_tools.empty()) return not_applicable("needs no tool");
    EngineBox box(subject());
    box.run(subject().hide_tools);
    expect_failed(program_->run({"backup", box.name()}));
}

TEST_P(EngineContract, TooFewRightsFailRatherThanSaveHalf) {
    if (subject().weak_login.empty()) return not_applicable("has no lesser rights");
    EngineBox box(subject(), subject().weak_labels);
    box.run(subject().seed);
    box.run(subject().weak_login);
    expect_failed(program_->run({"backup", box.name()}));
}

TEST_P(EngineContract, AServerThatRestartsMidwayCostsTheRunOnly) {
    EngineBox box(subject(), slow());
    box.run(subject().fill, {"SIZE_MB=24"});
    const auto run = program_->start({"backup", box.name()});
    wait_for_bytes(*run);
    must_docker({"restart", "-t", "1", box.name()});
    const auto ended = run->wait();
    if (subject().outlives_restart) {
        EXPECT_EQ(ended.exit_code, 0) << ended.out << ended.err;
    } else {
        expect_failed(ended);
    }
    wait_until_ready(subject(), box.name());
    must_back_up(box);
    EXPECT_EQ(program_->run({"verify", "--all"}).exit_code, 0);
}

// Writers move sums between accounts all the while; what comes back adds up.
TEST_P(EngineContract, ADumpUnderWritesIsOneConsistentState) {
    if (subject().transfer.empty()) return not_applicable("promises none");
    EngineBox box(subject(), {"limit-rate=4MiB", "compress=none"});
    box.run(subject().accounts);
    box.run(subject().fill, {"SIZE_MB=8"});
    const auto sum = box.run(subject().sum);
    Process writer({"docker", "exec", box.name(), "sh", "-euc", subject().transfer});
    const auto done = program_->run({"backup", box.name()});
    EXPECT_TRUE(writer.running()) << "the writer ended early: " << writer.wait().err;
    ASSERT_EQ(done.exit_code, 0) << done.out << done.err;
    const RestoredBox restored(program_->run({"restore", program_.only_id()}));
    if (!HasFailure()) {
        EXPECT_EQ(must_run_script(restored.name(), subject().sum), sum);
    }
}

TEST_P(EngineContract, ThePasswordAppearsNowhere) {
    if (subject().password.empty()) return not_applicable("has none");
    EngineBox box(subject(), slow());
    box.run(subject().fill, {"SIZE_MB=6"});
    const auto run = program_->start({"-vv", "--output", "json", "backup", box.name()});
    unsigned looks = 0;
    while (run->running()) {
        // Everything that runs in the container, as its kernel sees it.
        const auto top = docker({"top", box.name(), "-eo", "pid,args"});
        EXPECT_EQ(top.out.find(subject().password), std::string::npos) << top.out;
        looks += top.exit_code == 0;
    }
    const auto done = run->wait();
    EXPECT_EQ(done.exit_code, 0) << done.out << done.err;
    EXPECT_GT(looks, 2u);
    EXPECT_EQ((done.out + done.err).find(subject().password), std::string::npos);
    EXPECT_FALSE(program_->keeps(subject().password));
    for (const auto& args : std::vector<std::vector<std::string>>{
             {"targets", "explain", box.name()}, {"show", program_.only_id()}, {"-vv", "doctor"}}) {
        const auto shown = program_->run(args);
        EXPECT_EQ((shown.out + shown.err).find(subject().password), std::string::npos);
    }
}

}  // namespace bkt::testing
