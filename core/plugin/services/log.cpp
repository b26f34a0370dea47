// bkt.log/1: a plugin's lines in our log, with its id and without the secrets the run knows.
#include <spdlog/spdlog.h>

#include "core/plugin/instance_host.hpp"
#include "core/plugin/services/guarded.hpp"
#include "core/plugin/services/table.hpp"

namespace bkt::plugin::services {

namespace {

constexpr std::size_t kMaxLineBytes = 8192;

void log(const bkt_host* host, std::int32_t level, bkt_str message) noexcept {
    quietly([&] {
        const auto& grants = InstanceHost::of(host).grants();
        const auto text = grants.scrubber->scrub(view(message), kMaxLineBytes);
        const auto at = level == BKT_LOG_DEBUG     ? spdlog::level::debug
                        : level == BKT_LOG_INFO    ? spdlog::level::info
                        : level == BKT_LOG_WARNING ? spdlog::level::warn
                                                   : spdlog::level::err;
        spdlog::log(at, "plugin={} {}", grants.plugin, text);
    });
}

}  // namespace

const bkt_log kLog = {sizeof kLog, 0, &log};

}  // namespace bkt::plugin::services
