// A host that allocates nothing: what fails for want of memory beside it is the plugin's own. It can also be
// one of the future: every struct it hands out is longer than today's, with poison beyond what today's header
// knows, and holds flags and values nobody knows yet.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>

#include "baktainer/abi/services/config.h"
#include "baktainer/abi/services/events.h"
#include "baktainer/abi/services/exec.h"
#include "baktainer/abi/services/http.h"
#include "baktainer/abi/services/kv.h"
#include "baktainer/abi/services/metrics.h"
#include "baktainer/abi/services/secret.h"
#include "baktainer/abi/services/temp.h"
#include "baktainer/call.hpp"

namespace bkt::test {

inline constexpr std::string_view kDump =
    "row 1\nrow 2\n-- Dump completed by a tool with a long trailer\n";
inline constexpr std::string_view kWords =
    "the words of the tool, more than fit into a short string\n";

// Takes what it is given; fails when that is not the next of what it expects.
struct Expecting {
    std::string_view rest;
    bkt_sink raw() {
        return {sizeof(bkt_sink),
                0,
                this,
                [](const bkt_sink* s, const void* bytes, std::uint64_t n) noexcept -> bkt_rc {
                    auto& rest = static_cast<Expecting*>(s->ctx)->rest;
                    const std::string_view got(static_cast<const char*>(bytes), n);
                    if (!rest.starts_with(got)) return BKT_CORRUPT;
                    rest.remove_prefix(n);
                    return BKT_OK;
                },
                nullptr,
                nullptr};
    }
};
struct Giving {
    std::string_view rest;
    bkt_source raw() {
        return {sizeof(bkt_source), 0, this,
                [](const bkt_source* s, void* bytes, std::uint64_t cap,
                   std::uint64_t* n) noexcept -> bkt_rc {
                    auto& rest = static_cast<Giving*>(s->ctx)->rest;
                    *n = std::min<std::uint64_t>({cap, rest.size(), 40});
                    std::memcpy(bytes, rest.data(), *n);
                    rest.remove_prefix(*n);
                    return BKT_OK;
                },
                0};
    }
};

class ThriftyHost final {
public:
    ThriftyHost() {
        host_ = {sizeof host_, BKT_ABI_MINOR, this, str("thrifty"), str("0"), &service};
        call_ = {sizeof call_, 0, this, 0, -1, 0, &cancelled, &fail, &progress, &alloc};
    }
    const bkt_host* host() { return give(host_); }
    const bkt_call* begin_call() {
        used_ = 0;
        return give(call_);
    }
    // `made` as this host hands it out. Valid as long as both.
    template <class T>
    const T* give(const T& made) {
        if (!is_future) return &made;
        constexpr std::size_t kLonger = sizeof(T) + 128;
        char* at = given_ + (given_len_ + 15) / 16 * 16;
        given_len_ = static_cast<std::size_t>(at - given_) + kLonger;
        if (given_len_ > sizeof given_) std::abort();
        std::memset(at, 0xa5, kLonger);
        T* copy = new (at) T(made);
        copy->size = kLonger;
        if constexpr (requires { copy->flags; }) copy->flags |= kUnknownFlags;
        if constexpr (requires { copy->abi_minor; }) copy->abi_minor = 99;
        return copy;
    }
    // Flags of an argument: none, or all that have no meaning yet.
    std::uint32_t flags() const { return is_future ? kUnknownFlags : 0; }
    // The last thing fail() said.
    std::string_view said() const { return {said_, said_len_}; }

    bool lends_nothing = false;  // alloc() gives NULL
    bool is_future = false;
    bool is_older = false;  // offers only the services of the first days

private:
    static constexpr std::uint32_t kUnknownFlags = 0xfffffff0;

    static ThriftyHost& of(const bkt_call* c) { return *static_cast<ThriftyHost*>(c->ctx); }
    static std::int32_t cancelled(const bkt_call*) noexcept { return 0; }
    static void fail(const bkt_call* c, bkt_rc, bkt_str message, bkt_str, std::uint64_t) noexcept {
        auto& self = of(c);
        if (message.len == 0 && self.said_len_ > 0) return;
        self.said_len_ = std::min<std::size_t>(message.len, sizeof self.said_);
        if (self.said_len_ > 0) std::memcpy(self.said_, message.ptr, self.said_len_);
    }
    static void progress(const bkt_call*, std::uint64_t, std::uint64_t, bkt_str) noexcept {}
    static void* alloc(const bkt_call* c, std::uint64_t size) noexcept {
        auto& self = of(c);
        if (self.lends_nothing || size > sizeof self.arena_ - self.used_) return nullptr;
        return self.arena_ + std::exchange(self.used_, self.used_ + size);
    }

