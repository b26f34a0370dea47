// detail/call_services.hpp: how Call talks to the small services. Exec, Http and Digest have files of
// their own.
#pragma once

#include <charconv>

#include "baktainer/abi/services/clock.h"
#include "baktainer/abi/services/config.h"
#include "baktainer/abi/services/events.h"
#include "baktainer/abi/services/kv.h"
#include "baktainer/abi/services/log.h"
#include "baktainer/abi/services/metrics.h"
#include "baktainer/abi/services/secret.h"
#include "baktainer/abi/services/temp.h"
#include "baktainer/abi/services/thread.h"
#include "baktainer/call.hpp"

namespace bkt {

inline void Call::log(std::int32_t level, std::string_view m) const {
    if (const auto* s = service<bkt_log>(BKT_SERVICE_LOG)) s->log(host_, level, str(m));
}
inline void Call::log_debug(std::string_view m) const { log(BKT_LOG_DEBUG, m); }
inline void Call::log_info(std::string_view m) const { log(BKT_LOG_INFO, m); }
inline void Call::log_warning(std::string_view m) const { log(BKT_LOG_WARNING, m); }

inline std::string Call::config(std::string_view key) const {
    const auto* s = service<bkt_config>(BKT_SERVICE_CONFIG);
    return s ? std::string(view(s->get(host_, str(key)))) : std::string();
}

inline std::int64_t Call::config_integer(std::string_view key, std::int64_t otherwise) const {
    const std::string text = config(key);
    std::int64_t value = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    return ec == std::errc() && end == text.data() + text.size() ? value : otherwise;
}

inline bool Call::config_boolean(std::string_view key, bool otherwise) const {
    const std::string text = config(key);
    if (text == "true") return true;
    return text == "false" ? false : otherwise;
}

inline Result<std::string_view> Call::secret(std::string_view key) const {
    const auto* s = service<bkt_secret>(BKT_SERVICE_SECRET);
    if (!s) return not_granted(BKT_SERVICE_SECRET);
    bkt_str value{nullptr, 0};
    BKT_TRY(told(s->resolve(host_, call_, str(key), &value), key));
    return view(value);
}

inline Result<std::string> Call::temp_dir() const {
    const auto* s = service<bkt_temp>(BKT_SERVICE_TEMP);
    if (!s) return not_granted(BKT_SERVICE_TEMP);
    bkt_str path{nullptr, 0};
    BKT_TRY(told(s->dir(host_, call_, &path), "making a temporary folder"));
    return std::string(view(path));
}

inline Status Call::sleep_ms(std::uint64_t ms) const {
    const auto* s = service<bkt_clock>(BKT_SERVICE_CLOCK);
    if (!s) return not_granted(BKT_SERVICE_CLOCK);
    return told(s->sleep_ns(host_, call_, ms * 1'000'000), "sleeping");
}

inline Result<std::optional<std::string>> Call::kv_get(std::string_view key) const {
    const auto* s = service<bkt_kv>(BKT_SERVICE_KV);
    if (!s) return not_granted(BKT_SERVICE_KV);
    bkt_str value{nullptr, 0};
    const bkt_rc rc = s->get(host_, call_, str(key), &value);
    if (rc == BKT_NOT_FOUND) return std::optional<std::string>();
    BKT_TRY(told(rc, key));
    return std::optional<std::string>(view(value));
}

inline Status Call::kv_put(std::string_view key, std::string_view value) const {
    const auto* s = service<bkt_kv>(BKT_SERVICE_KV);
    if (!s) return not_granted(BKT_SERVICE_KV);
    return told(s->put(host_, call_, str(key), str(value)), key);
}

inline Status Call::kv_swap(std::string_view key, std::optional<std::string_view> expected,
                            std::string_view value) const {
    const auto* s = service<bkt_kv>(BKT_SERVICE_KV);
    if (!s) return not_granted(BKT_SERVICE_KV);
    // An empty value that is there differs from none by its pointer.
    bkt_str before{nullptr, 0};
    if (expected) before = {expected->data() ? expected->data() : "", expected->size()};
    return told(s->swap(host_, call_, str(key), before, str(value)), key);
}

inline Status Call::kv_remove(std::string_view key) const {
    const auto* s = service<bkt_kv>(BKT_SERVICE_KV);
    if (!s) return not_granted(BKT_SERVICE_KV);
    return told(s->remove(host_, call_, str(key)), key);
}

inline void Call::event(Severity severity, std::string_view name, std::string_view text) const {
    if (const auto* s = service<bkt_events>(BKT_SERVICE_EVENTS))
        s->emit(host_, static_cast<std::int32_t>(severity), str(name), str(text));
}

inline void Call::metric_add(std::string_view name, double amount) const {
    if (const auto* s = service<bkt_metrics>(BKT_SERVICE_METRICS)) s->add(host_, str(name), amount);
}

inline void Call::metric_set(std::string_view name, double value) const {
    if (const auto* s = service<bkt_metrics>(BKT_SERVICE_METRICS)) s->set(host_, str(name), value);
}

inline std::uint32_t Call::thread() const {
    const auto* s = service<bkt_thread>(BKT_SERVICE_THREAD);
    return s ? s->current(host_) : static_cast<std::uint32_t>(BKT_THREAD_OTHER);
}

}  // namespace bkt
