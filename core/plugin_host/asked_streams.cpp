#include "core/plugin_host/asked_streams.hpp"

namespace bkt::plugin_host {

AskedStreams::~AskedStreams() {
    fds_.clear();
    if (own_source_) server_.forget_own(own_source_);
}

bkt_rc AskedStreams::add(json& body, const char* in_key, const bkt_source* in, const char* out_key,
                         const bkt_sink* out) {
    if (const auto handle = in ? call_.handle_of(in) : 0) {
        body[in_key] = {{"handle", handle}};
    } else if (in) {
        auto pump = wire::SourcePump::start(in);
        if (!pump) return static_cast<bkt_rc>(pump.error().code);
        fds_.push_back((*pump)->take_read_end());
        own_source_ = server_.add(*std::move(pump));
        body[in_key] = {{"own", own_source_},
                        {"size_bytes", BKT_HAS(in, bkt_source, size_bytes) ? in->size_bytes : 0}};
    }
    if (const auto handle = out ? call_.handle_of(out) : 0) {
        body[out_key] = {{"handle", handle}};
    } else if (out) {
        auto pump = wire::SinkPump::start(out);
        if (!pump) return static_cast<bkt_rc>(pump.error().code);
        own_sink_ = *std::move(pump);
        fds_.push_back(own_sink_->take_write_end());
        body[out_key] = {{"own", 1u}};
    }
    return BKT_OK;
}

json AskedStreams::ask(std::string_view method, json body) {
    std::vector<int> fds;
    for (const auto& fd : fds_) fds.push_back(fd.get());
    auto reply = call_.ask(method, std::move(body), fds);
    fds_.clear();
    return std::move(reply.body);
}

bkt_rc AskedStreams::finish(const json& reply) {
    if (!own_sink_) return BKT_OK;
    const auto carried = own_sink_->finish();
    if (carried.rc != BKT_OK) return carried.rc;
    const bkt_rc rc = wire::code(reply);
    return rc == BKT_OK && carried.bytes != wire::number(reply, "sink_bytes") ? BKT_TRUNCATED
                                                                              : BKT_OK;
}

}  // namespace bkt::plugin_host
