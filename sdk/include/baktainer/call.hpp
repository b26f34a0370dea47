// call.hpp: the author's view of bkt_call and of the host services.
//
// A Call lives for one call and knows the instance's host, so that everything a plugin may ask for is
// a method here: configuration, secrets, exec, HTTP, digests, a little state, log. A service the plugin
// was not granted answers Code::denied.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "baktainer/abi/call.h"
#include "baktainer/result.hpp"

namespace bkt {

inline std::string_view view(bkt_str s) { return s.len ? std::string_view(s.ptr, s.len) : ""; }
inline bkt_str str(std::string_view s) { return {s.data(), s.size()}; }

class Exec;
class Http;
class Digest;

// How much it matters; notifiers filter by it.
enum class Severity : std::int32_t { debug = 0, info = 1, warning = 2, error = 3 };

// Not thread-safe for fail(); everything else may be used from the plugin's own threads until the call
// returns.
class Call final {
public:
    Call(const bkt_host* host, const bkt_call* call) : host_(host), call_(call) {}

    const bkt_call* raw() const { return call_; }
    const bkt_host* host() const { return host_; }

    bool cancelled() const { return call_->cancelled(call_) != 0; }
    int cancel_fd() const { return call_->cancel_fd; }
    // CLOCK_MONOTONIC nanoseconds; 0 = none.
    std::uint64_t deadline_ns() const { return call_->deadline_ns; }
    void progress(std::uint64_t done, std::uint64_t total, std::string_view stage) const {
        call_->progress(call_, done, total, str(stage));
    }

    // The setting `key` this instance was opened with, or its declared default; empty when neither.
    std::string config(std::string_view key) const;
    // The same as a number or a truth; `otherwise` when not set. A class that declares config() is only
    // opened with values that fit; without it a value that does not is `otherwise` too.
    std::int64_t config_integer(std::string_view key, std::int64_t otherwise = 0) const;
    bool config_boolean(std::string_view key, bool otherwise = false) const;

    // The secret of setting `key`; empty = none configured. Borrowed until the call returns: pass it
    // on, never keep, log or put it into an argv.
    Result<std::string_view> secret(std::string_view key) const;

    // A private folder of this instance (0700), removed by the host.
    Result<std::string> temp_dir() const;

    // Sleeps, or fails with cancelled or timeout.
    Status sleep_ms(std::uint64_t ms) const;

    // Begins one HTTP request: c.http("GET", url).header(...).capture(text).run(). See http.hpp.
    Http http(std::string_view method, std::string_view url) const;
    // POSTs JSON; anything but a 2xx answer is an error.
    Status post(std::string_view url, std::string_view json) const;

    // Begins a digest: "sha256", "sha1", "md5", "crc32c", or keyed (HMAC). See hash.hpp.
    Result<Digest> hash(std::string_view algorithm) const;
    Result<Digest> hmac(std::string_view algorithm, std::string_view key) const;

    // State that outlives the instance, this component's own (bounds: abi/services/kv.h). nullopt = none.
    Result<std::optional<std::string>> kv_get(std::string_view key) const;
    Status kv_put(std::string_view key, std::string_view value) const;
    // Stores when the present value is `expected` (nullopt = there is none), else Code::conflict.
    Status kv_swap(std::string_view key, std::optional<std::string_view> expected,
                   std::string_view value) const;
    Status kv_remove(std::string_view key) const;

    // Says that something worth telling happened; `name` [a-z0-9_.]+. Lost when not granted.
    void event(Severity severity, std::string_view name, std::string_view text) const;
    // A counter and a gauge; `name` [a-z0-9_]+, ending in its unit. Lost when not granted.
    void metric_add(std::string_view name, double amount = 1) const;
    void metric_set(std::string_view name, double value) const;

    // BKT_THREAD_*: which of the contract's threads this is. For assertions.
    std::uint32_t thread() const;

    // Runs argv in the job's target: c.exec({"pg_dump", ...}).out(sink).run(). See exec.hpp.
    Exec exec(std::vector<std::string> argv) const;
    // The same in a named target ("" = the job's own).
    Exec exec(std::string target, std::vector<std::string> argv) const;

    void log_debug(std::string_view m) const;
    void log_info(std::string_view m) const;
    void log_warning(std::string_view m) const;

    // Copies `text` into memory that lives until the call returns.
    bkt_str keep(std::string_view text) const {
        auto* p = static_cast<char*>(call_->alloc(call_, text.size() + 1));
        if (!p) return {nullptr, 0};
        for (std::size_t i = 0; i < text.size(); ++i) p[i] = text[i];
        return {p, text.size()};
    }

    // Tells the host why and returns the code to return.
    bkt_rc fail(const Error& e) const {
        if (e.code == Code::cancelled && e.message.empty()) return BKT_CANCELLED;
        call_->fail(call_, static_cast<bkt_rc>(e.code), str(e.message), str(e.hint),
                    e.retry_after_ms);
        return static_cast<bkt_rc>(e.code);
    }

    // An error for a host call that failed: the host already knows the details, and keeps the last
    // fail() message; an empty message passes that on unchanged.
    static Error passed_on(bkt_rc rc, std::string_view /*what*/) {
        return Error{static_cast<Code>(rc), {}};
    }

    template <class Table>
    const Table* service(std::string_view id) const {
        // recognise() is asked before there is an instance, and so without a host.
        return host_ ? static_cast<const Table*>(host_->service(host_, str(id))) : nullptr;
    }

    static Error not_granted(std::string_view id) {
        return Error{Code::denied, "'" + std::string(id) + "' is not granted",
                     "the plugin must list it among its needs"};
    }

private:
    void log(std::int32_t level, std::string_view m) const;
    Status told(bkt_rc rc, std::string_view what) const {
        if (rc != BKT_OK) return passed_on(rc, what);
        return {};
    }

    const bkt_host* host_;
    const bkt_call* call_;
};

}  // namespace bkt

#include "baktainer/detail/call_services.hpp"
