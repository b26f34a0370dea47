// What a plugin in its own process asks of the host during a call: the request is unpacked, the host's own
// service does the work, the answer is packed. Streams go by pipes, secrets by memory files.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "baktainer/abi/draft/net.h"
#include "baktainer/abi/services/http.h"
#include "baktainer/abi/services/kv.h"
#include "baktainer/abi/services/secret.h"
#include "baktainer/call.hpp"
#include "core/plugin/call_context.hpp"
#include "core/plugin/wire/exec_words.hpp"
#include "core/plugin/worker/op.hpp"

namespace bkt::plugin::worker {

using wire::json;

namespace {

wire::Reply only(bkt_rc rc) { return {{{"rc", rc}}, {}}; }

// The streams of one exec or http request, each of three sorts: none, one the host lent to this call
// (then its bytes never enter the plugin's process), or the plugin's own behind a descriptor.
class Streams final {
public:
    Streams(Op& op, wire::Message& request) : op_(op), request_(request) {}
    Streams(const Streams&) = delete;
    Streams& operator=(const Streams&) = delete;
    ~Streams() { close(); }

    const bkt_source* source(const char* key) {
        const json& said = wire::at(request_.body, key);
        if (!said.is_object()) return nullptr;
        if (const auto handle = wire::number(said, "handle"))
            return known(handle, op_.take_source(handle));
        const auto own = wire::number(said, "own");
        source_fd_ = take_pipe(O_RDONLY);
        source_.emplace([this]() -> Result<UniqueFd> { return std::move(source_fd_); },
                        [this, own] { return op_.ask_source(own); },
                        wire::number(said, "size_bytes"), op_.call()->cancel_fd);
        return source_->raw();
    }
    const bkt_sink* sink(const char* key) {
        const json& said = wire::at(request_.body, key);
        if (!said.is_object()) return nullptr;
        if (const auto handle = wire::number(said, "handle"))
            return known(handle, op_.take_sink(handle));
        sink_fd_ = take_pipe(O_WRONLY);
        sink_.emplace([this]() -> Result<UniqueFd> { return std::move(sink_fd_); },
                      [] { return bkt_rc{BKT_FAILED}; }, op_.call()->cancel_fd);
        return sink_->raw();
    }
    std::uint64_t sink_bytes() const { return sink_ ? sink_->bytes() : 0; }
    void close() {
        if (sink_) sink_->close();
        if (source_) source_->close();
        source_fd_.reset();
        sink_fd_.reset();
        for (const auto handle : std::exchange(taken_, {})) op_.give_back(handle);
    }
    // False: a stream was named that this call does not have or that is in use, or is no pipe.
    bool are_good() const { return good_; }

private:
    // One end only: were the other in the same descriptor, its end would never come.
    UniqueFd take_pipe(int mode) {
        struct stat st {};
        if (next_ < request_.fds.size()) {
            UniqueFd fd = std::move(request_.fds[next_++]);
            if (::fstat(fd.get(), &st) == 0 && S_ISFIFO(st.st_mode) &&
                (::fcntl(fd.get(), F_GETFL) & O_ACCMODE) == mode) {
                wire::set_nonblocking(fd.get());  // its other end may stop for good
                return fd;
            }
        }
        good_ = false;
        return {};
    }
    template <class Stream>
    const Stream* known(std::uint64_t handle, const Stream* stream) {
        if (stream) taken_.push_back(handle);
        else good_ = false;
        return stream;
    }

