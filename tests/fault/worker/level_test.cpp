// What is said to keep a plugin in is what keeps it in: on this kernel, and on one that refuses parts of it.
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "tests/fault/load/shelf.hpp"
#include "tests/fault/worker/isolated.hpp"
#include "tests/fault/worker/processes.hpp"
#include "tests/support/baktainer.hpp"
#include "tests/support/sanitized.hpp"

namespace bkt::test {
namespace {

using nlohmann::json;
constexpr const char* kId = "test.rogue";
constexpr const char* kWritten = "/var/tmp/bkt-rogue";  // by the mode "write a file"

using Words = std::set<std::string>;
Words words_of(const std::string& text) {
    std::istringstream in(text);
    Words all;
    for (std::string word; in >> word;) all.insert(word);
    return all;
}

std::vector<std::string> refusing(const std::string& calls, std::vector<std::string> program) {
    if (!calls.empty()) program.insert(program.begin(), {REFUSING_KERNEL, calls});
    return program;
}

// What a worker's process is really kept from.
struct InForce {
    bool user, no_new_privs, limits, files;
    int filters;
};

// The layers the host was told of, and those found in force.
std::pair<Words, InForce> run_worker(const std::string& refused) {
    const std::string prefix = "runs in a process of its own, kept in by ";
    const auto told_by = [&](Spoken& host) {
        while (const auto line = host.line())
            if (line->starts_with(prefix)) return words_of(line->substr(prefix.size()));
        ADD_FAILURE() << "it tells no layers";
        return Words();
    };
    Spoken hanging(refusing(refused, {WORKER_HOLDER, ROGUE_PLUGIN, "notify", "hang"}));
    const Words told = told_by(hanging);
    EXPECT_TRUE(hanging.says("hangs"));
    const auto children = children_of(hanging.pid());
    EXPECT_EQ(children.size(), 1u);
    const pid_t worker = children.empty() ? 0 : children[0];
    InForce found{};
    found.user = words_of(status_of(worker, "Uid")) != Words{"0"};
    found.no_new_privs = status_of(worker, "NoNewPrivs") == "1";
    const auto filters = status_of(worker, "Seccomp_filters");
    found.filters = filters.empty() ? -1 : std::stoi(filters);
    const auto limits = text_of("/proc/" + std::to_string(worker) + "/limits");
    const auto at = limits.find("Max open files");
    found.limits = at != limits.npos &&
                   words_of(limits.substr(at, limits.find('\n', at) - at)).contains("256");
    ::unlink(kWritten);
    Spoken writing(refusing(refused, {WORKER_HOLDER, ROGUE_PLUGIN, "notify", "write a file"}));
    EXPECT_TRUE(writing.says("returned"));
    found.files = ::access(kWritten, F_OK) != 0;
    ::unlink(kWritten);
    return {told, found};
}

class SandboxLevel : public ::testing::Test {
protected:
    SandboxLevel() {
        shelf_.put(kId, ROGUE_PLUGIN, [](plugin::Manifest& m) {
            m.components = {{BKT_KIND_NOTIFIER, "rogue", "misbehaves", ""}};
            m.needs = {"bkt.secret/1", "bkt.temp/1"};
        });
        ::chmod(program_.home().c_str(), 0755);
        program_.configure("plugins:\n  path: " + shelf_.path() + "\n  use:\n    " + kId +
                           ": { trust: unsigned }\n");
    }
    Ended ask(const std::string& refused, std::vector<std::string> words) const {
        words.insert(words.begin(),
                     {Baktainer::program(), "--config", program_.home() + "/b.yaml"});
        return run(refusing(refused, words));
    }
    json shown(const std::string& refused, const std::vector<std::string>& verb) const {
        auto words = verb;
        words.insert(words.end(), {"--output", "json"});
        const auto done = ask(refused, words);
        EXPECT_EQ(done.exit_code, 0) << done.err;
        std::istringstream in(done.out);
        for (std::string line; std::getline(in, line);)
            if (const auto j = json::parse(line); j.value("id", "") == kId) return j["sandbox"];
        ADD_FAILURE() << done.out;
        return {};
    }

