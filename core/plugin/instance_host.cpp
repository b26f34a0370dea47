#include "core/plugin/instance_host.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "baktainer/call.hpp"
#include "core/base/random_id.hpp"
#include "core/plugin/services.hpp"

namespace bkt::plugin {

namespace {

const void* find_service(const bkt_host*, bkt_str id) noexcept {
    for (const auto& service : kServices)
        if (view(id) == service.id) return service.table;
    return nullptr;
}

}  // namespace

InstanceHost::InstanceHost(Grants grants) : grants_(std::move(grants)) {
    raw_ = {sizeof raw_,      BKT_ABI_MINOR,          this,
            str("baktainer"), str(BAKTAINER_VERSION), &find_service};
}

InstanceHost::~InstanceHost() {
    if (temp_dir_.empty()) return;
    std::error_code ignored;  // what stays is swept at the next start
    std::filesystem::remove_all(temp_dir_, ignored);
}

Result<std::string> InstanceHost::temp_dir() {
    const std::lock_guard lock(mutex_);
    if (!temp_dir_.empty()) return temp_dir_;
    if (grants_.temp_root.empty()) return Error{Code::unsupported, "no temporary folder here"};
    std::error_code ec;
    std::filesystem::create_directories(grants_.temp_root, ec);
    const std::string dir = grants_.temp_root + "/" + base::random_id();
    if (::mkdir(dir.c_str(), 0700) != 0)
        return Error{errno == ENOSPC ? Code::no_space : Code::denied,
                     "cannot make the temporary folder '" + dir + "': " + std::strerror(errno),
                     "check permissions and space of state_dir"};
    temp_dir_ = dir;
    return temp_dir_;
}

std::string_view InstanceHost::keep(base::Secret secret) {
    const std::lock_guard lock(mutex_);
    kept_.push_back(std::make_unique<base::Secret>(std::move(secret)));
    return kept_.back()->reveal();
}

}  // namespace bkt::plugin
