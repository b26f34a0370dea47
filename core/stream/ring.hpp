// stream/ring.hpp: the bounded queue between two threads: one writes, one reads, neither outruns the
// other by more than the ring's chunks. It is where back-pressure and memory bounds live.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "baktainer/stream.hpp"

namespace bkt::stream {

class Ring final {
public:
    // `chunks` >= 2 buffers of `chunk_bytes`, allocated on first use.
    Ring(std::size_t chunk_bytes, std::size_t chunks);
    Ring(const Ring&) = delete;
    Ring& operator=(const Ring&) = delete;

    // --- the writing thread ---
    Status write(Bytes bytes);
    // A buffer to fill in place, valid until the next call; blocks until one is free. Fails with the
    // reader's reason when the reader gave up.
    Result<std::span<std::byte>> reserve();
    Status commit(std::size_t len);
    // The data is whole and over. Call once, last.
    Status finish();
    // The data is not whole: the reader gets this error instead of an end. Later calls do nothing.
    void fail(Error error);

    // --- the reading thread ---
    // The next bytes, valid until the next read(); empty = the end of whole data. Blocks.
    Result<Bytes> read();
    // The reader gives up: the writer gets this error.
    void close(Error error);

private:
    struct Chunk {
        std::unique_ptr<std::byte[]> bytes;
        std::size_t len = 0;
    };
    Status publish();

    const std::size_t chunk_bytes_;
    const std::size_t chunks_;
    Chunk filling_;  // the writer's own
    Chunk reading_;  // the reader's own

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Chunk> full_;
    std::vector<Chunk> free_;
    std::size_t made_ = 0;
    bool finished_ = false;
    std::optional<Error> failed_;  // by the writer
    std::optional<Error> closed_;  // by the reader
};

}  // namespace bkt::stream
