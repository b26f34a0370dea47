// A host in a process of its own, for tests that end it or forbid it things: opens the component `rogue` of
// a library in a worker, makes one call, and says on stdout, a line each, what reaches its log and what
// became of open and call ("opened N", "returned N").
//
//   worker_holder LIBRARY notify|put|get MODE [withhold|impatient]
//
//   worker_holder LIBRARY get MODE slowly MEBIBYTES
//
// With `withhold` its secret, its source and its sink are ones that never answer: it says so when asked.
// `impatient`: ends a plugin that is silent for a second.
// `slowly`: its sink takes its time, and with the last byte tells the peaks of both processes' memory in KiB.
#include <unistd.h>

#include <cstdio>
#include <cstring>

#include "tests/fault/worker/isolated.hpp"
#include "tests/fault/worker/processes.hpp"

namespace bkt::test {
namespace {

bool withholds = false, impatient = false;

void say(std::string_view what) {
    std::string line(what);
    line += '\n';
    if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) ::_exit(9);
}
void maybe_never(const char* at) {
    if (!withholds) return;
    say(at);
    for (;;) ::pause();
}

// The fake host's services, but a log that is heard at once.
testing::FakeHost fake;
const void* service(const bkt_host*, bkt_str id) noexcept {
    static const bkt_log kLog = {
        sizeof kLog, 0,
        [](const bkt_host*, std::int32_t, bkt_str message) noexcept { say(view(message)); }};
    static const bkt_secret kSecret = {
        sizeof kSecret, 0,
        [](const bkt_host*, const bkt_call*, bkt_str, bkt_str* value) noexcept -> bkt_rc {
            maybe_never("asked for a secret");
            *value = str("s3cr3t");
            return BKT_OK;
        }};
    if (view(id) == BKT_SERVICE_LOG) return &kLog;
    if (view(id) == BKT_SERVICE_SECRET) return &kSecret;
    return fake.raw()->service(fake.raw(), id);
}

bkt_rc notify(const bkt_notifier_ops& ops, void* self, const bkt_call* call) {
    const auto e = event();
    return ops.notify(self, call, &e);
}
bkt_rc put(const bkt_storage_ops& ops, void* self, const bkt_call* call) {
    const bkt_source endless{
        sizeof endless, 0, nullptr,
        [](const bkt_source*, void* bytes, std::uint64_t cap, std::uint64_t* n) noexcept -> bkt_rc {
            maybe_never("asked for bytes");
            std::memset(bytes, 'x', cap);
            *n = cap;
            return BKT_OK;
        },
        0};
    return ops.put(self, call, str("key"), 0, &endless);
}
bkt_rc get(const bkt_storage_ops& ops, void* self, const bkt_call* call) {
    const bkt_sink sink{sizeof sink,
                        0,
                        nullptr,
                        [](const bkt_sink*, const void*, std::uint64_t) noexcept -> bkt_rc {
                            maybe_never("given bytes");
                            return BKT_OK;
                        },
                        nullptr,
                        nullptr};
    return ops.get(self, call, str("key"), 0, std::uint64_t{1} << 30, &sink);
}

std::uint64_t slow_bytes = 0;

void tell_peaks() {
    const auto children = children_of(::getpid());
    say("peak here " + status_of(::getpid(), "VmHWM"));
    say("peak there " + (children.empty() ? "" : status_of(children.front(), "VmHWM")));
}

bkt_rc get_slowly(const bkt_storage_ops& ops, void* self, const bkt_call* call) {
    std::uint64_t taken = 0;
    const bkt_sink sink{sizeof sink,
                        0,
                        &taken,
                        [](const bkt_sink* s, const void*, std::uint64_t n) noexcept -> bkt_rc {
                            ::usleep(200);
                            auto& all = *static_cast<std::uint64_t*>(s->ctx);
                            if ((all += n) == slow_bytes) tell_peaks();
                            return BKT_OK;
                        },
                        nullptr,
                        nullptr};
    return ops.get(self, call, str("key"), 0, slow_bytes, &sink);
}

plugin::worker::Limits limits() {
    plugin::worker::Limits usual;
    if (impatient) usual.silence = std::chrono::seconds(1);
    return usual;
}

template <class Ops, class Body>
int with(const char* kind, const char* library, const char* mode, Body&& body) {
    ::signal(SIGPIPE, SIG_IGN);
    plugin::Component component;
    component.module = "test.rogue";
    component.kind = kind;
    component.name = "rogue";
    component.path = library;
    component.needs = {"bkt.secret/1", "bkt.temp/1"};
    component.trust = plugin::Trust::unsigned_code;
    const auto table = plugin::worker::isolate_with(
        PLUGIN_HOST, limits(),
        [](const std::string&, const std::string& what) { say(what); })(component);
    if (!table) return 1;
    const auto& ops = *static_cast<const Ops*>(*table);
    fake.config["mode"] = mode;
    bkt_host host = *fake.raw();
    host.ctx = &fake;
    host.service = &service;
    testing::FakeCall call(&host);
    void* self = nullptr;
    bkt_rc rc = ops.open(&host, call.raw(), &self);
    say("opened " + std::to_string(rc));
    if (call.failure()) say(call.failure()->message);
    if (rc != BKT_OK) return 0;
    rc = body(ops, self, call.raw());
    say("returned " + std::to_string(rc));
    ops.close(self);
    return 0;
}

int main(int argc, char** argv) {
    if (argc < 4) return 2;
    const std::string_view what = argv[2];
    withholds = argc > 4 && std::string_view(argv[4]) == "withhold";
    impatient = argc > 4 && std::string_view(argv[4]) == "impatient";
    if (argc > 5) slow_bytes = std::stoull(argv[5]) << 20;
    if (slow_bytes > 0)
        return with<bkt_storage_ops>(BKT_KIND_STORAGE, argv[1], argv[3], get_slowly);
    if (what == "put") return with<bkt_storage_ops>(BKT_KIND_STORAGE, argv[1], argv[3], put);
    if (what == "get") return with<bkt_storage_ops>(BKT_KIND_STORAGE, argv[1], argv[3], get);
    return with<bkt_notifier_ops>(BKT_KIND_NOTIFIER, argv[1], argv[3], notify);
}

}  // namespace
}  // namespace bkt::test

int main(int argc, char** argv) { return bkt::test::main(argc, argv); }
