#include "core/plugin/services.hpp"

#include <openssl/evp.h>
#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/random.h>

#include <chrono>
#include <optional>

#include "baktainer/abi/services/clock.h"
#include "baktainer/abi/services/config.h"
#include "baktainer/abi/services/hash.h"
#include "baktainer/abi/services/log.h"
#include "baktainer/abi/services/secret.h"
#include "baktainer/abi/services/temp.h"
#include "baktainer/call.hpp"
#include "core/plugin/call_context.hpp"
#include "core/plugin/instance_host.hpp"
#include "core/plugin/read_struct.hpp"

namespace bkt::plugin {

namespace {

// Every thunk stops exceptions: a plugin's frame lies above it.
template <class Body>
bkt_rc guarded(const bkt_call* call, Body&& body) noexcept {
    try {
        if (const Status status = body(); !status) return fail_call(call, status.error());
        return BKT_OK;
    } catch (...) {
        return BKT_BUG;
    }
}

// --- bkt.log/1 ---
void log(const bkt_host* host, std::int32_t level, bkt_str message) noexcept {
    try {
        const auto& grants = InstanceHost::of(host).grants();
        const auto text = grants.scrubber->scrub(view(message).substr(0, 8192));
        const auto at = level == BKT_LOG_DEBUG     ? spdlog::level::debug
                        : level == BKT_LOG_INFO    ? spdlog::level::info
                        : level == BKT_LOG_WARNING ? spdlog::level::warn
                                                   : spdlog::level::err;
        spdlog::log(at, "plugin={} {}", grants.plugin, text);
    } catch (...) {
        // A line that cannot be logged is lost, not the run.
    }
}
constexpr bkt_log kLog = {sizeof kLog, 0, &log};

// --- bkt.config/1 ---
bkt_str get(const bkt_host* host, bkt_str key) noexcept {
    try {
        const auto& config = InstanceHost::of(host).grants().config;
        const auto found = config.find(std::string(view(key)));
        return found == config.end() ? bkt_str{nullptr, 0} : str(found->second);
    } catch (...) {
        return {nullptr, 0};
    }
}
bkt_rc keys(const bkt_host* host, const bkt_key_out* out) noexcept {
    for (const auto& [key, value] : InstanceHost::of(host).grants().config)
        if (const bkt_rc rc = out->key(out, str(key)); rc != BKT_OK) return rc;
    return BKT_OK;
}
constexpr bkt_config kConfig = {sizeof kConfig, 0, &get, &keys};

// --- bkt.secret/1 ---
bkt_rc resolve(const bkt_host* host, const bkt_call* call, bkt_str key, bkt_str* value) noexcept {
    return guarded(call, [&]() -> Status {
        auto& instance = InstanceHost::of(host);
        *value = {nullptr, 0};
        if (!instance.grants().secret) return {};
        BKT_LET(base::Secret secret, instance.grants().secret(call, view(key)));
        if (secret.empty()) return {};
        instance.grants().scrubber->add(secret);
        *value = str(instance.keep(std::move(secret)));
        return {};
    });
}
constexpr bkt_secret kSecret = {sizeof kSecret, 0, &resolve};

// --- bkt.exec/1 ---
struct ScrubbedReport {
    const bkt_exec_report* outer;
    const base::Scrubber* scrubber;
};

void scrub_and_pass(const bkt_exec_report* report, const bkt_exec_result* result) noexcept {
    const auto* self = static_cast<const ScrubbedReport*>(report->ctx);
    try {
        const auto clean = self->scrubber->scrub(view(result->stderr_tail));
        bkt_exec_result copy = read_struct(result);
        copy.stderr_tail = str(clean);
        self->outer->exited(self->outer, &copy);
    } catch (...) {
        // The caller finds that no status was told and fails.
    }
}

bkt_rc run(const bkt_host* host, const bkt_call* call, const bkt_exec_request* request,
           const bkt_exec_report* report) noexcept {
    try {
        const auto& grants = InstanceHost::of(host).grants();
        if (!grants.exec)
            return fail_call(
                call, {Code::unsupported,
                       "no target to run '" +
                           std::string(request->argc ? view(request->argv[0]) : "") + "' in"});
        const ScrubbedReport scrubbed{report, grants.scrubber.get()};
        const bkt_exec_report inner{sizeof inner, 0, const_cast<ScrubbedReport*>(&scrubbed),
                                    &scrub_and_pass};
        return grants.exec(call, request, &inner);
    } catch (...) {
        return BKT_BUG;
    }
}
constexpr bkt_exec kExec = {sizeof kExec, 0, &run};

// --- bkt.hash/1 ---
void* hash_begin(const bkt_host*, bkt_str algorithm) noexcept {
    if (view(algorithm) != "sha256") return nullptr;
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    if (context && EVP_DigestInit_ex(context, EVP_sha256(), nullptr) == 1) return context;
    EVP_MD_CTX_free(context);
    return nullptr;
}
void hash_update(void* digest, const void* bytes, std::uint64_t len) noexcept {
    EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(digest), bytes, len);
}
void hash_finish(void* digest, std::uint8_t* out) noexcept {
    auto* context = static_cast<EVP_MD_CTX*>(digest);
    if (out) EVP_DigestFinal_ex(context, out, nullptr);
    EVP_MD_CTX_free(context);
}
constexpr bkt_hash kHash = {sizeof kHash, 0, &hash_begin, &hash_update, &hash_finish, nullptr};

// --- bkt.temp/1 ---
bkt_rc temp_dir(const bkt_host* host, const bkt_call* call, bkt_str* path) noexcept {
    return guarded(call, [&]() -> Status {
        BKT_LET(const std::string dir, InstanceHost::of(host).temp_dir());
        *path = {call->alloc ? static_cast<char*>(call->alloc(call, dir.size())) : nullptr,
                 dir.size()};
        if (!path->ptr) return Error{Code::bug, "out of memory"};
        std::copy(dir.begin(), dir.end(), const_cast<char*>(path->ptr));
        return {};
    });
}
constexpr bkt_temp kTemp = {sizeof kTemp, 0, &temp_dir};

// --- bkt.clock/1 ---
std::int64_t wall_ns(const bkt_host*) noexcept {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}
std::uint64_t monotonic_ns(const bkt_host*) noexcept {
    return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
}
bkt_rc sleep_ns(const bkt_host*, const bkt_call* call, std::uint64_t ns) noexcept {
    const std::uint64_t until = monotonic_ns(nullptr) + ns;
    for (;;) {
        const auto now = monotonic_ns(nullptr);
        if (call->deadline_ns && now >= call->deadline_ns)
            return fail_call(call, {Code::timeout, "the run's time is up", "raise its 'timeout'"});
        if (call->cancelled(call)) return fail_call(call, {Code::cancelled, "cancelled"});
        if (now >= until) return BKT_OK;
        auto wait_ns = until - now;
        if (call->deadline_ns) wait_ns = std::min(wait_ns, call->deadline_ns - now);
        pollfd cancelled{call->cancel_fd, POLLIN, 0};
        ::poll(&cancelled, 1,
               static_cast<int>(std::min<std::uint64_t>(wait_ns / 1'000'000 + 1, 60'000)));
    }
}
bkt_rc fill_random(const bkt_host*, void* bytes, std::uint64_t len) noexcept {
    auto* at = static_cast<unsigned char*>(bytes);
    while (len > 0) {
        const ssize_t n = ::getrandom(at, std::min<std::uint64_t>(len, 256), 0);
        if (n < 0) return BKT_BUG;
        at += n, len -= static_cast<std::uint64_t>(n);
    }
    return BKT_OK;
}
constexpr bkt_clock kClock = {sizeof kClock, 0, &wall_ns, &monotonic_ns, &sleep_ns, &fill_random};

}  // namespace

const ServiceRow kServices[7] = {
    {BKT_SERVICE_LOG, &kLog},     {BKT_SERVICE_CONFIG, &kConfig}, {BKT_SERVICE_SECRET, &kSecret},
    {BKT_SERVICE_EXEC, &kExec},   {BKT_SERVICE_HASH, &kHash},     {BKT_SERVICE_TEMP, &kTemp},
    {BKT_SERVICE_CLOCK, &kClock},
};

}  // namespace bkt::plugin
