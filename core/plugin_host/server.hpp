// plugin_host/server.hpp: this process: one plugin, the calls of the host into it, its instances.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>

#include "baktainer/abi/kinds/engine.h"
#include "core/plugin_host/host_view.hpp"

namespace bkt::plugin_host {

// One open instance of a component.
struct Opened {
    const bkt_component* component = nullptr;
    std::unique_ptr<HostView> host;
    void* self = nullptr;
};

// A validator of an engine: fed from a pipe by a thread of its own.
struct OpenTap;

class Server final {
public:
    explicit Server(UniqueFd socket) : peer_(std::move(socket)) {}
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    // Serves until the host is gone, then ends the process: nothing here outlives its host.
    [[noreturn]] void serve();

    // --- for the answers, on any thread ---
    wire::Peer& peer() { return peer_; }
    bool has_need(std::string_view service) const { return needs_.count(std::string(service)) > 0; }
    bool allows(std::string_view draft) const { return allowed_.count(std::string(draft)) > 0; }
    const std::string& temp_dir() const { return temp_dir_; }
    const bkt_module* module() const { return module_; }
    // After the last close().
    void end_module();
    const bkt_component* component(std::string_view kind, std::string_view name) const;

    std::uint64_t add(Opened opened);
    std::shared_ptr<Opened> find(std::uint64_t id);
    std::shared_ptr<Opened> take(std::uint64_t id);
    std::uint64_t add(std::shared_ptr<OpenTap> tap);
    std::shared_ptr<OpenTap> find_tap(std::uint64_t id, bool take);
    std::uint64_t add(std::unique_ptr<wire::SourcePump> own);
    void forget_own(std::uint64_t id);

private:
    wire::Reply answer(wire::Message& request);
    bool shake_hands();
    json load(wire::Message& request);
    json start_module();
    wire::Reply end_own(wire::Message& request);
    wire::Reply op(wire::Message& request);
    void hear(wire::Message& notice);

    static constexpr std::size_t kKeptCalls = 64;

    const bkt_module* module_ = nullptr;
    std::set<std::string> needs_, allowed_;
    std::string temp_dir_;

    std::mutex mutex_;  // guards what follows
    std::uint64_t next_id_ = 1;
    std::map<std::uint64_t, std::shared_ptr<Opened>> instances_;
    std::map<std::uint64_t, std::shared_ptr<OpenTap>> taps_;
    std::map<std::uint64_t, std::shared_ptr<wire::SourcePump>> own_;
    std::map<std::uint64_t, OpCall*> ops_;
    std::deque<std::shared_ptr<OpCall>> calls_;  // the last ones, over or not
    wire::Peer peer_;
};

// How one method of the wire is answered: `args` is its arguments, the returned json the reply.
struct Asked {
    Server& server;
    OpCall& call;
    const json& args;
    std::vector<UniqueFd>& fds;
    // The instance `args` names, which must be of `kind`; throws std::runtime_error otherwise.
    std::shared_ptr<Opened> instance(const char* kind) const;
};
using Answer = json (*)(Asked& asked);
struct MethodRow {
    const char* name;
    Answer answer;
};
std::span<const MethodRow> instance_methods();
std::span<const MethodRow> engine_methods();
std::span<const MethodRow> storage_methods();
std::span<const MethodRow> discovery_methods();
std::span<const MethodRow> small_methods();  // notifier, hook, secrets, transform

}  // namespace bkt::plugin_host
