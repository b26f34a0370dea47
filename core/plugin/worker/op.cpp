#include "core/plugin/worker/op.hpp"

#include "baktainer/call.hpp"
#include "core/plugin/call_context.hpp"

namespace bkt::plugin::worker {

using wire::json;
using Clock = std::chrono::steady_clock;

namespace {

constexpr auto kStreamEnd = std::chrono::seconds(5);

json failed(bkt_rc rc) { return {{"rc", rc}}; }

}  // namespace

Op::Op(Worker& worker, const bkt_host* host, const bkt_call* call)
    : worker_(worker), host_(host), call_(call), active_at_(Clock::now()) {
    derived_.size = sizeof derived_;
    derived_.ctx = this;
    derived_.deadline_ns = call->deadline_ns;
    derived_.cancel_fd = cancel_.fd();
    derived_.cancelled = [](const bkt_call* c) noexcept -> std::int32_t {
        return of(c).cancel_.requested() || of(c).call_->cancelled(of(c).call_);
    };
    derived_.fail = [](const bkt_call* c, bkt_rc rc, bkt_str message, bkt_str hint,
                       std::uint64_t retry) noexcept {
        of(c).call_->fail(of(c).call_, rc, message, hint, retry);
    };
    derived_.progress = [](const bkt_call* c, std::uint64_t done, std::uint64_t total,
                           bkt_str stage) noexcept {
        of(c).call_->progress(of(c).call_, done, total, stage);
    };
    derived_.alloc = [](const bkt_call* c, std::uint64_t size_bytes) noexcept {
        return of(c).call_->alloc(of(c).call_, size_bytes);
    };
    handlers_["sink.open"] = [this](auto& m) { return open_sink(m); };
    handlers_["sink.status"] = [this](auto& m) { return sink_status(m); };
    handlers_["source.open"] = [this](auto& m) { return open_source(m); };
    handlers_["source.status"] = [this](auto& m) { return source_status(m); };
    if (host_) {
        handlers_["exec"] = [this](auto& m) { return exec(m); };
        handlers_["http"] = [this](auto& m) { return http(m); };
        handlers_["secret"] = [this](auto& m) { return secret(m); };
        handlers_["kv"] = [this](auto& m) { return kv(m); };
        handlers_["dial"] = [this](auto& m) { return dial(m); };
    }
    id_ = worker_.enter(*this);
}

Op::~Op() {
    cancel_.request();  // a service still at work for a call that is over
    worker_.leave(id_);
}

json Op::lend(const bkt_sink* sink) {
    const std::lock_guard lock(mutex_);
    const auto handle = next_handle_++;
    sinks_[handle].raw = sink;
    return {{"handle", handle}};
}

json Op::lend(const bkt_source* source) {
    const std::lock_guard lock(mutex_);
    const auto handle = next_handle_++;
    sources_[handle].raw = source;
    return {{"handle", handle},
            {"size_bytes", BKT_HAS(source, bkt_source, size_bytes) ? source->size_bytes : 0}};
}

bkt_rc Op::broken(const Error& error) {
    fail_call(call_, error);
    return static_cast<bkt_rc>(error.code);
}

bkt_rc Op::run(std::string_view method, json arguments, json* result, std::span<const int> fds,
               std::chrono::milliseconds limit) {
    const auto until = limit == limit.max() ? Clock::time_point::max() : Clock::now() + limit;
    auto reply = worker_.peer().call(
        method, {{"op", id_}, {"deadline_ns", call_->deadline_ns}, {"args", std::move(arguments)}},
        fds, [&] { return go_on(until); });
    if (!reply) {
        abandon_streams();
        return broken(worker_.fault());
    }
    const json& body = reply->body;
    if (const bkt_rc rc = finish_streams(body); rc != BKT_OK) return rc;
    const bkt_rc rc = wire::code(body);
    if (const json& said = wire::at(body, "said"); said.is_object()) {
        const auto message = wire::text(said, "message"), hint = wire::text(said, "hint");
        call_->fail(call_, wire::code(said), str(message), str(hint),
                    wire::number(said, "retry_after_ms"));
    }
    if (result) *result = wire::at(body, "out");
    return rc;
}

std::uint64_t Op::activity() {
    const std::lock_guard lock(mutex_);
    std::uint64_t sum = requests_;
    for (const auto& [handle, sink] : sinks_)
        if (sink.pump) sum += sink.pump->delivered();
    for (const auto& [handle, source] : sources_)
        if (source.pump) sum += source.pump->delivered();
    return sum;
}

// A slow store, or a slow reader of it, is no silence of the plugin's.
bool Op::waits_for_us() {
    const std::lock_guard lock(mutex_);
    for (const auto& [handle, sink] : sinks_)
        if (sink.pump && sink.pump->is_giving()) return true;
    for (const auto& [handle, source] : sources_)
        if (source.pump && source.pump->is_reading()) return true;
    return answering_ > 0;
}

// Asked some times a second while the plugin works.
Status Op::go_on(Clock::time_point until) {
    const auto now = Clock::now();
    const auto end = [&](const std::string& rule) -> Status {
        worker_.break_off(rule);
        return Error{Code::fault, rule};
    };
    const auto& limits = worker_.image().limits;
    if (call_->cancelled(call_)) {
        if (!cancelled_at_) {
            cancelled_at_ = now;
            cancel_.request();
            worker_.peer().notify("cancel", {{"op", id_}});
        } else if (now - *cancelled_at_ > limits.grace) {
            return end("did not stop within " + std::to_string(limits.grace.count() / 1000) +
                       " s of being told to");
        }
        return {};
    }
    if (now >= until) return end("did not answer in time");
    const auto active = activity();
    if (silent_ || active != seen_activity_ || waits_for_us())
        seen_activity_ = active, active_at_ = now;
    if (now - active_at_ > limits.silence)
        return end("moved no byte, asked nothing and told no progress for " +
                   std::to_string(limits.silence.count() / 1000) + " s");
    return {};
}

// Every stream that was used must be at its end on both sides, with the same count. All are looked at,
// whatever became of the first: none may be left that waits for the plugin.
bkt_rc Op::finish_streams(const json& reply) {
    bkt_rc ended = BKT_OK;
    for (const auto& entry : wire::list(reply, "sinks")) {
        const bkt_rc rc = end_sink(wire::number(entry, "handle"), wire::number(entry, "bytes"));
        if (ended == BKT_OK) ended = rc;
    }
    for (const auto& entry : wire::list(reply, "sources")) {
        const std::lock_guard lock(mutex_);
        const auto found = sources_.find(wire::number(entry, "handle"));
        if (found != sources_.end()) found->second.read_bytes = wire::number(entry, "bytes");
    }
    const char* rule = nullptr;
    for (auto& [handle, sink] : sinks_)
        if (sink.pump) rule = "left a stream without telling how many bytes it wrote";
    for (auto& [handle, source] : sources_)
        while (source.pump && !source.pump->wait(kStreamEnd))
            if (source.pump->is_writing()) {
                rule = "left a stream it reads open";
                break;
            }
    if (!rule) return ended;
    worker_.break_off(rule);
    abandon_streams();
    return broken(worker_.fault());
}

// A worker that is stopped, or stuck in the kernel, closes its ends never.
void Op::abandon_streams() {
    const std::lock_guard lock(mutex_);
    for (auto& [handle, sink] : sinks_)
        if (sink.pump) sink.pump->abandon();
    for (auto& [handle, source] : sources_)
        if (source.pump) source.pump->abandon();
}

bkt_rc Op::misused() {
    worker_.break_off("used a stream that was over, or two at once");
    return BKT_FAULT;
}

// What was on its way when the plugin stopped reading is read by nobody, though the host's source gave it.
bool Op::left_unread() {
    const std::lock_guard lock(mutex_);
    for (const auto& [handle, source] : sources_)
        if (source.pump && source.pump->delivered() != source.read_bytes) return true;
    return false;
}

bkt_rc Op::end_sources() {
    std::map<std::uint64_t, LentSource>
        over;  // ends without the lock: that may wait for the source
    const std::lock_guard lock(mutex_);
    for (const auto& [handle, source] : sources_)
        if (source.busy) return misused();
    over.swap(sources_);
    return BKT_OK;
}

bkt_rc Op::end_sink(std::uint64_t handle, std::uint64_t bytes) {
    std::unique_ptr<wire::SinkPump> pump;
    {
        const std::lock_guard lock(mutex_);
        const auto found = sinks_.find(handle);
        if (found == sinks_.end() || found->second.busy) return misused();
        pump = std::move(found->second.pump);
        sinks_.erase(found);
    }
    if (!pump) return bytes == 0 ? bkt_rc{BKT_OK} : misused();
    for (auto since = Clock::now(); !pump->wait(std::chrono::milliseconds(50));) {
        if (pump->delivered() < bytes) since = Clock::now();  // a slow sink still takes them
        if (Clock::now() - since < kStreamEnd) continue;
        worker_.break_off("left a stream open after its last byte");
        pump->abandon();
        pump->finish();
        return broken(worker_.fault());
    }
    const auto carried = pump->finish();
    if (carried.rc != BKT_OK) return carried.rc;
    if (carried.bytes == bytes) return BKT_OK;
    worker_.break_off("told " + std::to_string(bytes) + " bytes of a stream that had " +
                      std::to_string(carried.bytes));
    return broken(worker_.fault());
}

wire::Reply Op::answer(wire::Message& request) {
    ++requests_;
    const auto found = handlers_.find(request.method);
    if (found == handlers_.end()) {
        worker_.break_off("asked for '" + request.method.substr(0, 64) +
                          "', which this call does not offer");
        return {failed(BKT_UNSUPPORTED), {}};
    }
    ++answering_;
    wire::Reply reply;
    try {
        reply = found->second(request);
    } catch (const std::exception&) {
        reply = {failed(BKT_BUG), {}};
    }
    --answering_;
    return reply;
}

void Op::hear_progress(const json& body) {
    ++requests_;
    const auto stage = wire::text(body, "stage");
    call_->progress(call_, wire::number(body, "done"), wire::number(body, "total"), str(stage));
}

wire::Reply Op::open_sink(wire::Message& request) {
    const std::lock_guard lock(mutex_);
    const auto found = sinks_.find(wire::number(request.body, "handle"));
    if (found == sinks_.end() || found->second.pump || found->second.busy)
        return {failed(misused()), {}};
    auto pump = wire::SinkPump::start(found->second.raw);
    if (!pump) return {failed(static_cast<bkt_rc>(pump.error().code)), {}};
    found->second.pump = *std::move(pump);
    wire::Reply reply{failed(BKT_OK), {}};
    reply.fds.push_back(found->second.pump->take_write_end());
    return reply;
}

wire::Reply Op::sink_status(wire::Message& request) {
    const std::lock_guard lock(mutex_);
    const auto found = sinks_.find(wire::number(request.body, "handle"));
    if (found == sinks_.end() || !found->second.pump) return {failed(BKT_BUG), {}};
    auto& pump = *found->second.pump;
    return {failed(pump.wait(std::chrono::milliseconds(0)) ? pump.finish().rc : BKT_OK), {}};
}

wire::Reply Op::open_source(wire::Message& request) {
    const std::lock_guard lock(mutex_);
    const auto found = sources_.find(wire::number(request.body, "handle"));
    if (found == sources_.end() || found->second.pump || found->second.busy)
        return {failed(misused()), {}};
    auto pump = wire::SourcePump::start(found->second.raw);
    if (!pump) return {failed(static_cast<bkt_rc>(pump.error().code)), {}};
    found->second.pump = *std::move(pump);
    wire::Reply reply{failed(BKT_OK), {}};
    reply.fds.push_back(found->second.pump->take_read_end());
    return reply;
}

wire::Reply Op::source_status(wire::Message& request) {
    const std::lock_guard lock(mutex_);
    const auto found = sources_.find(wire::number(request.body, "handle"));
    if (found == sources_.end() || !found->second.pump) return {failed(BKT_BUG), {}};
    // The plugin asks after the end of the pipe, so this one is at its end.
    if (!found->second.pump->wait(std::chrono::seconds(1))) return {failed(BKT_BUG), {}};
    const auto carried = found->second.pump->finish();
    return {{{"rc", carried.rc}, {"bytes", carried.bytes}}, {}};
}

}  // namespace bkt::plugin::worker