    Op& op_;
    wire::Message& request_;
    std::size_t next_ = 0;
    bool good_ = true;
    std::vector<std::uint64_t> taken_;
    UniqueFd source_fd_, sink_fd_;
    std::optional<wire::FdSource> source_;
    std::optional<wire::FdSink> sink_;
};

struct Answered {
    json headers = json::array();
    std::uint32_t status = 0;
    static Answered& of(const bkt_http_report* report) {
        return *static_cast<Answered*>(report->ctx);
    }
    static void on_status(const bkt_http_report* report, std::uint32_t status) noexcept {
        of(report).status = status;
    }
    static void on_header(const bkt_http_report* report, bkt_str name, bkt_str value) noexcept {
        try {
            of(report).headers.push_back(json::array({view(name), view(value)}));
        } catch (...) {
            // A header less.
        }
    }
};

}  // namespace

wire::Reply Op::lacking(const char* service) {
    return only(fail_call(call_, {Code::denied, "'" + std::string(service) + "' is not granted",
                                  "the plugin must list it among its needs"}));
}

wire::Reply Op::exec(wire::Message& request) {
    const auto* service = service_of<bkt_exec>(host_, BKT_SERVICE_EXEC);
    if (!service) return lacking(BKT_SERVICE_EXEC);
    const wire::RequestWords words(request.body);
    Streams streams(*this, request);
    const bkt_source* in = streams.source("in");
    const auto raw = words.with(in, streams.sink("out"));
    if (!streams.are_good()) return only(misused());
    wire::KeptResult kept;
    const auto report = kept.report();
    const bkt_rc rc = service->run(host_, &derived_, &raw, &report);
    streams.close();
    json reply = kept.said.is_object() ? std::move(kept.said) : json::object();
    reply["rc"] = rc;
    reply["sink_bytes"] = streams.sink_bytes();
    return {std::move(reply), {}};
}

wire::Reply Op::http(wire::Message& request) {
    const auto* service = service_of<bkt_http>(host_, BKT_SERVICE_HTTP);
    if (!service) return lacking(BKT_SERVICE_HTTP);
    const auto method = wire::text(request.body, "method"), url = wire::text(request.body, "url");
    std::vector<std::pair<std::string, std::string>> headers;
    for (const auto& entry : wire::list(request.body, "headers"))
        if (entry.is_array() && entry.size() == 2)
            headers.emplace_back(wire::text_of(entry[0]), wire::text_of(entry[1]));
    std::vector<bkt_pair> pairs;
    for (const auto& [name, value] : headers) pairs.push_back({str(name), str(value)});
    Streams streams(*this, request);
    const bkt_http_request raw{sizeof raw,
                               static_cast<std::uint32_t>(wire::number(request.body, "flags")),
                               str(method),
                               str(url),
                               pairs.data(),
                               pairs.size(),
                               streams.source("body"),
                               streams.sink("out"),
                               wire::number(request.body, "timeout_ms")};
    if (!streams.are_good()) return only(misused());
    Answered answered;
    const bkt_http_report report{sizeof report, 0, &answered, &Answered::on_status,
                                 &Answered::on_header};
    const bkt_rc rc = service->run(host_, &derived_, &raw, &report);
    streams.close();
    return {{{"rc", rc},
             {"status", answered.status},
             {"headers", std::move(answered.headers)},
             {"sink_bytes", streams.sink_bytes()}},
            {}};
}

// By a memory file: what goes through messages is copied in places nobody wipes.
wire::Reply Op::secret(wire::Message& request) {
    const auto* service = service_of<bkt_secret>(host_, BKT_SERVICE_SECRET);
    if (!service) return lacking(BKT_SERVICE_SECRET);
    const auto key = wire::text(request.body, "key");
    bkt_str value{nullptr, 0};
    const bkt_rc rc = service->resolve(host_, &derived_, str(key), &value);
    wire::Reply reply = only(rc);
    if (rc != BKT_OK || value.len == 0) return reply;
    UniqueFd file(::memfd_create("secret", MFD_CLOEXEC));
    if (!file || !wire::write_all(file.get(), value.ptr, value.len)) return only(BKT_UNAVAILABLE);
    reply.fds.push_back(std::move(file));
    return reply;
}

wire::Reply Op::kv(wire::Message& request) {
    const auto* service = service_of<bkt_kv>(host_, BKT_SERVICE_KV);
    if (!service) return lacking(BKT_SERVICE_KV);
    const json& body = request.body;
    const auto verb = wire::text(body, "verb"), key = wire::text(body, "key"),
               value = wire::text(body, "value"), expected = wire::text(body, "expected");
    const bool has_expected = wire::at(body, "expected").is_string();
    if (verb == "get") {
        bkt_str found{nullptr, 0};
        const bkt_rc rc = service->get(host_, &derived_, str(key), &found);
        return {{{"rc", rc}, {"value", view(found)}}, {}};
    }
    if (verb == "put") return only(service->put(host_, &derived_, str(key), str(value)));
    if (verb == "swap")
        return only(service->swap(host_, &derived_, str(key),
                                  has_expected ? str(expected) : bkt_str{nullptr, 0}, str(value)));
    if (verb == "remove") return only(service->remove(host_, &derived_, str(key)));
    return only(BKT_UNSUPPORTED);
}

wire::Reply Op::dial(wire::Message& request) {
    const auto* service = service_of<bkt_net>(host_, BKT_SERVICE_NET);
    if (!service) return lacking(BKT_SERVICE_NET);
    const auto name = wire::text(request.body, "host");
    std::int32_t fd = -1;
    const bkt_rc rc =
        service->dial(host_, &derived_, str(name),
                      static_cast<std::uint32_t>(wire::number(request.body, "port")), &fd);
    wire::Reply reply = only(rc);
    if (rc == BKT_OK) reply.fds.emplace_back(fd);
    return reply;
}

const bkt_source* Op::take_source(std::uint64_t handle) {
    const std::lock_guard lock(mutex_);
    const auto found = sources_.find(handle);
    // One that is already read through a pipe has bytes on their way.
    if (found == sources_.end() || found->second.pump || found->second.busy) return nullptr;
    found->second.busy = true;
    return found->second.raw;
}

const bkt_sink* Op::take_sink(std::uint64_t handle) {
    const std::lock_guard lock(mutex_);
    const auto found = sinks_.find(handle);
    if (found == sinks_.end() || found->second.pump || found->second.busy) return nullptr;
    found->second.busy = true;
    return found->second.raw;
}

void Op::give_back(std::uint64_t handle) {
    const std::lock_guard lock(mutex_);
    if (const auto found = sinks_.find(handle); found != sinks_.end()) found->second.busy = false;
    if (const auto found = sources_.find(handle); found != sources_.end())
        found->second.busy = false;
}

wire::Carried Op::ask_source(std::uint64_t own) {
    const auto until = std::chrono::steady_clock::now() + worker_.image().limits.start;
    const auto reply = worker_.peer().call("source.end", {{"own", own}}, {}, [&]() -> Status {
        if (std::chrono::steady_clock::now() < until) return {};
        worker_.break_off("did not tell how a stream of its own ended");
        return Error{Code::fault, {}};
    });
    if (!reply) return {BKT_FAULT, 0};
    return {wire::code(reply->body), wire::number(reply->body, "bytes")};
}

}  // namespace bkt::plugin::worker
