#include "plugins/engines/influxdb/tar_walk.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>

namespace bkt::influxdb {
namespace {

constexpr const char* kAdvice = "do not use this backup; make a new one";

// A sparse file's bytes are not all in the tar, nor those of a second name of a file.
TarEntry entry_of(archive_entry* from) {
    TarEntry entry;
    if (const char* name = archive_entry_pathname(from)) entry.name = name;
    if (entry.name.starts_with("./")) entry.name.erase(0, 2);
    entry.size_bytes =
        static_cast<std::uint64_t>(std::max<la_int64_t>(archive_entry_size(from), 0));
    entry.is_file = archive_entry_filetype(from) == AE_IFREG && !archive_entry_hardlink(from) &&
                    archive_entry_sparse_count(from) == 0;
    entry.is_folder = archive_entry_filetype(from) == AE_IFDIR;
    return entry;
}

}  // namespace

TarWalk::TarWalk(std::string what, More more)
    : what_(std::move(what)),
      more_(std::move(more)),
      tar_(archive_read_new(), &archive_read_free) {}

TarWalk::~TarWalk() = default;

Error TarWalk::corrupt(const std::string& has) const {
    return {Code::corrupt, what_ + " " + has, kAdvice};
}
Error TarWalk::truncated(const std::string& has) const {
    return {Code::truncated, what_ + " " + has, kAdvice};
}

// libarchive's own words name files of the tar, in whatever encoding they are.
Error TarWalk::refused(const std::string& has) {
    if (failed_) return *failed_;
    return ended_ ? truncated("ends before its end") : corrupt(has);
}

// Nothing but tars: other formats and compressions are not even tried.
Status TarWalk::open() {
    if (is_open_) return {};
    is_open_ = true;
    if (!tar_ || archive_read_support_format_tar(tar_.get()) != ARCHIVE_OK ||
        archive_read_open(tar_.get(), this, nullptr, &read, nullptr) != ARCHIVE_OK)
        return refused("cannot be read");
    return {};
}

Status TarWalk::take_more() {
    BKT_LET(bytes_, more_());
    if (bytes_.empty()) ended_ = true;
    const auto last =
        std::find_if(bytes_.rbegin(), bytes_.rend(), [](std::byte b) { return b != std::byte{0}; });
    if (last != bytes_.rend())
        content_end_at_ = total_bytes_ + static_cast<std::uint64_t>(bytes_.rend() - last);
    total_bytes_ += bytes_.size();
    return {};
}

long TarWalk::read(archive*, void* ctx, const void** bytes) noexcept {
    auto& self = *static_cast<TarWalk*>(ctx);
    *bytes = nullptr;
    try {
        if (self.failed_) return ARCHIVE_FATAL;
        if (self.ended_) return 0;
        if (auto taken = self.take_more(); !taken) {
            self.failed_ = std::move(taken).error();
            return ARCHIVE_FATAL;
        }
        *bytes = self.bytes_.data();
        return static_cast<long>(self.bytes_.size());
    } catch (...) {  // C is above
        self.failed_.emplace(Error{Code::bug, "out of memory"});
        return ARCHIVE_FATAL;
    }
}

Result<std::optional<TarEntry>> TarWalk::next() {
    BKT_TRY(open());
    archive_entry* entry = nullptr;
    const int said = archive_read_next_header(tar_.get(), &entry);
    if (failed_) return *failed_;
    // A warning is about a name that is not in this machine's encoding.
    if (said == ARCHIVE_OK || said == ARCHIVE_WARN) return std::optional(entry_of(entry));
    if (said != ARCHIVE_EOF) return refused("has a damaged header");
    BKT_TRY(look_at_end());
    return std::optional<TarEntry>();
}

Status TarWalk::look_at_end() {
    const auto end_at = static_cast<std::uint64_t>(archive_read_header_position(tar_.get()));
    while (!ended_) BKT_TRY(take_more());  // only its end says that the source was whole
    if (content_end_at_ > end_at) return corrupt("has something behind its end");
    if (total_bytes_ % kTarBlock != 0 || total_bytes_ < end_at + 2 * kTarBlock)
        return truncated("ends before its end");
    return {};
}

Result<Bytes> TarWalk::content() {
    const void* block = nullptr;
    std::size_t bytes = 0;
    la_int64_t at = 0;
    // An empty block is no end yet.
    for (;;) {
        const int said = archive_read_data_block(tar_.get(), &block, &bytes, &at);
        if (failed_) return *failed_;
        if (said == ARCHIVE_EOF) return Bytes{};
        if (said != ARCHIVE_OK) return refused("has a damaged entry");
        if (bytes > 0) return Bytes{static_cast<const std::byte*>(block), bytes};
    }
}

}  // namespace bkt::influxdb
