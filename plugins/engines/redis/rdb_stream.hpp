// rdb_stream.hpp: what `redis-cli --rdb -` writes, freed of what is no part of the file.
//
// Since 7.0 (seen in 7.0.15, 8.0.2 and valkey 8.1.1) a server that sends without knowing the size ends its
// stream with 40 random characters; redis-cli cuts them off a file, but not off standard output. It states the
// file's size on stderr: that size is what must have come out, with or without the mark.
#pragma once

#include <string>

#include "baktainer/stream.hpp"

namespace bkt::redis {

inline constexpr std::size_t kEofMarkBytes = 40;

class RdbStream final {  // Passes on to a sink; one thread at a time.
public:
    explicit RdbStream(const Sink& to);
    RdbStream(const RdbStream&) = delete;
    RdbStream& operator=(const RdbStream&) = delete;

    Sink sink() const { return Sink(&raw_); }
    // `said`: redis-cli's last words. Passes on the rest; the file's size. Code::truncated when redis-cli does
    // not say that it was done, or when its count is another one.
    Result<std::uint64_t> finish(std::string_view said);
    // After finish(): the file's last eight bytes are zeroes, which a server with 'rdbchecksum no' writes.
    bool has_no_checksum() const;
    // The file's first bytes, 4 KiB at most.
    const std::string& head() const { return head_; }

private:
    static bkt_rc write(const bkt_sink* sink, const void* bytes, std::uint64_t len) noexcept;
    bkt_rc take(Bytes bytes);
    void keep_tail(Bytes passed);

    Sink to_;
    bkt_sink raw_;
    std::string head_, held_;
    std::string tail_;  // the last eight bytes that were passed on
    std::uint64_t total_bytes_ = 0;
};

}  // namespace bkt::redis
