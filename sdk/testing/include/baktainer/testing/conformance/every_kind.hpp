// testing/conformance/every_kind.hpp: what every component must hold, whatever its kind.
#pragma once

#include <signal.h>
#include <sys/stat.h>

#include <clocale>

#include "baktainer/testing/conformance/subject.hpp"

namespace bkt::testing::conformance {

namespace every_kind {

inline std::size_t entries(const char* dir) {
    std::size_t n = 0;
    for ([[maybe_unused]] const auto& e : std::filesystem::directory_iterator(dir)) ++n;
    return n;
}

inline void is_named(const Subject& s, Findings& found) {
    const std::string_view name = s.component.name;
    bool slug = !name.empty() && name.size() <= 64;
    for (const char c : name)
        slug = slug && ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_');
    found.expect(slug, "the component's name '" + std::string(name) + "' is not [a-z0-9_-]+");
    found.expect(common_of(s.component).open && common_of(s.component).close,
                 "its table lacks open() or close()");
}

inline void opens(const Subject& s, Findings& found) {
    const Instance instance(s, found);
    instance.must_open(found);
}

inline void leaves_nothing(const Subject& s, Findings& found) {
    { const Instance warm(s, found); }
    const auto fds = entries("/proc/self/fd"), threads = entries("/proc/self/task");
    for (int i = 0; i < 50; ++i) const Instance instance(s, found);
    found.expect(entries("/proc/self/fd") == fds, "50 instances left descriptors open");
    found.expect(entries("/proc/self/task") == threads, "50 instances left threads behind");
}

inline void many_at_once(const Subject& s, Findings& found) {
    Instance a(s, found), b(s, found), c(s, found);
    found.expect(a.is_open() == b.is_open() && b.is_open() == c.is_open(),
                 "the second instance does not open beside the first");
}

inline void takes_any_text(const Subject& s, Findings& found) {
    std::mt19937_64 random(s.seed);
    const std::string samples[] = {"",
                                   std::string(1 << 20, 'x'),
                                   std::string("a\0b", 3),
                                   "\xff\xfe",
                                   "-1",
                                   "99999999999999999999",
                                   "$(reboot)",
                                   "a\nb",
                                   "'\"\\"};
    for (const auto& [key, value] : s.config)
        for (int round = 0; round < 12; ++round) {
            Subject other = s;
            other.config[key] = samples[random() % std::size(samples)];
            const Instance instance(other, found);  // open or refuse, with a reason
        }
}

inline void misses_a_setting(const Subject& s, Findings& found) {
    for (const auto& [key, value] : s.config) {
        Subject other = s;
        other.config.erase(key);
        const Instance instance(other, found);
        if (!instance.is_open())
            found.expect(instance.opened().rc == BKT_INVALID,
                         "without '" + key + "' open() fails, but not as BKT_INVALID");
    }
}

inline void lacks_services(const Subject& s, Findings& found) {
    const auto common = common_of(s.component);
    FakeHost host;
    host.config = s.config;
    host.granted.emplace();
    for (const char* id : {"bkt.log/1", "bkt.config/1", "bkt.clock/1", "bkt.thread/1"})
        host.granted->insert(id);
    void* self = nullptr;
    const auto opened = call(host, found, "open() without services",
                             [&](const bkt_call* c) { return common.open(host.raw(), c, &self); });
    if (opened.rc != BKT_OK) return;
    bkt_str text{};
    if (common.health)
        call(host, found, "health() without services",
             [&](const bkt_call* c) { return common.health(self, c, &text); });
    common.close(self);
}

inline void meets_an_older_host(const Subject& s, Findings& found) {
    const auto common = common_of(s.component);
    FakeHost host;
    host.config = s.config, host.secrets = s.secrets, host.older = true;
    void* self = nullptr;
    const auto opened = call(host, found, "open() on an older host",
                             [&](const bkt_call* c) { return common.open(host.raw(), c, &self); });
    if (opened.rc == BKT_OK) common.close(self);
}

// A newer host's structs are longer; what follows is not for this plugin.
inline void meets_a_newer_host(const Subject& s, Findings& found) {
    struct NewerHost {
        bkt_host host;
        unsigned char more[64];
    };
    const auto common = common_of(s.component);
    FakeHost host;
    host.config = s.config, host.secrets = s.secrets;
    NewerHost newer{};
    newer.host = *host.raw();
    newer.host.size = sizeof newer, newer.host.abi_minor = 99;
    std::fill(std::begin(newer.more), std::end(newer.more), static_cast<unsigned char>(0xdb));
    void* self = nullptr;
    const auto opened = call(host, found, "open() on a newer host",
                             [&](const bkt_call* c) { return common.open(&newer.host, c, &self); });
    if (opened.rc == BKT_OK) common.close(self);
}

inline void keeps_the_process(const Subject& s, Findings& found) {
    struct State {
        std::string where = std::filesystem::current_path().string();
        std::string locale = std::setlocale(LC_ALL, nullptr);
        std::string path = std::getenv("PATH") ? std::getenv("PATH") : "";
        mode_t mask = 0;
        sigset_t blocked{};
        std::vector<void*> handlers;
        State() {
            mask = ::umask(0);
            ::umask(mask);
            ::sigprocmask(SIG_SETMASK, nullptr, &blocked);
            for (int n = 1; n < 32; ++n) {
                struct sigaction action {};
                ::sigaction(n, nullptr, &action);
                handlers.push_back(reinterpret_cast<void*>(action.sa_handler));
            }
        }
    };
    const State before;
    {
        Instance instance(s, found);
        bkt_str text{};
        if (instance.is_open() && instance.common().health)
            call(instance.host, found, "health()", [&](const bkt_call* c) {
                return instance.common().health(instance.self(), c, &text);
            });
    }
    const State after;
    found.expect(before.where == after.where, "it changed the working directory");
    found.expect(before.locale == after.locale, "it changed the locale");
    found.expect(before.path == after.path, "it changed the environment");
    found.expect(before.mask == after.mask, "it changed the umask");
    found.expect(before.handlers == after.handlers, "it changed a signal handler");
    for (int n = 1; n < 32; ++n)
        found.expect(::sigismember(&before.blocked, n) == ::sigismember(&after.blocked, n),
                     "it changed the signal mask");
}

inline void is_cancelled_at_once(const Subject& s, Findings& found) {
    Instance instance(s, found);
    if (!instance.must_open(found) || !instance.common().health) return;
    bkt_str text{};
    call(
        instance.host, found, "health() when cancelled",
        [&](const bkt_call* c) { return instance.common().health(instance.self(), c, &text); },
        true);
}

inline void tells_its_health(const Subject& s, Findings& found) {
    Instance instance(s, found);
    if (!instance.must_open(found) || !instance.common().health) return;
    call(instance.host, found, "health()", [&](const bkt_call* c) {
        bkt_str text{};
        const bkt_rc rc = instance.common().health(instance.self(), c, &text);
        found.expect(rc != BKT_OK || (text.ptr && text.len > 0), "health() is OK and says nothing");
        return rc;
    });
}

}  // namespace every_kind

inline constexpr Case kEveryKind[] = {
    {1, "", "IsNamed", &every_kind::is_named},
    {1, "", "OpensWithTheGivenSettings", &every_kind::opens},
    {1, "", "OpensManyAtOnce", &every_kind::many_at_once},
    {2, "", "LeavesNoDescriptorAndNoThreadBehind", &every_kind::leaves_nothing},
    {2, "", "TakesAnyTextAsASettingOrSaysWhyNot", &every_kind::takes_any_text},
    {2, "", "SaysWhichSettingIsMissing", &every_kind::misses_a_setting},
    {2, "", "GoesWithoutServicesOrSaysSo", &every_kind::lacks_services},
    {2, "", "MeetsAnOlderHost", &every_kind::meets_an_older_host},
    {2, "", "MeetsANewerHost", &every_kind::meets_a_newer_host},
    {2, "", "KeepsTheProcessAsItWas", &every_kind::keeps_the_process},
    {2, "", "EndsWhenCancelled", &every_kind::is_cancelled_at_once},
    {2, "", "TellsItsHealth", &every_kind::tells_its_health},
};

}  // namespace bkt::testing::conformance
