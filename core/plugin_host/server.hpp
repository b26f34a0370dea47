// plugin_host/server.hpp: this process: one plugin, the calls of the host into it, its instances.
#pragma once

#include <condition_variable>
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
    // Guarded by the server's mutex.
    unsigned calls = 0;  // under way
    unsigned taps = 0;   // not released yet
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
    // After close().
    void end_module();
    const bkt_component* component(std::string_view kind, std::string_view name) const;

    std::uint64_t add(Opened opened);
    // The instance, for one call: it counts as under way until the pointer goes. Throws
    // std::runtime_error when there is none such, or it is not to be called now: calls on one instance come
    // one at a time, but those of a store or a discovery source, and those that are `nested` in one (a
    // validator is asked for by a dump).
    std::shared_ptr<Opened> enter(std::uint64_t id, bool nested);
    // The instance that `args` of a call named, for as long as one of its validators lives.
    std::shared_ptr<Opened> keep_for_tap(const json& args);
    // For close(), after which nothing is opened any more: waits a moment for validators that are being
    // released. Throws as enter().
    std::shared_ptr<Opened> take(std::uint64_t id);
    // No instance is open, and none was closed: a worker has one.
    bool may_open();
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
    bool had_one_ = false;
    std::condition_variable released_;  // a tap
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
    // The instance `args` names, which must be of `kind` ("" = any), for this call. Throws as
    // Server::enter().
    std::shared_ptr<Opened> instance(std::string_view kind, bool nested = false) const;
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
