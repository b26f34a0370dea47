// What a plugin in its own process asks of the host during a call: the request is unpacked, the host's own
// service does the work, the answer is packed. Streams go by pipes, secrets by memory files.
#include <sys/mman.h>

#include "baktainer/abi/draft/net.h"
#include "baktainer/abi/services/http.h"
#include "baktainer/abi/services/kv.h"
#include "baktainer/abi/services/secret.h"
#include "baktainer/call.hpp"
#include "core/plugin/call_context.hpp"
#include "core/plugin/worker/op.hpp"

namespace bkt::plugin::worker {

using wire::json;

namespace {

wire::Reply only(bkt_rc rc) { return {{{"rc", rc}}, {}}; }

template <class Table>
const Table* service_of(const bkt_host* host, const char* id) {
    return static_cast<const Table*>(host->service(host, str(id)));
}

std::vector<bkt_str> strs(const std::vector<std::string>& texts) {
    std::vector<bkt_str> made;
    for (const auto& text : texts) made.push_back(str(text));
    return made;
}

std::vector<std::string> texts(const json& list) {
    std::vector<std::string> made;
    for (const auto& entry : list) made.push_back(wire::text_of(entry));
    return made;
}

// The streams of one exec or http request, each of three sorts: none, one the host lent to this call
// (then its bytes never enter the plugin's process), or the plugin's own behind a descriptor.
class Streams final {
public:
    using Ask = std::function<wire::Carried(std::uint64_t own)>;

    Streams(wire::Message& request, Ask ask) : request_(request), ask_(std::move(ask)) {}

    template <class Find>
    const bkt_source* source(const char* key, Find&& lent) {
        const json& said = wire::at(request_.body, key);
        if (!said.is_object()) return nullptr;
        if (const auto handle = wire::number(said, "handle")) return known(lent(handle));
        const auto own = wire::number(said, "own");
        source_fd_ = take_fd();
        source_.emplace([this]() -> Result<UniqueFd> { return std::move(source_fd_); },
                        [this, own] { return ask_(own); }, wire::number(said, "size_bytes"));
        return source_->raw();
    }
    template <class Find>
    const bkt_sink* sink(const char* key, Find&& lent) {
        const json& said = wire::at(request_.body, key);
        if (!said.is_object()) return nullptr;
        if (const auto handle = wire::number(said, "handle")) return known(lent(handle));
        sink_fd_ = take_fd();
        sink_.emplace([this]() -> Result<UniqueFd> { return std::move(sink_fd_); },
                      [] { return bkt_rc{BKT_FAILED}; });
        return sink_->raw();
    }
    std::uint64_t sink_bytes() const { return sink_ ? sink_->bytes() : 0; }
    void close() {
        if (sink_) sink_->close();
        if (source_) source_->close();
        source_fd_.reset();
        sink_fd_.reset();
    }
    // False: a stream was named that this call does not have.
    bool are_good() const { return good_; }

private:
    UniqueFd take_fd() {
        if (next_ < request_.fds.size()) return std::move(request_.fds[next_++]);
        good_ = false;
        return {};
    }
    template <class Stream>
    const Stream* known(const Stream* stream) {
        good_ = good_ && stream;
        return stream;
    }

    wire::Message& request_;
    Ask ask_;
    std::size_t next_ = 0;
    bool good_ = true;
    UniqueFd source_fd_, sink_fd_;
    std::optional<wire::FdSource> source_;
    std::optional<wire::FdSink> sink_;
};

struct Exited {
    json out = json::object();
    static void exited(const bkt_exec_report* report, const bkt_exec_result* r) noexcept {
        try {
            static_cast<Exited*>(report->ctx)->out = {
                {"exit_code", r->exit_code},           {"how", r->how},
                {"stdin_bytes", r->stdin_bytes},       {"stdout_bytes", r->stdout_bytes},
                {"stderr_tail", view(r->stderr_tail)}, {"told", true}};
        } catch (...) {
            // Without a told status the plugin's side fails.
        }
    }
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
    return only(
        fail_call(call_, {Code::denied, "'" + std::string(service) + "' is not granted here"}));
}

wire::Reply Op::exec(wire::Message& request) {
    const auto* service = service_of<bkt_exec>(host_, BKT_SERVICE_EXEC);
    if (!service) return lacking(BKT_SERVICE_EXEC);
    const auto argv = texts(wire::list(request.body, "argv"));
    const auto env = texts(wire::list(request.body, "env"));
    const auto target = wire::text(request.body, "target"), user = wire::text(request.body, "user");
    const auto argv_strs = strs(argv), env_strs = strs(env);
    Streams streams(request, [this](std::uint64_t own) { return ask_source(own); });
    const bkt_exec_request raw{sizeof raw,
                               0,
                               str(target),
                               argv_strs.data(),
                               argv_strs.size(),
                               env_strs.data(),
                               env_strs.size(),
                               str(user),
                               streams.source("in", [this](auto h) { return lent_source(h); }),
                               streams.sink("out", [this](auto h) { return lent_sink(h); })};
    if (!streams.are_good()) return only(BKT_BUG);
    Exited exited;
    const bkt_exec_report report{sizeof report, 0, &exited, &Exited::exited};
    const bkt_rc rc = service->run(host_, &derived_, &raw, &report);
    streams.close();
    exited.out["rc"] = rc;
    exited.out["sink_bytes"] = streams.sink_bytes();
    return {std::move(exited.out), {}};
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
    Streams streams(request, [this](std::uint64_t own) { return ask_source(own); });
    const bkt_http_request raw{sizeof raw,
                               static_cast<std::uint32_t>(wire::number(request.body, "flags")),
                               str(method),
                               str(url),
                               pairs.data(),
                               pairs.size(),
                               streams.source("body", [this](auto h) { return lent_source(h); }),
                               streams.sink("out", [this](auto h) { return lent_sink(h); }),
                               wire::number(request.body, "timeout_ms")};
    if (!streams.are_good()) return only(BKT_BUG);
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

const bkt_source* Op::lent_source(std::uint64_t handle) {
    const std::lock_guard lock(mutex_);
    const auto found = sources_.find(handle);
    // One that is already read through a pipe has bytes on their way.
    return found == sources_.end() || found->second.pump ? nullptr : found->second.raw;
}

const bkt_sink* Op::lent_sink(std::uint64_t handle) {
    const std::lock_guard lock(mutex_);
    const auto found = sinks_.find(handle);
    return found == sinks_.end() || found->second.pump ? nullptr : found->second.raw;
}

wire::Carried Op::ask_source(std::uint64_t own) {
    const auto reply = worker_.peer().call("source.end", {{"own", own}});
    if (!reply) return {BKT_FAULT, 0};
    return {wire::code(reply->body), wire::number(reply->body, "bytes")};
}

}  // namespace bkt::plugin::worker
