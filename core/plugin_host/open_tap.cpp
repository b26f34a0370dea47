#include "core/plugin_host/open_tap.hpp"

#include <stdexcept>

#include "baktainer/abi/services/thread.h"
#include "core/plugin/thread_tag.hpp"

namespace bkt::plugin_host {

namespace {
constexpr std::size_t kChunkBytes = 1 << 20;
}

OpenTap::~OpenTap() {
    // The host closes its end before it lets go of a tap, so the reader is at its end or soon there.
    if (reader_.joinable()) reader_.join();
    tap_->release(tap_);
}

void OpenTap::begin(Server& server, const OpCall& like) {
    if (!call_) call_ = std::make_unique<OpCall>(server.peer(), like.id(), like.raw()->deadline_ns);
}

bool OpenTap::start(Server& server, const OpCall& like, UniqueFd bytes) {
    if (finished_ || started_.exchange(true)) return false;
    begin(server, like);
    bytes_ = std::move(bytes);
    reader_ = std::thread([this] { read_all(); });
    return true;
}

void OpenTap::read_all() {
    const plugin::ThreadTag tag(BKT_THREAD_PIPELINE);
    std::vector<std::byte> buffer(kChunkBytes);
    for (ssize_t n; (n = wire::read_some(bytes_.get(), buffer.data(), buffer.size())) > 0;) {
        const auto len = static_cast<std::uint64_t>(n);
        rc_ = tap_->feed(tap_, call_->raw(), buffer.data(), len);
        if (rc_ != BKT_OK) break;
        fed_ += len;
    }
    bytes_.reset();  // the host hears it
}

json OpenTap::finish(Server& server, const OpCall& like, std::uint64_t bytes) {
    if (finished_.exchange(true)) throw std::runtime_error("the validator has told its verdict");
    begin(server, like);
    if (reader_.joinable()) reader_.join();
    if (rc_ == BKT_OK && fed_ != bytes) rc_ = BKT_TRUNCATED;
    if (rc_ == BKT_OK) rc_ = tap_->finish(tap_, call_->raw());
    return call_->reply(rc_);
}

}  // namespace bkt::plugin_host
