#include "core/plugin/instance_host.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "baktainer/call.hpp"
#include "core/base/random_id.hpp"
#include "core/plugin/services/http_line.hpp"
#include "core/plugin/services/table.hpp"

namespace bkt::plugin {

namespace {

constexpr unsigned kMaxEventsAMinute = 60;

bool lists(const std::vector<std::string>& ids, std::string_view id) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
}

bool is_granted(const ServiceRow& service, const Grants& grants) {
    switch (service.granted) {
        case Granted::always: return true;
        case Granted::when_listed: return lists(grants.needs, service.id);
        case Granted::experimental:
            return lists(grants.needs, service.id) && lists(grants.experimental, service.id);
    }
    return false;
}

}  // namespace

const void* InstanceHost::find_service(const bkt_host* host, bkt_str id) noexcept {
    for (const auto* service = kServices; service->table; ++service)
        if (view(id) == service->id)
            return is_granted(*service, of(host).grants()) ? service->table : nullptr;
    return nullptr;
}

InstanceHost::InstanceHost(Grants grants)
    : grants_(std::move(grants)), http_pool_(std::make_unique<HttpPool>()) {
    raw_ = {sizeof raw_,      BKT_ABI_MINOR,          this,
            str("baktainer"), str(BAKTAINER_VERSION), &find_service};
}

InstanceHost::~InstanceHost() {
    if (temp_dir_.empty()) return;
    std::error_code ignored;  // what stays is swept at the next start
    std::filesystem::remove_all(temp_dir_, ignored);
}

Result<bkt_str> InstanceHost::temp_dir() {
    const std::lock_guard lock(mutex_);
    if (!temp_dir_.empty()) return str(temp_dir_);
    if (grants_.temp_root.empty()) return Error{Code::unsupported, "no temporary folder here"};
    std::error_code ec;
    std::filesystem::create_directories(grants_.temp_root, ec);
    const std::string dir = grants_.temp_root + "/" + base::random_id();
    if (::mkdir(dir.c_str(), 0700) != 0)
        return Error{errno == ENOSPC ? Code::no_space : Code::denied,
                     "cannot make the temporary folder '" + dir + "': " + std::strerror(errno),
                     "check permissions and space of state_dir"};
    temp_dir_ = dir;
    return str(temp_dir_);
}

InstanceHost::Flood InstanceHost::count_event() {
    const std::lock_guard lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    if (now - minute_began_ >= std::chrono::minutes(1)) {
        minute_began_ = now;
        events_of_minute_ = 0;
    }
    ++events_of_minute_;
    if (events_of_minute_ <= kMaxEventsAMinute) return Flood::none;
    return events_of_minute_ == kMaxEventsAMinute + 1 ? Flood::begins : Flood::goes_on;
}

}  // namespace bkt::plugin
