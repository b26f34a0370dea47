// All that each kind of plugin is asked to do, against a host that allocates nothing.
#pragma once

#include <dlfcn.h>
#include <gtest/gtest.h>

#include "baktainer/plugin.hpp"
#include "tests/fault/memory/thrifty_host.hpp"

namespace bkt::test {

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
inline bkt_rc some_text(bkt_rc rc, const bkt_str& text) {
    return rc == BKT_OK && text.len < 16 ? bkt_rc{BKT_CORRUPT} : rc;
}

inline bkt_rc engine(const bkt_module& m, ThriftyHost& host) {
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
                            0,
                            0,
                            {},
                            nullptr,
                            0,
                            {},
                            {}};
    const bkt_recognition recognition{
        sizeof recognition,
        0,
        nullptr,
        [](const bkt_recognition*, std::uint32_t, bkt_str) noexcept {},
        [](const bkt_recognition*, bkt_str, bkt_str, bkt_str) noexcept {},
        [](const bkt_recognition*, std::uint32_t) noexcept {}};
    const bkt_plan plan{
        sizeof plan,
        0,
        nullptr,
        [](const bkt_plan*, bkt_str, bkt_str, std::uint64_t) noexcept -> bkt_rc { return BKT_OK; },
        [](const bkt_plan*, std::int32_t) noexcept {},
        [](const bkt_plan*, bkt_str) noexcept {},
        [](const bkt_plan*, bkt_str) noexcept {}};
    Expecting expecting{kDump};
    const bkt_sink sink = expecting.raw();
    static thread_local const bkt_sink* given_sink;
    given_sink = host.give(sink);
    const bkt_parts_out out{sizeof out,
                            0,
                            nullptr,
                            [](const bkt_parts_out*, const bkt_call*, bkt_str,
                               const bkt_sink** into) noexcept -> bkt_rc {
                                *into = given_sink;
                                return BKT_OK;
                            },
                            [](const bkt_parts_out*, const bkt_call*, const bkt_sink*, std::int32_t,
                               std::uint64_t) noexcept -> bkt_rc { return BKT_OK; },
                            [](const bkt_parts_out*, bkt_str, bkt_str) noexcept {}};
    Giving giving{kDump};
    const bkt_source source = giving.raw();
    static thread_local const bkt_source* given_source;
    given_source = host.give(source);
    const bkt_parts_in in{
        sizeof in,
        0,
        nullptr,
        [](const bkt_parts_in*) noexcept -> std::uint64_t { return 1; },
        [](const bkt_parts_in*, std::uint64_t) noexcept -> bkt_str { return str("part"); },
        [](const bkt_parts_in*, const bkt_call*, bkt_str,
           const bkt_source** into) noexcept -> bkt_rc {
            *into = given_source;
            return BKT_OK;
        }};
    void* self = nullptr;
    steps.then(
        [&](auto* call) { return ops.recognise(call, host.give(target), host.give(recognition)); });
    steps.then([&](auto* call) { return ops.open(host.host(), call, &self); });
    steps.then([&](auto* call) { return ops.plan(self, call, host.give(plan)); });
    steps.then([&](auto* call) { return ops.dump(self, call, host.give(out)); });
    const bkt_tap* tap = nullptr;
    steps.then([&](auto* call) {
        return ops.validator(self, call, str("part"), str("text/plain"), host.flags(), &tap);
    });
    for (const auto piece : {kDump.substr(0, 20), kDump.substr(20)})
        steps.then([&](auto* call) { return tap->feed(tap, call, piece.data(), piece.size()); });
    steps.then([&](auto* call) { return tap->finish(tap, call); });
    if (tap) tap->release(tap);
    steps.then([&](auto* call) { return ops.restore(self, call, host.give(in)); });
    bkt_str text{nullptr, 0};
    const bkt_str parts[] = {str("a part whose name is longer than a string"), str("b")};
    steps.then(
        [&](auto* call) { return some_text(ops.recipe(self, call, parts, 2, &text), text); });
    if (self) ops.close(self);
    return steps.rc;
}

inline bkt_rc notifier(const bkt_module& m, ThriftyHost& host) {
    const auto& ops = ops_of<bkt_notifier_ops>(m);
    Steps steps{host};
    bkt_event event{};
    event.size = sizeof event;
    event.type = str("run.finished.with.a.long.type");
    if (host.is_future) event.severity = 99;
    event.title = str("a title that does not fit into a short string");
    event.json = str(R"({"type":"run.finished.with.a.long.type"})");
    const bkt_event* events[] = {host.give(event), host.give(event)};
    void* self = nullptr;
    bkt_str text{nullptr, 0};
    steps.then([&](auto* call) { return ops.open(host.host(), call, &self); });
    steps.then([&](auto* call) { return ops.notify(self, call, host.give(event)); });
    steps.then([&](auto* call) { return ops.digest(self, call, events, 2); });
    steps.then([&](auto* call) { return some_text(ops.health(self, call, &text), text); });
    if (self) ops.close(self);
    return steps.rc;
}

