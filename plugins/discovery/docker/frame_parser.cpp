#include "plugins/discovery/docker/frame_parser.hpp"

#include <algorithm>
#include <cstring>

namespace bkt::docker {

Result<std::optional<FrameParser::Slice>> FrameParser::next(Bytes& input) {
    while (!input.empty()) {
        if (left_ > 0) {
            const Bytes piece = input.first(std::min(left_, input.size()));
            input = input.subspan(piece.size());
            left_ -= piece.size();
            return std::optional(Slice{frame_, piece});
        }
        const std::size_t taken = std::min(header_left(), input.size());
        std::memcpy(header_.data() + header_bytes_, input.data(), taken);
        header_bytes_ += taken;
        input = input.subspan(taken);
        if (header_bytes_ == kHeaderBytes) BKT_TRY(begin_frame());
    }
    return std::optional<Slice>();
}

Status FrameParser::begin_frame() {
    const bool known = header_[0] >= 1 && header_[0] <= 3;
    if (!known || header_[1] || header_[2] || header_[3])
        return Error{
            Code::truncated,
            "the stream from the container engine holds no frame where one must begin (type " +
                std::to_string(header_[0]) + ")",
            "look for a proxy between here and the engine, and for restarts of the engine"};
    frame_ = static_cast<Frame>(header_[0]);
    left_ = std::uint32_t{header_[4]} << 24 | std::uint32_t{header_[5]} << 16 |
            std::uint32_t{header_[6]} << 8 | std::uint32_t{header_[7]};
    header_bytes_ = 0;
    return {};
}

Status FrameParser::finish() const {
    if (left_ == 0 && header_bytes_ == 0) return {};
    return Error{
        Code::truncated,
        "the stream from the container engine was cut inside a frame, " +
            (left_ ? std::to_string(left_) + " bytes early" : std::string("in its header")),
        "look for restarts of the engine or the container, and for a proxy that closes "
        "long connections"};
}

}  // namespace bkt::docker
