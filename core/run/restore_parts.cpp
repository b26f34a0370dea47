#include "core/run/restore_parts.hpp"

#include <algorithm>
#include <cstring>

#include "baktainer/call.hpp"
#include "core/archive/part_reader.hpp"
#include "core/stream/ring_stage.hpp"

namespace bkt::run {

namespace {
RestoreParts& parts_of(const void* ctx) {
    return *static_cast<RestoreParts*>(const_cast<void*>(ctx));
}
}  // namespace

RestoreParts::RestoreParts(const archive::Store& store, std::string folder,
                           std::vector<archive::Part> parts, stream::Budget budget,
                           const plugin::CallScope& scope, Observer& observer, std::string target)
    : store_(store),
      folder_(std::move(folder)),
      parts_(std::move(parts)),
      budget_(budget),
      scope_(scope),
      observer_(observer),
      target_(std::move(target)),
      opened_(parts_.size()) {
    in_ = {sizeof in_, 0, this, &count, &name, &open};
    for (const auto& part : parts_) total_bytes_ += part.plain.size_bytes;
}

RestoreParts::~RestoreParts() { static_cast<void>(close_part(false)); }

std::uint64_t RestoreParts::count(const bkt_parts_in* in) noexcept {
    return parts_of(in->ctx).parts_.size();
}

bkt_str RestoreParts::name(const bkt_parts_in* in, std::uint64_t index) noexcept {
    const auto& parts = parts_of(in->ctx).parts_;
    return index < parts.size() ? str(parts[index].name) : bkt_str{nullptr, 0};
}

bkt_rc RestoreParts::open(const bkt_parts_in* in, const bkt_call* call, bkt_str name,
                          const bkt_source** source) noexcept {
    auto& self = parts_of(in->ctx);
    try {
        if (auto done = self.open_part(view(name)); !done)
            return plugin::fail_call(call, done.error());
        *source = &self.source_;
        return BKT_OK;
    } catch (...) {
        return BKT_BUG;
    }
}

Status RestoreParts::open_part(std::string_view name) {
    BKT_TRY(close_part(true));
    const auto at =
        std::find_if(parts_.begin(), parts_.end(), [&](const auto& p) { return p.name == name; });
    if (at == parts_.end())
        return Error{Code::not_found, "the backup has no part '" + std::string(name) + "'"};
    opened_[static_cast<std::size_t>(at - parts_.begin())] = true;
    part_ = at->name;
    ended_ = false;
    left_ = {};
    ring_ = std::make_unique<stream::Ring>(budget_.chunk_bytes, budget_.ring_chunks);
    source_ = {sizeof source_, 0, this, &read, at->plain.size_bytes};
    reader_ = std::thread([this, &part = *at, ring = ring_.get()] {
        try {
            stream::RingStage into(*ring);
            if (auto done = archive::read_part(store_, folder_, part, into, budget_, scope_); !done)
                ring->fail(std::move(done).error());
        } catch (const std::exception& e) {
            ring->fail({Code::bug, std::string("reading failed: ") + e.what()});
        }
    });
    return {};
}

bkt_rc RestoreParts::read(const bkt_source* source, void* into, std::uint64_t cap,
                          std::uint64_t* len) noexcept {
    auto& self = parts_of(source->ctx);
    *len = 0;
    try {
        if (self.ended_) return BKT_OK;
        if (self.left_.empty()) {
            auto next = self.ring_->read();
            if (!next) {
                if (!self.failed_) self.failed_ = next.error();
                return static_cast<bkt_rc>(next.error().code);
            }
            self.left_ = *next;
            self.ended_ = next->empty();
        }
        const auto n = std::min<std::size_t>(cap, self.left_.size());
        if (n > 0) std::memcpy(into, self.left_.data(), n);
        self.left_ = self.left_.subspan(n);
        *len = n;
        self.done_bytes_ += n;
        self.observer_.progress({self.target_, self.part_, self.done_bytes_, self.total_bytes_});
        return BKT_OK;
    } catch (...) {
        return BKT_BUG;
    }
}

Status RestoreParts::close_part(bool drain) {
    if (!reader_.joinable()) return {};
    Status outcome;
    // A tool may stop reading at the end of what it needs; the rest must still be what was stored.
    while (drain && !ended_ && outcome) {
        auto next = ring_->read();
        if (!next) outcome = std::move(next).error();
        else ended_ = next->empty();
    }
    ring_->close({Code::cancelled, "the part was closed"});
    reader_.join();
    return outcome;
}

Status RestoreParts::settle() {
    BKT_TRY(close_part(true));
    for (std::size_t i = 0; i < parts_.size(); ++i)
        if (!opened_[i])
            return Error{Code::fault,
                         "the engine said OK and never read the part '" + parts_[i].name + "'"};
    return {};
}

}  // namespace bkt::run
