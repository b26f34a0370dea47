// Every plugin we ship, and the examples, against the suite that strangers' plugins are held to: called in
// this process and through a process of its own. Both must hold it alike.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <set>

#include "baktainer/testing/conformance/cases.hpp"
#include "core/plugin/module.hpp"
#include "core/plugin/worker/isolate.hpp"
#include "tests/support/temp_dir.hpp"

namespace bkt::test {
namespace {

namespace suite = testing::conformance;

struct Subject {
    const char* name;
    const char* library;
    std::map<std::string, std::string> config, secrets;
};

const Subject kSubjects[] = {
    {"storage_local", STORAGE_LOCAL, {{"path", "<temp>"}}, {}},
    {"engine_sqlite", ENGINE_SQLITE, {}, {}},
    {"engine_postgres", ENGINE_POSTGRES, {}, {}},
    {"engine_mysql", ENGINE_MYSQL, {}, {}},
    {"engine_custom",
     ENGINE_CUSTOM,
     {{"command", R"(["cat"])"}, {"command.end-marker", "end"}},
     {}},
    {"engine_mongodb", ENGINE_MONGODB, {}, {}},
    {"engine_redis", ENGINE_REDIS, {}, {}},
    {"engine_influxdb", ENGINE_INFLUXDB, {}, {}},
    {"discovery_local", DISCOVERY_LOCAL, {}, {}},
    {"notifier_webhook",
     NOTIFIER_WEBHOOK,
     {{"url", "https://example.org/x"}},
     {{"token", "t"}, {"signing_key", "k"}}},
    {"secrets_command", SECRETS_COMMAND, {{"command", R"(["cat", "{}"])"}}, {}},
    {"hello_notifier", HELLO_NOTIFIER, {{"url", "https://example.org/x"}}, {}},
    {"c_notifier", C_NOTIFIER, {{"url", "https://example.org/x"}}, {}},
    {"counting_notifier", COUNTING_NOTIFIER, {}, {}},  // the one with a digest() of its own
    {"mini_engine", MINI_ENGINE, {}, {}},
};

struct Row {
    const Subject* subject;
    bool isolated;
};
void PrintTo(const Row& row, std::ostream* out) {
    *out << row.subject->name << (row.isolated ? " isolated" : " here");
}
std::vector<Row> rows() {
    std::vector<Row> all;
    for (const auto& subject : kSubjects)
        for (const bool isolated : {false, true}) all.push_back({&subject, isolated});
    return all;
}

class Conformance : public ::testing::TestWithParam<Row> {
protected:
    bkt_component component_of(const bkt_module& module) {
        return GetParam().isolated ? isolated(module) : *module.components[0];
    }
    // The component, its table replaced by the worker's proxies.
    bkt_component isolated(const bkt_module& module) {
        bkt_component component = *module.components[0];
        plugin::Component described;
        described.module = module.id;
        described.kind = component.kind;
        described.name = component.name;
        described.path = GetParam().subject->library;
        for (std::uint64_t i = 0; i < module.need_count; ++i)
            described.needs.emplace_back(module.needs[i]);
        described.trust = plugin::Trust::builtin;  // it keeps its rights: a store writes its files
        const auto made = plugin::worker::isolate_with(
            PLUGIN_HOST, {}, [this](const std::string&, const std::string& what) {
                const std::lock_guard lock(mutex_);
                faults_.push_back(what);
            })(described);
        if (!made) throw std::runtime_error(made.error().message);
        component.ops = *made;
        return component;
    }
    std::mutex mutex_;
    std::vector<std::string> faults_;
};

TEST_P(Conformance, HoldsEveryCase) {
    ::signal(SIGPIPE, SIG_IGN);
    const auto& given = *GetParam().subject;
    const auto module = plugin::load_module(given.library);
    ASSERT_TRUE(module) << module.error().message;
    const auto component = component_of(**module);
    TempDir dir;
    suite::Subject subject{component, given.config, given.secrets, 4711};
    for (auto& [key, value] : subject.config)
        if (value == "<temp>") value = dir.path();
    const auto cases = suite::cases_of(component.kind);
    ASSERT_GE(cases.size(), 14u);
    for (const auto& one : cases) {
        suite::Findings found;
        one.run(subject, found);
        for (const auto& finding : found.all()) ADD_FAILURE() << one.name << ": " << finding;
    }
    for (const auto& fault : faults_) ADD_FAILURE() << fault;
}

// Called in this process and through a process of its own, a plugin answers the same: every code, every word,
// every byte. But for the cases of random inputs, of which as many are tried as there is time for, and these:
const std::set<std::string> kNotAlike{
    "LetsOneOfTwoWin", "ListsWhileKeysChange",  // two threads race
    "MeetsAnOlderHost",  // a plugin's process is never older than its host: today's asks for it
    "DigestsMany",       // in a process of its own every notifier has a digest()
};

class Alike : public Conformance {};

TEST_P(Alike, AnswersHereAndInAProcessOfItsOwn) {
    ::signal(SIGPIPE, SIG_IGN);
    const auto& given = *GetParam().subject;
    const auto module = plugin::load_module(given.library);
    ASSERT_TRUE(module) << module.error().message;
    const bkt_component here = *(*module)->components[0], there = isolated(**module);
    const TempDir dir;
    auto config = given.config;
    for (auto& [key, value] : config)
        if (value == "<temp>") value = dir.path();
    const auto answers = [&](const bkt_component& component, const suite::Case& one) {
        const suite::Subject subject{component, config, given.secrets, 4711};
        suite::Findings found;
        one.run(subject, found);
        return found.heard();
    };
    std::size_t heard = 0;
    for (const auto& one : suite::cases_of(here.kind)) {
        const bool by_time =
            std::any_of(std::begin(suite::kRandomKind), std::end(suite::kRandomKind),
                        [&](const suite::Case& c) { return std::string_view(c.name) == one.name; });
        if (by_time || kNotAlike.contains(one.name)) continue;
        const auto expected = answers(here, one);
        EXPECT_EQ(answers(there, one), expected) << one.name;
        heard += expected.size();
    }
    EXPECT_GE(heard, 20u) << "almost nothing was compared";
}

INSTANTIATE_TEST_SUITE_P(Plugin, Conformance, ::testing::ValuesIn(rows()), [](const auto& info) {
    return std::string(info.param.subject->name) + (info.param.isolated ? "_isolated" : "_here");
});

std::vector<Row> subjects() {
    std::vector<Row> all;
    for (const auto& subject : kSubjects) all.push_back({&subject, true});
    return all;
}
INSTANTIATE_TEST_SUITE_P(Plugin, Alike, ::testing::ValuesIn(subjects()),
                         [](const auto& info) { return info.param.subject->name; });

}  // namespace
}  // namespace bkt::test
