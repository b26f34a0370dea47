// call.hpp: the author's view of bkt_call and of the host services.
//
// A Call lives for one call and knows the instance's host, so that everything a plugin may ask for is
// a method here: configuration, secrets, exec, temporary folder, log.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "baktainer/abi/services/clock.h"
#include "baktainer/abi/services/config.h"
#include "baktainer/abi/services/exec.h"
#include "baktainer/abi/services/log.h"
#include "baktainer/abi/services/secret.h"
#include "baktainer/abi/services/temp.h"
#include "baktainer/result.hpp"

namespace bkt {

inline std::string_view view(bkt_str s) { return s.len ? std::string_view(s.ptr, s.len) : ""; }
inline bkt_str str(std::string_view s) { return {s.data(), s.size()}; }

class Exec;

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

    // The setting `key` this instance was opened with; empty when not set. Valid until close.
    std::string config(std::string_view key) const {
        const auto* s = service<bkt_config>(BKT_SERVICE_CONFIG);
        return s ? std::string(view(s->get(host_, str(key)))) : std::string();
    }

    // The secret of setting `key`; empty = none configured. Borrowed until the call returns: pass it
    // on, never keep, log or put it into an argv.
    Result<std::string_view> secret(std::string_view key) const {
        const auto* s = service<bkt_secret>(BKT_SERVICE_SECRET);
        if (!s) return Error{Code::unsupported, "this host offers no secrets"};
        bkt_str value{nullptr, 0};
        if (const bkt_rc rc = s->resolve(host_, call_, str(key), &value); rc != BKT_OK)
            return passed_on(rc, "resolving the secret of '" + std::string(key) + "'");
        return view(value);
    }

    // A private folder of this instance (0700), removed by the host.
    Result<std::string> temp_dir() const {
        const auto* s = service<bkt_temp>(BKT_SERVICE_TEMP);
        if (!s) return Error{Code::unsupported, "this host offers no temporary folder"};
        bkt_str path{nullptr, 0};
        if (const bkt_rc rc = s->dir(host_, call_, &path); rc != BKT_OK)
            return passed_on(rc, "making a temporary folder");
        return std::string(view(path));
    }

    // Sleeps, or fails with cancelled or timeout.
    Status sleep_ms(std::uint64_t ms) const {
        const auto* s = service<bkt_clock>(BKT_SERVICE_CLOCK);
        if (!s) return Error{Code::unsupported, "this host offers no clock"};
        if (const bkt_rc rc = s->sleep_ns(host_, call_, ms * 1'000'000); rc != BKT_OK)
            return passed_on(rc, "sleeping");
        return {};
    }

    // Runs argv in the job's target: c.exec({"pg_dump", ...}).out(sink).run(). See exec.hpp.
    Exec exec(std::vector<std::string> argv) const;
    // The same in a named target ("" = the job's own).
    Exec exec(std::string target, std::vector<std::string> argv) const;

    void log_debug(std::string_view m) const { log(BKT_LOG_DEBUG, m); }
    void log_info(std::string_view m) const { log(BKT_LOG_INFO, m); }
    void log_warning(std::string_view m) const { log(BKT_LOG_WARNING, m); }

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
        call_->fail(call_, static_cast<bkt_rc>(e.code), str(e.message), str(e.hint), 0);
        return static_cast<bkt_rc>(e.code);
    }

    // An error for a host call that failed: the host already knows the details, and keeps the last
    // fail() message; an empty message passes that on unchanged.
    static Error passed_on(bkt_rc rc, std::string_view /*what*/) {
        return Error{static_cast<Code>(rc), {}};
    }

    template <class Table>
    const Table* service(std::string_view id) const {
        return static_cast<const Table*>(host_->service(host_, str(id)));
    }

private:
    void log(std::int32_t level, std::string_view m) const {
        if (const auto* s = service<bkt_log>(BKT_SERVICE_LOG)) s->log(host_, level, str(m));
    }

    const bkt_host* host_;
    const bkt_call* call_;
};

}  // namespace bkt