    plugin::Shelf shelf_;
    Baktainer program_{"  local: { targets: [] }"};
};

struct Case {
    const char* refused;  // system calls
    const char* missing;  // the layer
    const char* remedy;
};
const Case kCases[] = {
    {"", "", ""},
    {"444", "landlock", "landlock among its lsm="},  // landlock_create_ruleset
    {"seccomp", "seccomp", "pass the system call seccomp"},
    {"prlimit64", "rlimits", "pass the system call prlimit64"},
};

TEST_F(SandboxLevel, IsToldAsItIsInForce) {
    if (kSanitized) GTEST_SKIP() << "a sanitizer's process is not kept from files";
    const bool has_landlock = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, 1) > 0;
    const auto ours = status_of(::getpid(), "Seccomp_filters");
    for (const Case& c : kCases) {
        SCOPED_TRACE(*c.refused ? c.missing : "nothing is refused");
        const auto [told, found] = run_worker(c.refused);
        Words expected{"user", "no_new_privs", "rlimits", "seccomp"};
        if (has_landlock) expected.insert("landlock");
        expected.erase(c.missing);
        EXPECT_EQ(told, expected);

        EXPECT_EQ(found.user, told.contains("user"));
        EXPECT_EQ(found.no_new_privs, told.contains("no_new_privs"));
        EXPECT_EQ(found.limits, told.contains("rlimits"));
        EXPECT_EQ(found.files, told.contains("landlock"));
        if (!ours.empty()) {
            const int outer = std::stoi(ours) + (*c.refused ? 1 : 0);
            EXPECT_EQ(found.filters, outer + (told.contains("seccomp") ? 1 : 0));
        }

        for (const auto& verb : {std::vector<std::string>{"plugin", "list"},
                                 std::vector<std::string>{"plugin", "info", kId}}) {
            const json level = shown(c.refused, verb);
            EXPECT_EQ(level.value("layers", Words()), told) << level;
            Words missing;
            if (*c.refused) missing.insert(c.missing);
            if (!has_landlock) missing.insert("landlock");
            EXPECT_EQ(level.value("missing", Words()), missing) << level;
        }
        const auto listed = ask(c.refused, {"plugin", "list"}).out;
        const auto info = ask(c.refused, {"plugin", "info", kId}).out;
        const auto doctor = ask(c.refused, {"doctor"}).out;
        if (!*c.refused && !has_landlock) continue;
        const std::string level = *c.refused ? std::string("without ") : "full";
        EXPECT_NE(listed.find(level), std::string::npos) << listed;
        EXPECT_NE(doctor.find("sandbox of plugins: " + level), std::string::npos) << doctor;
        EXPECT_NE(info.find(c.remedy), std::string::npos) << info;
        EXPECT_NE(doctor.find(c.remedy), std::string::npos) << doctor;
    }
}

// Where root's rights cannot be given up no plugin runs, and that is said before one is tried.
TEST_F(SandboxLevel, IsNoneWhereRootCannotBeGivenUp) {
    if (::geteuid() != 0) GTEST_SKIP() << "this test is about root";
    Spoken host(refusing("setresuid", {WORKER_HOLDER, ROGUE_PLUGIN, "notify", ""}));
    EXPECT_TRUE(host.says("could not give up root's rights"));
    const json level = shown("setresuid", {"plugin", "list"});
    EXPECT_EQ(level.value("level", ""), "none: it cannot run here");
    EXPECT_NE(level.value("error", "").find("give up root"), std::string::npos) << level;
    EXPECT_FALSE(level.contains("layers"));
    const auto doctor = ask("setresuid", {"doctor"});
    EXPECT_EQ(doctor.exit_code, 1);
    EXPECT_NE(doctor.out.find("CAP_SETUID"), std::string::npos) << doctor.out;
}

// Its folder would be out of the reach of another user, so it keeps root's rights: said, not hidden.
TEST_F(SandboxLevel, IsLowerBelowAPrivateFolder) {
    if (::geteuid() != 0) GTEST_SKIP() << "this test is about root";
    ::chmod(program_.home().c_str(), 0700);
    EXPECT_TRUE(shown("", {"plugin", "list"}).value("missing", Words()).contains("user"));
}

}  // namespace
}  // namespace bkt::test
