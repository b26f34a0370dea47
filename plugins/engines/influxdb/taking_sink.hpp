// taking_sink.hpp: a sink of ours for the host's HTTP client. What it refuses is kept, for the client knows only
// that it was refused.
#pragma once

#include <functional>
#include <optional>

#include "baktainer/detail/wall.hpp"
#include "baktainer/stream.hpp"

namespace bkt::influxdb {

class TakingSink final {
public:
    explicit TakingSink(std::function<Status(Bytes)> take)
        : take_(std::move(take)), raw_{sizeof raw_, 0, this, &write, nullptr, nullptr} {}
    TakingSink(const TakingSink&) = delete;
    TakingSink& operator=(const TakingSink&) = delete;
    Sink sink() const { return Sink(&raw_); }
    // `got`, unless it failed because of us.
    template <class T>
    Result<T> settled(Result<T> got) {
        if (!got && failed_) return std::move(*failed_);
        return got;
    }

private:
    static bkt_rc write(const bkt_sink* sink, const void* bytes, std::uint64_t len) noexcept {
        return detail::walled([&] {
            auto& self = *static_cast<TakingSink*>(sink->ctx);
            auto taken =
                self.take_({static_cast<const std::byte*>(bytes), static_cast<std::size_t>(len)});
            if (taken) return bkt_rc{BKT_OK};
            self.failed_ = std::move(taken).error();
            return static_cast<bkt_rc>(self.failed_->code);
        });
    }
    std::function<Status(Bytes)> take_;
    bkt_sink raw_;
    std::optional<Error> failed_;
};

}  // namespace bkt::influxdb
