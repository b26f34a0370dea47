#include <fcntl.h>

#include <algorithm>

#include "plugins/engines/sqlite/own_file.hpp"
#include "plugins/engines/sqlite/page_stream.hpp"

namespace bkt::sqlite {
namespace {

constexpr std::uint64_t kFileBytesMax = 1ull << 48;  // SQLite's own bound, 281 TB

std::uint64_t number_at(std::string_view bytes, std::size_t at) {
    std::uint64_t number = 0;
    for (std::size_t i = 8; i-- > 0;)
        number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
    return number;
}

Error bad_record(const std::string& path) {
    return {Code::corrupt, "what came for '" + path + "' is no stream of pages"};
}

}  // namespace

PageFile::PageFile(std::string path, UniqueFd fd) : path_(std::move(path)), fd_(std::move(fd)) {
    raw_.size = sizeof raw_;
    raw_.ctx = this;
    raw_.write = &write;
}

Result<std::unique_ptr<PageFile>> PageFile::create(const std::string& path) {
    UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!fd) return file_error(errno, "making", path);
    return std::unique_ptr<PageFile>(new PageFile(path, std::move(fd)));
}

bkt_rc PageFile::write(const bkt_sink* sink, const void* bytes, std::uint64_t len) noexcept {
    auto& self = *static_cast<PageFile*>(sink->ctx);
    try {
        if (self.error_) return static_cast<bkt_rc>(self.error_->code);
        Status taken = self.take({static_cast<const std::byte*>(bytes), len});
        if (taken) return BKT_OK;
        self.error_ = std::move(taken).error();
        return static_cast<bkt_rc>(self.error_->code);
    } catch (...) {
        return BKT_BUG;
    }
}

Status PageFile::take(Bytes bytes) {
    while (!bytes.empty()) {
        if (size_) return bad_record(path_);
        if (left_ == 0) {
            const auto wanted = std::min(kRecordHeadBytes - head_.size(), bytes.size());
            head_.append(as_text(bytes.first(wanted)));
            bytes = bytes.subspan(wanted);
            if (head_.size() == kRecordHeadBytes) BKT_TRY(begin_record());
            continue;
        }
        const auto now = bytes.first(std::min<std::uint64_t>(left_, bytes.size()));
        BKT_TRY(put(now));
        bytes = bytes.subspan(now.size());
    }
    return {};
}

Status PageFile::begin_record() {
    at_ = number_at(head_, 0);
    left_ = number_at(head_, 8);
    head_.clear();
    if (at_ == kEndOfPages) {
        if (left_ > kFileBytesMax) return bad_record(path_);
        size_ = std::exchange(left_, 0);
        return {};
    }
    if (left_ == 0 || left_ > kRecordBytesMax || at_ > kFileBytesMax) return bad_record(path_);
    return {};
}

Status PageFile::put(Bytes bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::pwrite(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(at_));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return file_error(errno, "writing", path_);
        const auto written = static_cast<std::size_t>(n);
        at_ += written;
        left_ -= written;
        bytes = bytes.subspan(written);
    }
    return {};
}

Status PageFile::finish() {
    if (error_) return *error_;
    if (!size_)
        return Error{Code::truncated, "the pages for '" + path_ + "' ended too early",
                     "run the backup again"};
    if (::ftruncate(fd_.get(), static_cast<off_t>(*size_)) != 0)
        return file_error(errno, "writing", path_);
    if (const int e = fd_.close_checked()) return file_error(e, "writing", path_);
    return {};
}

}  // namespace bkt::sqlite
