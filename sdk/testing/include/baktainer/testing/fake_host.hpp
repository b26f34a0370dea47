// testing/fake_host.hpp: a host whose services are all in the test's hands. Tools run by whatever the test
// puts into `exec`: real processes as a rule; requests are answered by `http`, connections by `dial`; digests
// are real ones.
#pragma once

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <mutex>
#include <set>

#include "baktainer/abi/draft/net.h"
#include "baktainer/discovery.hpp"
#include "baktainer/testing/fake_call.hpp"
#include "baktainer/testing/fake_hash.hpp"
#include "baktainer/testing/fake_http.hpp"
#include "baktainer/testing/older_tables.hpp"

namespace bkt::testing {

struct FakeEvent {
    Severity severity;
    std::string name, text;
    bool operator==(const FakeEvent&) const = default;
};

class FakeHost final {
public:
    FakeHost() { raw_ = {sizeof raw_, BKT_ABI_MINOR, this, str("fake host"), str("0"), &service}; }
    FakeHost(const FakeHost&) = delete;
    FakeHost& operator=(const FakeHost&) = delete;
    ~FakeHost() {
        std::error_code ignored;
        if (!temp_.empty()) std::filesystem::remove_all(temp_, ignored);
    }

    std::map<std::string, std::string> config;
    std::map<std::string, std::string> secrets;
    // Unset = this host offers no exec.
    std::function<Result<ExecOutcome>(Call&, const ExecRequest&)> exec;
    std::vector<ExecRequest> requests;  // every tool run, in order (without its streams' life)
    FakeHttp http;
    // What a plugin's connection (the draft bkt.net/1) leads to. Unset = nobody listens anywhere.
    std::function<Result<UniqueFd>(Call&, std::string_view host_name, std::uint32_t port)> dial;
    std::map<std::string, std::string> kv;
    std::map<std::string, double> metrics;
    std::vector<FakeEvent> events;
    std::vector<std::string> log_lines;
    // The ids it offers; unset = all.
    std::optional<std::set<std::string, std::less<>>> granted;
    // Answers as a host of the first days: see older_tables.hpp.
    bool older = false;
    bool sleeps_at_once = false;  // a sleep takes no time
    std::uint64_t slept_ns = 0;   // how long plugins wished to sleep

    const bkt_host* raw() const { return &raw_; }
    // The instance's private folder, made on first use, gone with the host.
    const std::string& temp_dir() {
        if (temp_.empty()) {
            std::string name =
                (std::filesystem::temp_directory_path() / "bkt-test-XXXXXX").string();
            if (::mkdtemp(name.data())) temp_ = name;
        }
        return temp_;
    }
    bool temp_is_empty() const { return temp_.empty() || std::filesystem::is_empty(temp_); }

private:
    static FakeHost& of(const bkt_host* h) { return *static_cast<FakeHost*>(h->ctx); }

