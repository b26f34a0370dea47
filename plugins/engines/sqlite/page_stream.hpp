// page_stream.hpp: a copy of a database on its way through a pipe, as SQLite writes it: records "at, length,
// bytes", in any order, then the record "end, size". Numbers are 64 bits, little-endian.
//
// Whoever reads a live database so needs no room for a copy; who takes it writes the records into a file.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "baktainer/stream.hpp"
#include "baktainer/unique_fd.hpp"
#include "plugins/engines/sqlite/online_backup.hpp"

namespace bkt::sqlite {

inline constexpr std::size_t kRecordHeadBytes = 16;
inline constexpr std::uint64_t kRecordBytesMax = 65536;  // SQLite's largest page
inline constexpr std::uint64_t kEndOfPages = UINT64_MAX;

// Copies the live database `from` into `sink` as copy_out() does into a file, but for the check of the copy.
Result<Snapshot> send_pages(const Call& call, const std::string& from, const Sink& sink);

// The file that the records make. Not seen as a whole before finish().
class PageFile final {  // One thread.
public:
    // Code::exists when `path` is taken; mode 0600.
    static Result<std::unique_ptr<PageFile>> create(const std::string& path);
    PageFile(const PageFile&) = delete;
    PageFile& operator=(const PageFile&) = delete;

    // Valid as long as this object. What it fails with is error().
    Sink sink() const { return Sink(&raw_); }
    const std::optional<Error>& error() const { return error_; }
    // Code::truncated unless the end came, corrupt when more came than that.
    Status finish();

private:
    PageFile(std::string path, UniqueFd fd);
    static bkt_rc write(const bkt_sink* sink, const void* bytes, std::uint64_t len) noexcept;
    Status take(Bytes bytes);
    Status begin_record();
    Status put(Bytes bytes);

    bkt_sink raw_{};
    std::string path_;
    UniqueFd fd_;
    std::optional<Error> error_;
    std::string head_;  // of the record that comes, until it is whole
    std::uint64_t at_ = 0, left_ = 0;
    std::optional<std::uint64_t> size_;  // once the end came
};

}  // namespace bkt::sqlite