    static bkt_str get(const bkt_host*, bkt_str key) noexcept {
        if (view(key) == "container") return str("a container with a long name, as they have");
        if (view(key) == "tool") return str("/usr/local/bin/a-tool-for-databases");
        if (view(key) == "url") return str("https://a.server.with.a.long.name.example.com");
        return {nullptr, 0};
    }
    static bkt_rc keys(const bkt_host*, const bkt_key_out*) noexcept { return BKT_OK; }
    static bkt_rc resolve(const bkt_host*, const bkt_call*, bkt_str, bkt_str* value) noexcept {
        *value = str("a secret that is longer than a short string");
        return BKT_OK;
    }
    static bkt_rc dir(const bkt_host*, const bkt_call*, bkt_str* path) noexcept {
        *path = str("/a/folder/that/is/not/there/but/has/a/name");
        return BKT_OK;
    }
    static bkt_rc run(const bkt_host* h, const bkt_call*, const bkt_exec_request* r,
                      const bkt_exec_report* report) noexcept {
        bkt_exec_result result{sizeof result,
                               0,
                               BKT_EXIT_WAITED,
                               0,
                               0,
                               0,
                               str("words on the standard error of the tool, some of them")};
        if (r->argc < 2) return BKT_NOT_FOUND;
        if (r->in) {
            char chunk[32];
            for (std::uint64_t n = 1; n > 0; result.stdin_bytes += n)
                if (const bkt_rc rc = r->in->read(r->in, chunk, sizeof chunk, &n); rc != BKT_OK)
                    return rc;
        }
        if (r->out) {
            const auto text = view(r->argv[1]).starts_with("--version") ? kWords : kDump;
            for (std::size_t at = 0; at < text.size(); at += 20) {
                const auto piece = text.substr(at, 20);
                if (const bkt_rc rc = r->out->write(r->out, piece.data(), piece.size());
                    rc != BKT_OK)
                    return rc;
            }
            result.stdout_bytes = text.size();
        }
        auto& self = *static_cast<ThriftyHost*>(h->ctx);
        if (self.is_future) result.how = 99;
        report->exited(report, self.give(result));
        return BKT_OK;
    }
    static bkt_rc request(const bkt_host*, const bkt_call*, const bkt_http_request* r,
                          const bkt_http_report* report) noexcept {
        constexpr std::string_view kBody = "an answer of the server that is longer than a string";
        report->status(report, 200);
        report->header(report, str("content-type"), str("text/plain; charset=utf-8, and so on"));
        report->header(report, str("x-delivery"), str("a delivery number longer than a string"));
        return r->out ? r->out->write(r->out, kBody.data(), kBody.size()) : BKT_OK;
    }
    static bkt_rc kv_get(const bkt_host*, const bkt_call*, bkt_str, bkt_str* value) noexcept {
        *value = str("a number kept from the time before this one");
        return BKT_OK;
    }
    static bkt_rc kv_put(const bkt_host*, const bkt_call*, bkt_str, bkt_str) noexcept {
        return BKT_OK;
    }
    static bkt_rc kv_swap(const bkt_host*, const bkt_call*, bkt_str, bkt_str, bkt_str) noexcept {
        return BKT_OK;
    }
    static bkt_rc kv_remove(const bkt_host*, const bkt_call*, bkt_str) noexcept { return BKT_OK; }
    static void add(const bkt_host*, bkt_str, double) noexcept {}
    static void emit(const bkt_host*, std::int32_t, bkt_str, bkt_str) noexcept {}

    static const void* service(const bkt_host* host, bkt_str id) noexcept {
        auto& self = *static_cast<ThriftyHost*>(host->ctx);
        static constexpr bkt_config kConfig = {sizeof kConfig, 0, &get, &keys};
        static constexpr bkt_secret kSecret = {sizeof kSecret, 0, &resolve};
        static constexpr bkt_temp kTemp = {sizeof kTemp, 0, &dir};
        static constexpr bkt_exec kExec = {sizeof kExec, 0, &run};
        static constexpr bkt_http kHttp = {sizeof kHttp, 0, &request};
        static constexpr bkt_kv kKv = {sizeof kKv, 0, &kv_get, &kv_put, &kv_swap, &kv_remove};
        static constexpr bkt_metrics kMetrics = {sizeof kMetrics, 0, &add, &add};
        static constexpr bkt_events kEvents = {sizeof kEvents, 0, &emit};
        const auto name = view(id);
        if (name == BKT_SERVICE_CONFIG) return self.give(kConfig);
        if (name == BKT_SERVICE_SECRET) return self.give(kSecret);
        if (name == BKT_SERVICE_TEMP) return self.give(kTemp);
        if (name == BKT_SERVICE_EXEC) return self.give(kExec);
        if (self.is_older) return nullptr;
        if (name == BKT_SERVICE_HTTP) return self.give(kHttp);
        if (name == BKT_SERVICE_KV) return self.give(kKv);
        if (name == BKT_SERVICE_METRICS) return self.give(kMetrics);
        if (name == BKT_SERVICE_EVENTS) return self.give(kEvents);
        return nullptr;
    }

    bkt_host host_{};
    bkt_call call_{};
    char said_[256] = {};
    std::size_t said_len_ = 0;
    alignas(16) char given_[1 << 18] = {};
    std::size_t given_len_ = 0;
    char arena_[4096] = {};
    std::size_t used_ = 0;
};

}  // namespace bkt::test