    static const void* service(const bkt_host* h, bkt_str id) noexcept {
        if (of(h).granted && !of(h).granted->contains(view(id))) return nullptr;
        const void* table = today(view(id));
        return of(h).older ? of(h).older_tables_.age(view(id), table) : table;
    }
    static const void* today(std::string_view name) noexcept {
        static constexpr bkt_log kLog = {sizeof kLog, 0, &log};
        static constexpr bkt_config kConfig = {sizeof kConfig, 0, &get, &keys};
        static constexpr bkt_secret kSecret = {sizeof kSecret, 0, &resolve};
        static constexpr bkt_temp kTemp = {sizeof kTemp, 0, &dir};
        static constexpr bkt_clock kClock = {sizeof kClock, 0,         &wall_ns,
                                             &monotonic_ns, &sleep_ns, &fill_random};
        static constexpr bkt_exec kExec = {sizeof kExec, 0, &run};
        static constexpr bkt_http kHttp = {sizeof kHttp, 0, &http_run};
        static constexpr bkt_kv kKv = {sizeof kKv, 0, &kv_get, &kv_put, &kv_swap, &kv_remove};
        static constexpr bkt_metrics kMetrics = {sizeof kMetrics, 0, &metric_add, &metric_set};
        static constexpr bkt_events kEvents = {sizeof kEvents, 0, &emit};
        static constexpr bkt_thread kThread = {sizeof kThread, 0, &thread};
        static constexpr bkt_net kNet = {sizeof kNet, 0, &connect};
        if (name == BKT_SERVICE_LOG) return &kLog;
        if (name == BKT_SERVICE_CONFIG) return &kConfig;
        if (name == BKT_SERVICE_SECRET) return &kSecret;
        if (name == BKT_SERVICE_TEMP) return &kTemp;
        if (name == BKT_SERVICE_CLOCK) return &kClock;
        if (name == BKT_SERVICE_EXEC) return &kExec;
        if (name == BKT_SERVICE_HASH) return FakeHash::table();
        if (name == BKT_SERVICE_HTTP) return &kHttp;
        if (name == BKT_SERVICE_NET) return &kNet;
        if (name == BKT_SERVICE_KV) return &kKv;
        if (name == BKT_SERVICE_METRICS) return &kMetrics;
        if (name == BKT_SERVICE_EVENTS) return &kEvents;
        if (name == BKT_SERVICE_THREAD) return &kThread;
        return nullptr;
    }
    static void log(const bkt_host* h, std::int32_t, bkt_str message) noexcept {
        const std::lock_guard lock(of(h).mutex_);
        of(h).log_lines.emplace_back(view(message));
    }
    static bkt_str get(const bkt_host* h, bkt_str key) noexcept {
        const auto at = of(h).config.find(std::string(view(key)));
        return at == of(h).config.end() ? bkt_str{nullptr, 0} : str(at->second);
    }
    static bkt_rc keys(const bkt_host* h, const bkt_key_out* out) noexcept {
        for (const auto& [key, value] : of(h).config)
            if (const bkt_rc rc = out->key(out, str(key)); rc != BKT_OK) return rc;
        return BKT_OK;
    }
    static bkt_rc resolve(const bkt_host* h, const bkt_call*, bkt_str key,
                          bkt_str* value) noexcept {
        const auto at = of(h).secrets.find(std::string(view(key)));
        *value = at == of(h).secrets.end() ? bkt_str{nullptr, 0} : str(at->second);
        return BKT_OK;
    }
    static bkt_rc dir(const bkt_host* h, const bkt_call* raw, bkt_str* path) noexcept {
        *path = str(of(h).temp_dir());
        if (path->len > 0) return BKT_OK;
        Call call(h, raw);
        return call.fail({Code::unavailable, "no temporary folder can be made"});
    }
    static std::int64_t wall_ns(const bkt_host*) noexcept { return now(CLOCK_REALTIME); }
    static std::uint64_t monotonic_ns(const bkt_host*) noexcept {
        return static_cast<std::uint64_t>(now(CLOCK_MONOTONIC));
    }
    static bkt_rc sleep_ns(const bkt_host* h, const bkt_call* call, std::uint64_t ns) noexcept {
        of(h).slept_ns += ns;
        if (of(h).sleeps_at_once) return call->cancelled(call) ? BKT_CANCELLED : BKT_OK;
        const auto until = monotonic_ns(nullptr) + ns;
        for (;;) {
            const auto at = monotonic_ns(nullptr);
            if (call->cancelled(call)) return BKT_CANCELLED;
            if (call->deadline_ns && at >= call->deadline_ns) return BKT_TIMEOUT;
            if (at >= until) return BKT_OK;
            const timespec step{0,
                                static_cast<long>(std::min<std::uint64_t>(until - at, 10'000'000))};
            ::nanosleep(&step, nullptr);
        }
    }
    static bkt_rc fill_random(const bkt_host*, void* bytes, std::uint64_t len) noexcept {
        auto* at = static_cast<char*>(bytes);
        while (len > 0) {
            const std::uint64_t n = std::min<std::uint64_t>(len, 256);
            if (::getentropy(at, n) != 0) return BKT_BUG;
            at += n, len -= n;
        }
        return BKT_OK;
    }
    static std::int64_t now(clockid_t clock) noexcept {
        timespec t{};
        ::clock_gettime(clock, &t);
        return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
    }
    static bkt_rc run(const bkt_host* h, const bkt_call* raw, const bkt_exec_request* r,
                      const bkt_exec_report* report) noexcept {
        FakeHost& self = of(h);
        Call call(h, raw);
        if (!self.exec) return call.fail({Code::unsupported, "the fake host runs no tools"});
        ExecRequest request;
        request.target = view(r->target);
        for (std::uint64_t i = 0; i < r->argc; ++i) request.argv.emplace_back(view(r->argv[i]));
        for (std::uint64_t i = 0; i < r->env_count; ++i) request.env.emplace_back(view(r->env[i]));
        request.user = view(r->user);
        if (BKT_HAS(r, bkt_exec_request, program)) request.program = view(r->program);
        if (r->in) request.in.emplace(r->in);
        if (r->out) request.out.emplace(r->out);
        {
            const std::lock_guard lock(self.mutex_);
            self.requests.push_back(request);
        }
        auto outcome = self.exec(call, request);
        if (!outcome) return call.fail(outcome.error());
        const bkt_exec_result result{
            sizeof result,         outcome->exit_code,       outcome->how, 0, outcome->stdin_bytes,
            outcome->stdout_bytes, str(outcome->stderr_tail)};
        report->exited(report, &result);
        return BKT_OK;
    }
    static bkt_rc http_run(const bkt_host* h, const bkt_call* raw, const bkt_http_request* request,
                           const bkt_http_report* report) noexcept {
        Call call(h, raw);
        return of(h).http.run(call, *request, *report);
    }
    static bkt_rc connect(const bkt_host* h, const bkt_call* raw, bkt_str name, std::uint32_t port,
                          std::int32_t* fd) noexcept {
        Call call(h, raw);
        if (!of(h).dial) return call.fail({Code::unavailable, "nobody listens in the fake host"});
        auto made = of(h).dial(call, view(name), port);
        if (!made) return call.fail(made.error());
        *fd = made->release();
        return BKT_OK;
    }
    // The bounds of services/kv.h.
    static bkt_rc kv_check(const FakeHost& self, Call& call, std::string_view key,
                           std::string_view value) {
        if (key.empty() || key.size() > 200)
            return call.fail({Code::invalid, "a key of the state has not 1-200 bytes"});
        if (value.size() > 64 * 1024)
            return call.fail({Code::invalid, "a value of the state is larger than 64 KiB"});
        if (self.kv.size() >= 1000 && !self.kv.contains(std::string(key)))
            return call.fail({Code::no_space, "there are 1000 keys already"});
        return BKT_OK;
    }
    static bkt_rc kv_get(const bkt_host* h, const bkt_call* raw, bkt_str key,
                         bkt_str* value) noexcept {
        Call call(h, raw);
        const auto at = of(h).kv.find(std::string(view(key)));
        if (at == of(h).kv.end())
            return view(key).empty() ? kv_check(of(h), call, view(key), {}) : bkt_rc{BKT_NOT_FOUND};
        *value = call.keep(at->second);
        return BKT_OK;
    }
    static bkt_rc kv_put(const bkt_host* h, const bkt_call* raw, bkt_str key,
                         bkt_str value) noexcept {
        Call call(h, raw);
        const bkt_rc rc = kv_check(of(h), call, view(key), view(value));
        if (rc == BKT_OK) of(h).kv[std::string(view(key))] = view(value);
        return rc;
    }
    static bkt_rc kv_swap(const bkt_host* h, const bkt_call* raw, bkt_str key, bkt_str expected,
                          bkt_str value) noexcept {
        const auto at = of(h).kv.find(std::string(view(key)));
        const bool there = at != of(h).kv.end();
        if (there != (expected.ptr != nullptr) || (there && at->second != view(expected))) {
            Call call(h, raw);
            return call.fail({Code::conflict, "somebody else changed the state"});
        }
        return kv_put(h, raw, key, value);
    }
    static bkt_rc kv_remove(const bkt_host* h, const bkt_call*, bkt_str key) noexcept {
        of(h).kv.erase(std::string(view(key)));
        return BKT_OK;
    }
    static void metric_add(const bkt_host* h, bkt_str name, double amount) noexcept {
        of(h).metrics[std::string(view(name))] += amount;
    }
    static void metric_set(const bkt_host* h, bkt_str name, double value) noexcept {
        of(h).metrics[std::string(view(name))] = value;
    }
    static void emit(const bkt_host* h, std::int32_t severity, bkt_str name,
                     bkt_str text) noexcept {
        of(h).events.push_back(
            {static_cast<Severity>(severity), std::string(view(name)), std::string(view(text))});
    }
    static std::uint32_t thread(const bkt_host*) noexcept { return BKT_THREAD_OP; }

    std::mutex mutex_;  // of what a plugin's own threads may add to
    bkt_host raw_{};
    OlderTables older_tables_;
    std::string temp_;
};

}  // namespace bkt::testing
