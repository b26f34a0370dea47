// tar_reader.hpp: a tar that goes by: entry by entry, whatever the chunks, with bounded memory.
//
// Each header has tar's checksum. A tar is whole when two blocks of zeroes end it and nothing but zeroes follows.
#pragma once

#include <cstdint>
#include <string>

#include "baktainer/stream.hpp"

namespace bkt::influxdb {

inline constexpr std::size_t kTarBlock = 512;

struct TarEntry {
    std::string name;  // without a "./" at its front
    std::uint64_t size_bytes = 0;
    bool is_file = false;
    bool is_folder = false;
};

// The header of a block of 512 bytes. Code::corrupt, "WHAT has a damaged header".
Result<TarEntry> parse_tar_header(std::string_view block, const std::string& what);
// The header of a file that only its owner may read; `name` has less than 100 bytes.
std::string make_tar_header(std::string_view name, std::uint64_t size_bytes);
inline std::size_t tar_padding(std::uint64_t size_bytes) {
    return static_cast<std::size_t>((kTarBlock - size_bytes % kTarBlock) % kTarBlock);
}

class TarReader {
public:
    // `what` begins its errors: "the backup's tar".
    explicit TarReader(std::string what) : what_(std::move(what)) {}
    virtual ~TarReader() = default;
    TarReader(const TarReader&) = delete;
    TarReader& operator=(const TarReader&) = delete;

    Status feed(Bytes bytes);
    // Code::truncated before the end of the tar.
    Status finish();

protected:
    // An entry begins; its content, if any, comes next.
    virtual Status entry(const TarEntry& entry) = 0;
    virtual Status content(Bytes) { return {}; }
    // The tar has its end.
    virtual Status end() { return {}; }

    Error corrupt(const std::string& has) const;
    Error truncated(const std::string& has) const;

private:
    Status take_header();

    std::string what_;
    std::string block_;  // a header being gathered
    std::uint64_t content_left_ = 0, padding_left_ = 0;
    int zero_blocks_ = 0;
};

}  // namespace bkt::influxdb
