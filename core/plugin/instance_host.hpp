// plugin/instance_host.hpp: the host as one plugin instance sees it: bkt_host and the tables behind it.
//
// Each instance gets its own, with its own settings, secrets and way into the target, so a plugin can
// reach nothing it was not opened for.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "baktainer/abi/services/exec.h"
#include "baktainer/result.hpp"
#include "core/base/scrubber.hpp"
#include "core/base/secret.hpp"

namespace bkt::plugin {

struct Facilities;
class HttpPool;

// What an instance may reach. Empty functions = that service says "unsupported".
struct Grants {
    // Who it is; filled by Instance::open from the component.
    std::string plugin;          // the module's id, for logs
    std::string component;       // id, kind and name: owns its state
    std::string component_name;  // for metrics
    std::string kind;            // "notifier"
    // The services its module lists: any other does not exist for it, but those granted always.
    std::vector<std::string> needs;
    std::vector<std::string> experimental;  // drafts the operator allowed it

    std::map<std::string, std::string> config;  // services/config.h
    // Where each setting was written, "/etc/baktainer/baktainer.yaml:12", and under "" where all of them
    // begin: for what is wrong with them.
    std::map<std::string, std::string> origins;
    // Resolves a secret setting; an empty secret = none configured.
    std::function<Result<base::Secret>(const bkt_call* call, std::string_view key)> secret;
    // Runs a tool in the job's target: discovery's exec with the target filled in.
    std::function<bkt_rc(const bkt_call*, const bkt_exec_request*, const bkt_exec_report*)> exec;
    std::string temp_root;  // "" = no temporary folder
    std::shared_ptr<base::Scrubber> scrubber = std::make_shared<base::Scrubber>();
    // State, numbers, events; nullptr = none kept.
    std::shared_ptr<Facilities> facilities;
};

class InstanceHost final {
public:
    explicit InstanceHost(Grants grants);
    InstanceHost(const InstanceHost&) = delete;
    InstanceHost& operator=(const InstanceHost&) = delete;
    ~InstanceHost();  // removes the temporary folder

    const bkt_host* raw() const { return &raw_; }
    const std::string& plugin() const { return grants_.plugin; }

    // For the service tables only.
    static InstanceHost& of(const bkt_host* host) { return *static_cast<InstanceHost*>(host->ctx); }
    const Grants& grants() const { return grants_; }
    // Valid as long as this.
    Result<bkt_str> temp_dir();
    HttpPool& http_pool() { return *http_pool_; }
    // Counts one more event of this minute.
    enum class Flood { none, begins, goes_on };
    Flood count_event();

private:
    static const void* find_service(const bkt_host* host, bkt_str id) noexcept;

    Grants grants_;
    bkt_host raw_{};
    std::mutex mutex_;
    std::string temp_dir_;
    std::unique_ptr<HttpPool> http_pool_;
    std::chrono::steady_clock::time_point minute_began_{};
    unsigned events_of_minute_ = 0;
};

}  // namespace bkt::plugin
