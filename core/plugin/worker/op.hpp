// worker/op.hpp: one call into an isolated plugin, from the host's side: the request, the streams lent to
// it, and the host services it asks for meanwhile.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <shared_mutex>

#include "baktainer/abi/services/exec.h"
#include "baktainer/call.hpp"
#include "core/base/cancel.hpp"
#include "core/plugin/wire/body.hpp"
#include "core/plugin/wire/streams.hpp"
#include "core/plugin/worker/worker.hpp"

namespace bkt::plugin::worker {

// The host's own service of that id; nullptr where it has none.
template <class Table>
const Table* service_of(const bkt_host* host, const char* id) {
    return static_cast<const Table*>(host->service(host, str(id)));
}

// Through it a request of the worker finds the call it belongs to, as long as that lives.
struct OpGate {
    std::shared_mutex mutex;
    Op* op = nullptr;
};

class Op final {  // One thread, but for answer() and hear_progress().
public:
    using Handler = std::function<wire::Reply(wire::Message&)>;

    // `host`: NULL for calls without an instance; then no service is offered. All must outlive it.
    Op(Worker& worker, const bkt_host* host, const bkt_call* call);
    Op(const Op&) = delete;
    Op& operator=(const Op&) = delete;
    ~Op();

    // Lend a stream to the plugin for this call; what to name it by in the arguments.
    wire::json lend(const bkt_sink* sink);
    wire::json lend(const bkt_source* source);
    // A request of the plugin during this call beside the host's services. Before run().
    void on(std::string method, Handler handler) {
        handlers_[std::move(method)] = std::move(handler);
    }
    // Ends a lent sink: waits for its last byte and compares the count the plugin tells.
    bkt_rc end_sink(std::uint64_t handle, std::uint64_t bytes);

    // Makes the call. `result`: what the plugin answered. Failures are told to the host's call.
    bkt_rc run(std::string_view method, wire::json arguments, wire::json* result = nullptr,
               std::span<const int> fds = {},
               std::chrono::milliseconds limit = std::chrono::milliseconds::max());

    // After run(): of a source whose bytes went to the plugin's process, some were not read there.
    bool left_unread();
    // Ends every lent source: what is lent next may be the same memory. BKT_FAULT: one is in use.
    bkt_rc end_sources();
    // For bytes that are given outside run(): notes that some went, and is the plugin still to be waited for?
    void touch() { ++requests_; }
    // This call may well do nothing for hours.
    void may_be_silent() { silent_ = true; }
    Status watch() { return go_on(std::chrono::steady_clock::time_point::max()); }
    // After a failed watch(): tells the host's call why. BKT_FAULT.
    bkt_rc broken_off() { return broken(worker_.fault()); }

    const bkt_call* call() const { return &derived_; }
    std::uint64_t id() const { return id_; }

    // --- for the host's services ---
    // NULL when there is none such or it is in use; in use until give_back().
    const bkt_source* take_source(std::uint64_t handle);
    const bkt_sink* take_sink(std::uint64_t handle);
    void give_back(std::uint64_t handle);
    // How a source of the plugin's own ended.
    wire::Carried ask_source(std::uint64_t own);

    // --- for the worker's threads ---
    wire::Reply answer(wire::Message& request);
    void hear_progress(const wire::json& body);
    void cancel() { cancel_.request(); }

private:
    // `busy`: a host service moves its bytes right now. A stream is used by one at a time, and its handle
    // means nothing once it is over: the plugin's process may ask for anything at any moment.
    struct LentSink {
        const bkt_sink* raw = nullptr;
        std::unique_ptr<wire::SinkPump> pump;
        bool busy = false;
    };
    struct LentSource {
        const bkt_source* raw = nullptr;
        std::unique_ptr<wire::SourcePump> pump;
        std::uint64_t read_bytes = 0;  // as the plugin's process told
        bool busy = false;
    };
    static Op& of(const bkt_call* call) { return *static_cast<Op*>(call->ctx); }
    Status go_on(std::chrono::steady_clock::time_point until);
    std::uint64_t activity();
    bool waits_for_us();
    bkt_rc finish_streams(const wire::json& reply);
    bkt_rc broken(const Error& error);

    wire::Reply open_sink(wire::Message& request);
    wire::Reply open_source(wire::Message& request);
    wire::Reply source_status(wire::Message& request);
    wire::Reply sink_status(wire::Message& request);
    wire::Reply lacking(const char* service);
    wire::Reply exec(wire::Message& request);
    wire::Reply http(wire::Message& request);
    wire::Reply secret(wire::Message& request);
    wire::Reply kv(wire::Message& request);
    wire::Reply dial(wire::Message& request);

    bkt_rc misused();
    void abandon_streams();

    Worker& worker_;
    const bkt_host* host_;
    const bkt_call* call_;
    base::Cancel cancel_;
    bkt_call derived_{};  // as `call_`, but also cancelled when the worker is gone
    std::map<std::string, Handler, std::less<>> handlers_;
    std::optional<std::chrono::steady_clock::time_point> cancelled_at_;
    std::atomic<std::uint64_t> requests_{0};
    std::atomic<unsigned> answering_{0};
    bool silent_ = false;
    std::uint64_t seen_activity_ = 0;
    std::chrono::steady_clock::time_point active_at_;

    std::mutex mutex_;  // guards what follows
    std::uint64_t next_handle_ = 1;
    std::map<std::uint64_t, LentSink> sinks_;
    std::map<std::uint64_t, LentSource> sources_;

    std::uint64_t id_ = 0;  // last: from here on the worker finds it
};

}  // namespace bkt::plugin::worker
