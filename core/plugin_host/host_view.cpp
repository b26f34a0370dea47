#include "core/plugin_host/host_view.hpp"

#include <algorithm>

#include "baktainer/abi/draft/net.h"
#include "baktainer/abi/services/clock.h"
#include "baktainer/abi/services/config.h"
#include "baktainer/abi/services/events.h"
#include "baktainer/abi/services/exec.h"
#include "baktainer/abi/services/hash.h"
#include "baktainer/abi/services/http.h"
#include "baktainer/abi/services/kv.h"
#include "baktainer/abi/services/log.h"
#include "baktainer/abi/services/metrics.h"
#include "baktainer/abi/services/secret.h"
#include "baktainer/abi/services/temp.h"
#include "baktainer/abi/services/thread.h"
#include "baktainer/call.hpp"
#include "core/plugin/services/table.hpp"
#include "core/plugin/wire/exec_words.hpp"
#include "core/plugin_host/asked_streams.hpp"
#include "core/plugin_host/server.hpp"

namespace bkt::plugin_host {

namespace {

// Far more than the host keeps: it scrubs first, then cuts.
constexpr std::size_t kMaxLineBytes = 128 * 1024;

// What a thunk here throws is out of memory.
template <class Body>
bkt_rc guarded(Body&& body) noexcept {
    try {
        return body();
    } catch (...) {
        return BKT_BUG;
    }
}

bkt_rc give(const bkt_call* call, std::string_view text, bkt_str* into) {
    auto* memory = static_cast<char*>(call->alloc(call, text.size() + 1));
    if (!memory) return BKT_BUG;
    std::copy(text.begin(), text.end(), memory);
    *into = {memory, text.size()};
    return BKT_OK;
}

// ---- one way ----
void log(const bkt_host* host, std::int32_t level, bkt_str message) noexcept {
    guarded([&] {
        HostView::of(host).tell(
            "log", {{"level", level}, {"text", view(message).substr(0, kMaxLineBytes)}});
        return BKT_OK;
    });
}
constexpr bkt_log kLog = {sizeof kLog, 0, &log};

void emit(const bkt_host* host, std::int32_t severity, bkt_str name, bkt_str text) noexcept {
    guarded([&] {
        HostView::of(host).tell("event", {{"level", severity},
                                          {"name", view(name)},
                                          {"text", view(text).substr(0, kMaxLineBytes)}});
        return BKT_OK;
    });
}
constexpr bkt_events kEvents = {sizeof kEvents, 0, &emit};

void add(const bkt_host* host, bkt_str name, double amount) noexcept {
    guarded([&] {
        HostView::of(host).tell("metric.add", {{"name", view(name)}, {"value", amount}});
        return BKT_OK;
    });
}
void set(const bkt_host* host, bkt_str name, double value) noexcept {
    guarded([&] {
        HostView::of(host).tell("metric.set", {{"name", view(name)}, {"value", value}});
        return BKT_OK;
    });
}
constexpr bkt_metrics kMetrics = {sizeof kMetrics, 0, &add, &set};

// ---- answered here ----
bkt_str get(const bkt_host* host, bkt_str key) noexcept {
    try {
        const auto& settings = HostView::of(host).settings();
        const auto found = settings.find(std::string(view(key)));
        return found == settings.end() ? bkt_str{nullptr, 0} : str(found->second);
    } catch (...) {
        return {nullptr, 0};
    }
}
bkt_rc keys(const bkt_host* host, const bkt_key_out* out) noexcept {
    for (const auto& [key, value] : HostView::of(host).settings())
        if (const bkt_rc rc = out->key(out, str(key)); rc != BKT_OK) return rc;
    return BKT_OK;
}
constexpr bkt_config kConfig = {sizeof kConfig, 0, &get, &keys};

bkt_rc dir(const bkt_host* host, const bkt_call*, bkt_str* path) noexcept {
    const auto& dir = HostView::of(host).server().temp_dir();
    if (dir.empty()) return BKT_UNSUPPORTED;
    *path = str(dir);
    return BKT_OK;
}
constexpr bkt_temp kTemp = {sizeof kTemp, 0, &dir};

// ---- asked of the host ----
bkt_rc resolve(const bkt_host*, const bkt_call* call, bkt_str key, bkt_str* value) noexcept {
    return guarded([&]() -> bkt_rc {
        *value = {nullptr, 0};
        auto reply = OpCall::of(call).ask("secret", {{"key", view(key)}});
        const bkt_rc rc = wire::code(reply.body);
        if (rc != BKT_OK || reply.fds.empty()) return rc;
        const auto len = ::lseek(reply.fds[0].get(), 0, SEEK_END);
        if (len <= 0) return BKT_BUG;
        auto* memory = call->alloc(call, static_cast<std::uint64_t>(len));
        if (!memory || ::pread(reply.fds[0].get(), memory, static_cast<std::size_t>(len), 0) != len)
            return BKT_BUG;
        *value = {static_cast<const char*>(memory), static_cast<std::uint64_t>(len)};
        return BKT_OK;
    });
}
constexpr bkt_secret kSecret = {sizeof kSecret, 0, &resolve};

bkt_rc run(const bkt_host* host, const bkt_call* call, const bkt_exec_request* r,
           const bkt_exec_report* report) noexcept {
    return guarded([&]() -> bkt_rc {
        json body = wire::said_request(*r);
        AskedStreams streams(HostView::of(host).server(), OpCall::of(call));
        if (const bkt_rc rc = streams.add(body, "in", r->in, "out", r->out); rc != BKT_OK)
            return rc;
        const auto reply = streams.ask("exec", std::move(body));
        if (const bkt_rc rc = streams.finish(reply); rc != BKT_OK) return rc;
        wire::report_result(reply, report);
        return wire::code(reply);
    });
}
constexpr bkt_exec kExec = {sizeof kExec, 0, &run};

bkt_rc http(const bkt_host* host, const bkt_call* call, const bkt_http_request* r,
            const bkt_http_report* report) noexcept {
    return guarded([&]() -> bkt_rc {
        json headers = json::array();
        for (std::uint64_t i = 0; i < r->header_count; ++i)
            headers.push_back(json::array({view(r->headers[i].key), view(r->headers[i].value)}));
        json body{{"flags", r->flags},
                  {"method", view(r->method)},
                  {"url", view(r->url)},
                  {"headers", std::move(headers)},
                  {"timeout_ms", r->timeout_ms}};
        AskedStreams streams(HostView::of(host).server(), OpCall::of(call));
        if (const bkt_rc rc = streams.add(body, "body", r->body, "out", r->out); rc != BKT_OK)
            return rc;
        const auto reply = streams.ask("http", std::move(body));
        if (const bkt_rc rc = streams.finish(reply); rc != BKT_OK) return rc;
        if (const auto status = wire::number(reply, "status"); status > 0) {
            report->status(report, static_cast<std::uint32_t>(status));
            for (const auto& header : wire::list(reply, "headers")) {
                if (!report->header || !header.is_array() || header.size() != 2) continue;
                const auto name = wire::text_of(header[0]), value = wire::text_of(header[1]);
                report->header(report, str(name), str(value));
            }
        }
        return wire::code(reply);
    });
}
constexpr bkt_http kHttp = {sizeof kHttp, 0, &http};

bkt_rc kv_get(const bkt_host*, const bkt_call* call, bkt_str key, bkt_str* value) noexcept {
    return guarded([&]() -> bkt_rc {
        const auto reply = OpCall::of(call).ask("kv", {{"verb", "get"}, {"key", view(key)}});
        const bkt_rc rc = wire::code(reply.body);
        return rc == BKT_OK ? give(call, wire::text(reply.body, "value"), value) : rc;
    });
}
bkt_rc kv_put(const bkt_host*, const bkt_call* call, bkt_str key, bkt_str value) noexcept {
    return guarded([&] {
        return wire::code(
            OpCall::of(call)
                .ask("kv", {{"verb", "put"}, {"key", view(key)}, {"value", view(value)}})
                .body);
    });
}
bkt_rc kv_swap(const bkt_host*, const bkt_call* call, bkt_str key, bkt_str expected,
               bkt_str value) noexcept {
    return guarded([&] {
        json body{{"verb", "swap"}, {"key", view(key)}, {"value", view(value)}};
        if (expected.ptr) body["expected"] = view(expected);
        return wire::code(OpCall::of(call).ask("kv", std::move(body)).body);
    });
}
bkt_rc kv_remove(const bkt_host*, const bkt_call* call, bkt_str key) noexcept {
    return guarded([&] {
        return wire::code(
            OpCall::of(call).ask("kv", {{"verb", "remove"}, {"key", view(key)}}).body);
    });
}
constexpr bkt_kv kKv = {sizeof kKv, 0, &kv_get, &kv_put, &kv_swap, &kv_remove};

bkt_rc dial(const bkt_host*, const bkt_call* call, bkt_str name, std::uint32_t port,
            std::int32_t* fd) noexcept {
    return guarded([&]() -> bkt_rc {
        auto reply = OpCall::of(call).ask("dial", {{"host", view(name)}, {"port", port}});
        const bkt_rc rc = wire::code(reply.body);
        if (rc != BKT_OK) return rc;
        if (reply.fds.empty()) return BKT_BUG;
        *fd = ::fcntl(reply.fds[0].get(), F_DUPFD_CLOEXEC, 3);
        return *fd >= 0 ? BKT_OK : BKT_UNAVAILABLE;
    });
}
constexpr bkt_net kNet = {sizeof kNet, 0, &dial};

struct ServiceRow {
    std::string_view id;
    const void* table;
    bool always;  // granted without being listed among the needs
};
const ServiceRow kServices[] = {
    {BKT_SERVICE_LOG, &kLog, true},
    {BKT_SERVICE_CONFIG, &kConfig, true},
    {BKT_SERVICE_HASH, &plugin::services::kHash, true},
    {BKT_SERVICE_CLOCK, &plugin::services::kClock, true},
    {BKT_SERVICE_THREAD, &plugin::services::kThread, true},
    {BKT_SERVICE_SECRET, &kSecret, false},
    {BKT_SERVICE_EXEC, &kExec, false},
    {BKT_SERVICE_HTTP, &kHttp, false},
    {BKT_SERVICE_KV, &kKv, false},
    {BKT_SERVICE_TEMP, &kTemp, false},
    {BKT_SERVICE_EVENTS, &kEvents, false},
    {BKT_SERVICE_METRICS, &kMetrics, false},
};

}  // namespace

HostView::HostView(Server& server, const json& opened)
    : server_(server), version_(wire::text(opened, "host_version")) {
    const json& settings = wire::at(opened, "settings");
    if (settings.is_object())
        for (const auto& [key, value] : settings.items()) settings_[key] = wire::text_of(value);
    raw_ = {sizeof raw_, BKT_ABI_MINOR, this, str("baktainer"), str(version_), &service};
}

void HostView::tell(std::string_view method, const json& body) const {
    server_.peer().notify(method, body);
}

const void* HostView::service(const bkt_host* host, bkt_str id) noexcept {
    const auto name = view(id);
    const auto& server = of(host).server_;
    try {
        for (const auto& row : kServices)
            if (row.id == name) return row.always || server.has_need(name) ? row.table : nullptr;
        if (name == BKT_SERVICE_NET && server.has_need(name) && server.allows(name)) return &kNet;
    } catch (...) {
        // Out of memory: not offered.
    }
    return nullptr;
}

}  // namespace bkt::plugin_host