inline bkt_rc storage(const bkt_module& m, ThriftyHost& host) {
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
    steps.then(
        [&](auto* call) { return ops.put(self, call, key, host.flags(), host.give(source)); });
    steps.then([&](auto* call) { return ops.get(self, call, key, 0, 0, host.give(sink)); });
    steps.then([&](auto* call) { return ops.stat(self, call, key, host.give(out)); });
    steps.then([&](auto* call) { return ops.list(self, call, key, host.give(out)); });
    steps.then([&](auto* call) { return ops.remove(self, call, key); });
    steps.then([&](auto* call) { return ops.sweep(self, call, key, &n); });
    steps.then([&](auto* call) { return ops.free_bytes(self, call, &n); });
    steps.then([&](auto* call) { return some_text(ops.health(self, call, &text), text); });
    if (steps.rc == BKT_OK && !expecting.rest.empty()) steps.rc = BKT_TRUNCATED;
    if (self) ops.close(self);
    return steps.rc;
}

inline bkt_rc discovery(const bkt_module& m, ThriftyHost& host) {
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
                                   nullptr,
                                   {nullptr, 0}};
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
    steps.then([&](auto* call) { return ops.scan(self, call, host.give(out)); });
    steps.then([&](auto* call) { return ops.watch(self, call, host.give(changes)); });
    steps.then(
        [&](auto* call) { return ops.exec(self, call, host.give(request), host.give(report)); });
    steps.then([&](auto*) { return exit_code == 0 ? bkt_rc{BKT_OK} : bkt_rc{BKT_CORRUPT}; });
    steps.then([&](auto* call) { return ops.clone(self, call, host.give(clone), host.give(out)); });
    steps.then([&](auto* call) { return ops.remove_clone(self, call, clone.id); });
    steps.then([&](auto* call) { return some_text(ops.health(self, call, &text), text); });
    if (self) ops.close(self);
    return steps.rc;
}

inline bkt_rc hook(const bkt_module& m, ThriftyHost& host) {
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
    steps.then(
        [&](auto* call) { return ops.before(self, call, host.give(event), host.give(out)); });
    steps.then(
        [&](auto* call) { return ops.before(self, call, host.give(event), host.give(out)); });
    steps.then([&](auto* call) { return ops.after(self, call, host.give(event), host.give(out)); });
    steps.then([&](auto* call) { return some_text(ops.health(self, call, &text), text); });
    if (self) ops.close(self);
    return steps.rc;
}

inline bkt_rc secrets(const bkt_module& m, ThriftyHost& host) {
    const auto& ops = ops_of<bkt_secrets_ops>(m);
    Steps steps{host};
    const bkt_secret_out out{
        sizeof out, 0, nullptr,
        [](const bkt_secret_out*, const void*, std::uint64_t len,
           std::uint64_t) noexcept -> bkt_rc { return len > 30 ? BKT_OK : BKT_CORRUPT; }};
    void* self = nullptr;
    steps.then([&](auto* call) { return ops.open(host.host(), call, &self); });
    steps.then([&](auto* call) {
        return ops.resolve(self, call, str("a/reference/to/a/secret#of-length"), host.give(out));
    });
    if (self) ops.close(self);
    return steps.rc;
}

inline bkt_rc transform(const bkt_module& m, ThriftyHost& host) {
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
    steps.then([&](auto* call) {
        return ops.encode(self, call, host.give(from), host.give(to), host.give(header));
    });
    steps.then([&](auto* call) {
        return ops.decode(self, call, kHeader.data(), kHeader.size(), host.give(back),
                          host.give(out));
    });
    if (self) ops.close(self);
    return steps.rc;
}

struct Kind {
    const char* name;
    bkt_rc (*scenario)(const bkt_module&, ThriftyHost&);
    long least;  // so many allocations it makes at least, or it shows nothing
};
inline const Kind kKinds[] = {
    {"engine", &engine, 20},       {"notifier", &notifier, 20}, {"storage", &storage, 10},
    {"discovery", &discovery, 20}, {"hook", &hook, 8},          {"secrets", &secrets, 4},
    {"transform", &transform, 4},
};

inline std::string library(const std::string& kind) {
    return std::string(SPARSE_PLUGINS) + "/libsparse_" + kind + ".so";
}
inline bkt_module_fn entry_of(const std::string& path) {
    void* loaded = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!loaded) ADD_FAILURE() << ::dlerror();
    return reinterpret_cast<bkt_module_fn>(loaded ? ::dlsym(loaded, BKT_MODULE_SYMBOL) : nullptr);
}

}  // namespace bkt::test
