// frame_parser.hpp: splits the engine's attached stream into stdout and stderr.
//
// Wire format (Docker Engine API, "Attach to a container", stream format): 8 header bytes
// {stream type, 0, 0, 0, payload length as big-endian uint32}, then the payload. Strict: an unknown type,
// a header that is not zero where it must be, or an end inside a frame is an error, because a stream that
// is cut must never look like a dump that is done. Copies no payload and allocates nothing.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "baktainer/stream.hpp"

namespace bkt::docker {

enum class Frame : std::uint8_t {
    out = 1,
    err = 2,
    engine = 3,  // newer engines: an error of the engine itself, as text
};

class FrameParser final {
public:
    static constexpr std::size_t kHeaderBytes = 8;

    struct Slice {
        Frame frame;
        Bytes bytes;  // points into what was given to next()
    };

    // Takes from the front of `input` up to the end of the next piece of payload and returns that piece;
    // nullopt when `input` is used up without one. After an error only destruction is useful.
    Result<std::optional<Slice>> next(Bytes& input);

    // Which stream the current frame belongs to and how many of its bytes are still to come; 0 = between
    // frames or in a header.
    Frame frame() const { return frame_; }
    std::size_t payload_left() const { return left_; }
    // How many bytes until the payload of the next frame starts. Only between frames.
    std::size_t header_left() const { return kHeaderBytes - header_bytes_; }
    // Says that `bytes` of the current payload, at most payload_left(), were read past the parser.
    void passed(std::size_t bytes) { left_ -= bytes; }

    // The stream has ended. Code::truncated when it ended inside a frame.
    Status finish() const;

private:
    Status begin_frame();

    std::array<unsigned char, kHeaderBytes> header_{};
    std::size_t header_bytes_ = 0;
    std::size_t left_ = 0;
    Frame frame_ = Frame::out;
};

}  // namespace bkt::docker
