// plugin_host/host_view.hpp: the host as the plugin's instance sees it from this process: settings it was
// opened with, and services that ask the real host.
#pragma once

#include <map>
#include <set>
#include <string>

#include "baktainer/abi/abi.h"
#include "core/plugin_host/op_call.hpp"

namespace bkt::plugin_host {

class Server;

class HostView final {
public:
    HostView(Server& server, const json& opened);
    HostView(const HostView&) = delete;
    HostView& operator=(const HostView&) = delete;

    const bkt_host* raw() const { return &raw_; }
    static HostView& of(const bkt_host* host) { return *static_cast<HostView*>(host->ctx); }
    const std::map<std::string, std::string>& settings() const { return settings_; }
    Server& server() const { return server_; }
    // One way to the host, about this instance.
    void tell(std::string_view method, const json& body) const;

private:
    static const void* service(const bkt_host* host, bkt_str id) noexcept;

    Server& server_;
    const std::string version_;
    std::map<std::string, std::string> settings_;
    bkt_host raw_{};
};

}  // namespace bkt::plugin_host
