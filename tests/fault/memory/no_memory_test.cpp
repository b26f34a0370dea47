// The n-th allocation of a plugin fails, for every n of all that its kind does: each time the call says so,
// nothing crashes, nothing is lost without a word, nothing leaks.
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <new>

#include "baktainer/plugin.hpp"
#include "tests/fault/memory/thrifty_host.hpp"
#include "tests/support/temp_dir.hpp"

namespace {

// Allocations of this thread while it is watched.
thread_local bool watched = false;
thread_local long seen = 0, live = 0;
thread_local long fails_at = 0;      // 0 = never
thread_local bool fails_on = false;  // and all that follow
thread_local bool has_failed = false;

}  // namespace

void* operator new(std::size_t size) {
    if (watched && ++seen >= fails_at && fails_at > 0 && (fails_on || seen == fails_at)) {
        has_failed = true;
        throw std::bad_alloc();
    }
    void* memory = std::malloc(size);
    if (!memory) throw std::bad_alloc();
    if (watched) ++live;
    return memory;
}
void operator delete(void* memory) noexcept {
    if (memory && watched) --live;
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }

namespace bkt::test {
namespace {

// Steps of one scenario: after the first that fails none is taken.
struct Steps {
    ThriftyHost& host;
    bkt_rc rc = BKT_OK;
    template <class Step>
    void then(Step&& step) {
        if (rc == BKT_OK) rc = step(host.begin_call());
    }
};
template <class Ops>
const Ops& ops_of(const bkt_module& m) {
    return *static_cast<const Ops*>(m.components[0]->ops);
}
bkt_rc some_text(bkt_rc rc, const bkt_str& text) {
    return rc == BKT_OK && text.len < 16 ? bkt_rc{BKT_CORRUPT} : rc;
}

bkt_rc engine(const bkt_module& m, ThriftyHost& host) {
    const auto& ops = ops_of<bkt_engine_ops>(m);
    Steps steps{host};
    const bkt_target target{sizeof target,
                            0,
                            str("id"),
                            str("name"),
                            str("registry.example.com/some/where/a-database-of-a-kind:15"),
                            str(""),
                            str(""),
                            nullptr,
                            0,
                            nullptr,
                            0};
    const bkt_recognition recognition{
        sizeof recognition, 0, nullptr,
        [](const bkt_recognition*, std::uint32_t, bkt_str) noexcept {},
        [](const bkt_recognition*, bkt_str, bkt_str, bkt_str) noexcept {}};
    const bkt_plan plan{
        sizeof plan,
        0,
        nullptr,
        [](const bkt_plan*, bkt_str, bkt_str, std::uint64_t) noexcept -> bkt_rc { return BKT_OK; },
        [](const bkt_plan*, std::int32_t) noexcept {},
        [](const bkt_plan*, bkt_str) noexcept {}};
    Expecting expecting{kDump};
    static thread_local bkt_sink sink;
    sink = expecting.raw();
    const bkt_parts_out out{sizeof out,
                            0,
                            nullptr,
                            [](const bkt_parts_out*, const bkt_call*, bkt_str,
                               const bkt_sink** into) noexcept -> bkt_rc {
                                *into = &sink;
                                return BKT_OK;
                            },
                            [](const bkt_parts_out*, const bkt_call*, const bkt_sink*, std::int32_t,
                               std::uint64_t) noexcept -> bkt_rc { return BKT_OK; },
                            [](const bkt_parts_out*, bkt_str, bkt_str) noexcept {}};
    Giving giving{kDump};
    static thread_local bkt_source source;
    source = giving.raw();
    const bkt_parts_in in{
        sizeof in,
        0,
        nullptr,
        [](const bkt_parts_in*) noexcept -> std::uint64_t { return 1; },
        [](const bkt_parts_in*, std::uint64_t) noexcept -> bkt_str { return str("part"); },
        [](const bkt_parts_in*, const bkt_call*, bkt_str,
           const bkt_source** into) noexcept -> bkt_rc {
            *into = &source;
            return BKT_OK;
        }};
    void* self = nullptr;
    steps.then([&](auto* call) { return ops.recognise(call, &target, &recognition); });
    steps.then([&](auto* call) { return ops.open(host.host(), call, &self); });
    steps.then([&](auto* call) { return ops.plan(self, call, &plan); });
    steps.then([&](auto* call) { return ops.dump(self, call, &out); });
    const bkt_tap* tap = nullptr;
    steps.then([&](auto* call) {
        return ops.validator(self, call, str("part"), str("text/plain"), 0, &tap);
    });
    for (const auto piece : {kDump.substr(0, 20), kDump.substr(20)})
        steps.then([&](auto* call) { return tap->feed(tap, call, piece.data(), piece.size()); });
    steps.then([&](auto* call) { return tap->finish(tap, call); });
    if (tap) tap->release(tap);
    steps.then([&](auto* call) { return ops.restore(self, call, &in); });
    bkt_str text{nullptr, 0};
    const bkt_str parts[] = {str("a part whose name is longer than a string"), str("b")};
    steps.then(
        [&](auto* call) { return some_text(ops.recipe(self, call, parts, 2, &text), text); });
    if (self) ops.close(self);
    return steps.rc;
}

bkt_rc notifier(const bkt_module& m, ThriftyHost& host) {
    const auto& ops = ops_of<bkt_notifier_ops>(m);
    Steps steps{host};
    bkt_event event{};
    event.size = sizeof event;
    event.type = str("run.finished.with.a.long.type");
    event.title = str("a title that does not fit into a short string");
    event.json = str(R"({"type":"run.finished.with.a.long.type"})");
    const bkt_event* events[] = {&event, &event};
    void* self = nullptr;
    bkt_str text{nullptr, 0};
    steps.then([&](auto* call) { return ops.open(host.host(), call, &self); });
    steps.then([&](auto* call) { return ops.notify(self, call, &event); });
    steps.then([&](auto* call) { return ops.digest(self, call, events, 2); });
    steps.then([&](auto* call) { return some_text(ops.health(self, call, &text), text); });
    if (self) ops.close(self);
    return steps.rc;
}

bkt_rc storage(const bkt_module& m, ThriftyHost& host) {
    const auto& ops = ops_of<bkt_storage_ops>(m);
    Steps steps{host};
    Giving giving{kDump};
    const bkt_source source = giving.raw();
    Expecting expecting{kDump};
    const bkt_sink sink = expecting.raw();
    const bkt_object_out out{sizeof out, 0, nullptr,
                             [](const bkt_object_out*, const bkt_object* o) noexcept -> bkt_rc {
                                 return o->size_bytes == kDump.size() ? BKT_OK : BKT_CORRUPT;
                             }};
    const auto key = str("a/key/that/is/longer/than/a/string");
    std::uint64_t n = 0;
    bkt_str text{nullptr, 0};
    void* self = nullptr;
    steps.then([&](auto* call) { return ops.open(host.host(), call, &self); });
    steps.then([&](auto* call) { return ops.put(self, call, key, 0, &source); });
    steps.then([&](auto* call) { return ops.get(self, call, key, 0, 0, &sink); });
    steps.then([&](auto* call) { return ops.stat(self, call, key, &out); });
    steps.then([&](auto* call) { return ops.list(self, call, key, &out); });
    steps.then([&](auto* call) { return ops.remove(self, call, key); });
    steps.then([&](auto* call) { return ops.sweep(self, call, key, &n); });
    steps.then([&](auto* call) { return ops.free_bytes(self, call, &n); });
    steps.then([&](auto* call) { return some_text(ops.health(self, call, &text), text); });
    if (steps.rc == BKT_OK && !expecting.rest.empty()) steps.rc = BKT_TRUNCATED;
    if (self) ops.close(self);
    return steps.rc;
}

bkt_rc discovery(const bkt_module& m, ThriftyHost& host) {
    const auto& ops = ops_of<bkt_discovery_ops>(m);
    Steps steps{host};
    const bkt_target_out out{
        sizeof out, 0, nullptr, [](const bkt_target_out*, const bkt_target* t) noexcept -> bkt_rc {
            return t->label_count == 1 && t->env_count == 1 ? BKT_OK : BKT_CORRUPT;
        }};
    const bkt_change_out changes{
        sizeof changes, 0, nullptr,
        [](const bkt_change_out*, std::int32_t, bkt_str) noexcept -> bkt_rc { return BKT_OK; }};
    const bkt_str argv[] = {str("/usr/local/bin/a-tool-for-databases"), str("--all-that-there-is")};
    const bkt_str env[] = {str("A_VARIABLE=with a value of some length")};
    const bkt_exec_request request{sizeof request,
                                   0,
                                   str("a target with a long name, as they have"),
                                   argv,
                                   2,
                                   env,
                                   1,
                                   str("a user with a long name, as some"),
                                   nullptr,
                                   nullptr};
    std::int32_t exit_code = -1;
    const bkt_exec_report report{
        sizeof report, 0, &exit_code,
        [](const bkt_exec_report* r, const bkt_exec_result* result) noexcept {
            *static_cast<std::int32_t*>(r->ctx) = result->exit_code;
        }};
    const bkt_clone_request clone{sizeof clone, 0, str("the id of what is to be cloned, 64 digits"),
                                  str("the name it is wished to have in the end")};
    bkt_str text{nullptr, 0};
    void* self = nullptr;
    steps.then([&](auto* call) { return ops.open(host.host(), call, &self); });
    steps.then([&](auto* call) { return ops.scan(self, call, &out); });
    steps.then([&](auto* call) { return ops.watch(self, call, &changes); });
    steps.then([&](auto* call) { return ops.exec(self, call, &request, &report); });
    steps.then([&](auto*) { return exit_code == 0 ? bkt_rc{BKT_OK} : bkt_rc{BKT_CORRUPT}; });
    steps.then([&](auto* call) { return ops.clone(self, call, &clone, &out); });
    steps.then([&](auto* call) { return ops.remove_clone(self, call, clone.id); });
    steps.then([&](auto* call) { return some_text(ops.health(self, call, &text), text); });
    if (self) ops.close(self);
    return steps.rc;
}

bkt_rc hook(const bkt_module& m, ThriftyHost& host) {
    const auto& ops = ops_of<bkt_hook_ops>(m);
    Steps steps{host};
    bkt_hook_event event{};
    event.size = sizeof event;
    event.phase = BKT_PHASE_BACKUP;
    event.target = str("a target with a long name, as they have");
    event.job = str("job");
    const bkt_hook_out out{sizeof out, 0, nullptr,
                           [](const bkt_hook_out*, std::int32_t, bkt_str) noexcept {},
                           [](const bkt_hook_out*, bkt_str, bkt_str) noexcept {}};
    bkt_str text{nullptr, 0};
    void* self = nullptr;
    steps.then([&](auto* call) { return ops.open(host.host(), call, &self); });
    steps.then([&](auto* call) { return ops.before(self, call, &event, &out); });
    steps.then([&](auto* call) { return ops.before(self, call, &event, &out); });
    steps.then([&](auto* call) { return ops.after(self, call, &event, &out); });
    steps.then([&](auto* call) { return some_text(ops.health(self, call, &text), text); });
    if (self) ops.close(self);
    return steps.rc;
}

bkt_rc secrets(const bkt_module& m, ThriftyHost& host) {
    const auto& ops = ops_of<bkt_secrets_ops>(m);
    Steps steps{host};
    const bkt_secret_out out{
        sizeof out, 0, nullptr,
        [](const bkt_secret_out*, const void*, std::uint64_t len,
           std::uint64_t) noexcept -> bkt_rc { return len > 30 ? BKT_OK : BKT_CORRUPT; }};
    void* self = nullptr;
    steps.then([&](auto* call) { return ops.open(host.host(), call, &self); });
    steps.then([&](auto* call) {
        return ops.resolve(self, call, str("a/reference/to/a/secret#of-length"), &out);
    });
    if (self) ops.close(self);
    return steps.rc;
}

bkt_rc transform(const bkt_module& m, ThriftyHost& host) {
    const auto& ops = ops_of<bkt_transform_ops>(m);
    Steps steps{host};
    static constexpr std::string_view kHeader = "a header that is longer than a string";
    const bkt_header_out header{
        sizeof header, 0, nullptr,
        [](const bkt_header_out*, const void* bytes, std::uint64_t len) noexcept -> bkt_rc {
            return std::string_view(static_cast<const char*>(bytes), len) == kHeader ? BKT_OK
                                                                                     : BKT_CORRUPT;
        }};
    Giving plain{kDump}, coded{kDump};
    Expecting first{kDump}, second{kDump};
    const bkt_source from = plain.raw(), back = coded.raw();
    const bkt_sink to = first.raw(), out = second.raw();
    void* self = nullptr;
    steps.then([&](auto* call) { return ops.open(host.host(), call, &self); });
    steps.then([&](auto* call) { return ops.encode(self, call, &from, &to, &header); });
    steps.then([&](auto* call) {
        return ops.decode(self, call, kHeader.data(), kHeader.size(), &back, &out);
    });
    if (self) ops.close(self);
    return steps.rc;
}

struct Kind {
    const char* name;
    bkt_rc (*scenario)(const bkt_module&, ThriftyHost&);
    long least;  // so many allocations it makes at least, or it shows nothing
};
const Kind kKinds[] = {
    {"engine", &engine, 20},       {"notifier", &notifier, 20}, {"storage", &storage, 10},
    {"discovery", &discovery, 20}, {"hook", &hook, 8},          {"secrets", &secrets, 4},
    {"transform", &transform, 4},
};

std::string library(const std::string& kind) {
    return std::string(SPARSE_PLUGINS) + "/libsparse_" + kind + ".so";
}
bkt_module_fn entry_of(const std::string& path) {
    void* loaded = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!loaded) ADD_FAILURE() << ::dlerror();
    return reinterpret_cast<bkt_module_fn>(loaded ? ::dlsym(loaded, BKT_MODULE_SYMBOL) : nullptr);
}

// Runs `body` with its n-th allocation failing, and with `on` all that follow.
template <class Body>
auto starved(long n, bool on, Body&& body) {
    seen = live = 0, fails_at = n, fails_on = on, has_failed = false;
    watched = true;
    auto result = body();
    watched = false;
    return result;
}

TEST(NoMemory, IsToldByEveryCallAndLeaksNothing) {
    for (const Kind& kind : kKinds) {
        SCOPED_TRACE(kind.name);
        const auto entry = entry_of(library(kind.name));
        ASSERT_NE(entry, nullptr);
        const bkt_module* module = entry();
        ASSERT_NE(module, nullptr);
        for (const bool on : {false, true}) {
            long n = 1;
            for (;; ++n) {
                SCOPED_TRACE("allocation " + std::to_string(n) + (on ? " and all later" : ""));
                ThriftyHost host;
                const bkt_rc rc = starved(n, on, [&] { return kind.scenario(*module, host); });
                EXPECT_EQ(live, 0) << "it leaks";
                if (!has_failed) {
                    EXPECT_EQ(rc, BKT_OK) << host.said();
                    break;
                }
                EXPECT_EQ(rc, BKT_BUG) << host.said();
                EXPECT_EQ(host.said(), "out of memory");
                ASSERT_LT(n, 2000);
            }
            EXPECT_GT(n, kind.least);
        }
    }
}

// The host's memory may be at its end as well: no text is lost without a word.
TEST(NoMemory, OfTheHostIsToldToo) {
    for (const Kind& kind : kKinds) {
        if (std::string_view(kind.name) == "secrets" || std::string_view(kind.name) == "transform")
            continue;  // they hand over no text
        SCOPED_TRACE(kind.name);
        ThriftyHost host;
        host.lends_nothing = true;
        EXPECT_EQ(kind.scenario(*entry_of(library(kind.name))(), host), BKT_BUG);
        EXPECT_EQ(host.said(), "out of memory");
    }
}

// Each try is another copy of the library: what an entry once said, it says again.
TEST(NoMemory, InTheEntryMakesNoModule) {
    TempDir dir;
    for (const Kind& kind : kKinds) {
        SCOPED_TRACE(kind.name);
        bool made = false;
        for (long n = 1; n < 200 && !made; ++n) {
            const auto copy = dir.path() + "/" + kind.name + std::to_string(n) + ".so";
            std::filesystem::copy_file(library(kind.name), copy);
            const auto entry = entry_of(copy);
            ASSERT_NE(entry, nullptr);
            const auto* module = starved(n, false, [&] { return entry(); });
            made = !has_failed;
            EXPECT_EQ(module != nullptr, made);
            EXPECT_TRUE(made || live == 0) << "it leaks";
        }
        EXPECT_TRUE(made);
    }
}

}  // namespace
}  // namespace bkt::test
