// plugin_host/asked_streams.hpp: the streams a plugin hands to a host service. One the host lent to this call
// is only named, so that its bytes stay in the host; the plugin's own goes by a pipe.
#pragma once

#include "core/plugin_host/server.hpp"

namespace bkt::plugin_host {

class AskedStreams final {
public:
    AskedStreams(Server& server, OpCall& call) : server_(server), call_(call) {}
    AskedStreams(const AskedStreams&) = delete;
    AskedStreams& operator=(const AskedStreams&) = delete;
    ~AskedStreams();

    // Names both (either may be NULL) in `body`.
    bkt_rc add(json& body, const char* in_key, const bkt_source* in, const char* out_key,
               const bkt_sink* out);
    json ask(std::string_view method, json body);
    // Every byte the host put into an own sink has been taken by it; else its code, or BKT_TRUNCATED.
    bkt_rc finish(const json& reply);

private:
    Server& server_;
    OpCall& call_;
    std::vector<UniqueFd> fds_;
    std::uint64_t own_source_ = 0;
    std::unique_ptr<wire::SinkPump> own_sink_;
};

}  // namespace bkt::plugin_host
