// detail/ends_with.hpp: the end-of-dump marker tap behind bkt::ends_with().
#pragma once

#include <algorithm>
#include <string>

#include "baktainer/stream.hpp"

namespace bkt::detail {

class EndsWith final : public Tap {
public:
    explicit EndsWith(std::string_view marker) : marker_("\n" + std::string(marker)) {}

    // One more than is looked at: what stands at the start of the window must not pass for a line's start.
    std::uint64_t tail_bytes() const override { return kTailBytes + 1; }

    Status feed(Call&, Bytes bytes) override {
        const Bytes kept = bytes.last(std::min(bytes.size(), kTailBytes + 1));
        tail_.append(as_text(kept));
        if (tail_.size() > kTailBytes) tail_.erase(0, tail_.size() - kTailBytes);
        return {};
    }

    // A dump tool that is killed closes its pipe just as one that is done; only the trailer tells
    // them apart.
    Status finish(Call&) override {
        if (tail_.find(marker_) == std::string::npos)
            return Error{Code::truncated, "the dump ends without '" + marker_.substr(1) + "'",
                         "the dump tool was probably killed: read its stderr in this run's log"};
        return {};
    }

private:
    static constexpr std::size_t kTailBytes = 4096;
    std::string marker_;
    std::string tail_ = "\n";
};

}  // namespace bkt::detail

namespace bkt {
inline std::unique_ptr<Tap> ends_with(std::string_view marker) {
    return std::make_unique<detail::EndsWith>(marker);
}
}  // namespace bkt
