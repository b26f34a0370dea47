#include "plugins/engines/influxdb/tar_reader.hpp"

#include <algorithm>
#include <cstdio>
#include <optional>

namespace bkt::influxdb {
namespace {

// POSIX.1-1988 (ustar): fields of a header of 512 bytes.
constexpr std::size_t kNameBytes = 100, kModeAt = 100, kUidAt = 108, kGidAt = 116, kSizeAt = 124,
                      kTimeAt = 136, kSumAt = 148, kTypeAt = 156, kMagicAt = 257;
constexpr std::string_view kMagic{"ustar\00000", 8};
constexpr const char* kAdvice = "do not use this backup; make a new one";

std::optional<std::uint64_t> octal(std::string_view field) {
    std::uint64_t value = 0;
    bool any = false;
    for (const char c : field) {
        if (c == ' ' && !any) continue;
        if (c == ' ' || c == '\0') break;
        if (c < '0' || c > '7' || value >> 60) return std::nullopt;
        value = value * 8 + static_cast<unsigned>(c - '0');
        any = true;
    }
    if (!any) return std::nullopt;
    return value;
}

// GNU writes a size of 8 GiB and more as a big-endian number with the first bit set.
std::optional<std::uint64_t> size_of(std::string_view field) {
    if (!(static_cast<unsigned char>(field.front()) & 0x80)) return octal(field);
    std::uint64_t value = static_cast<unsigned char>(field.front()) & 0x7f;
    for (const char c : field.substr(1)) {
        if (value >> 54) return std::nullopt;
        value = value << 8 | static_cast<unsigned char>(c);
    }
    return value;
}

std::uint64_t sum_of(std::string_view header) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < kTarBlock; ++i)
        sum += i >= kSumAt && i < kSumAt + 8 ? ' ' : static_cast<unsigned char>(header[i]);
    return sum;
}

void put_octal(std::string& header, std::size_t at, std::size_t bytes, std::uint64_t value) {
    char digits[24];
    const int n = std::snprintf(digits, sizeof digits, "%0*llo", static_cast<int>(bytes - 1),
                                static_cast<unsigned long long>(value));
    header.replace(at, static_cast<std::size_t>(n), digits);
}

}  // namespace

Result<TarEntry> parse_tar_header(std::string_view block, const std::string& what) {
    const auto size = size_of(block.substr(kSizeAt, 12));
    if (octal(block.substr(kSumAt, 8)) != sum_of(block) || !size)
        return Error{Code::corrupt, what + " has a damaged header", kAdvice};
    TarEntry entry;
    entry.name = block.substr(0, kNameBytes);
    entry.name.resize(std::min(entry.name.find('\0'), entry.name.size()));
    if (entry.name.starts_with("./")) entry.name.erase(0, 2);
    entry.size_bytes = *size;
    entry.is_file = block[kTypeAt] == '0' || block[kTypeAt] == '\0';
    entry.is_folder = block[kTypeAt] == '5';
    return entry;
}

std::string make_tar_header(std::string_view name, std::uint64_t size_bytes) {
    std::string header(kTarBlock, '\0');
    header.replace(0, name.size(), name);
    put_octal(header, kModeAt, 8, 0600);
    put_octal(header, kUidAt, 8, 0);
    put_octal(header, kGidAt, 8, 0);
    put_octal(header, kSizeAt, 12, size_bytes);
    put_octal(header, kTimeAt, 12, 0);
    header[kTypeAt] = '0';
    header.replace(kMagicAt, kMagic.size(), kMagic);
    put_octal(header, kSumAt, 7, sum_of(header));
    header[kSumAt + 7] = ' ';
    return header;
}

Error TarReader::corrupt(const std::string& has) const {
    return {Code::corrupt, what_ + " " + has, kAdvice};
}
Error TarReader::truncated(const std::string& has) const {
    return {Code::truncated, what_ + " " + has, kAdvice};
}

Status TarReader::feed(Bytes bytes) {
    const auto some = [&](std::uint64_t left) {
        return static_cast<std::size_t>(std::min<std::uint64_t>(left, bytes.size()));
    };
    while (!bytes.empty()) {
        if (content_left_ > 0) {
            const auto n = some(content_left_);
            BKT_TRY(content(bytes.first(n)));
            content_left_ -= n;
            bytes = bytes.subspan(n);
        } else if (padding_left_ > 0) {
            const auto n = some(padding_left_);
            padding_left_ -= n;
            bytes = bytes.subspan(n);
        } else {
            const auto n = some(kTarBlock - block_.size());
            block_.append(as_text(bytes.first(n)));
            bytes = bytes.subspan(n);
            if (block_.size() < kTarBlock) break;
            BKT_TRY(take_header());
            block_.clear();
        }
    }
    return {};
}

Status TarReader::take_header() {
    if (std::all_of(block_.begin(), block_.end(), [](char c) { return c == '\0'; })) {
        ++zero_blocks_;
        return {};
    }
    if (zero_blocks_ > 0) return corrupt("has something behind its end");
    BKT_LET(const TarEntry next, parse_tar_header(block_, what_));
    content_left_ = next.size_bytes;
    padding_left_ = tar_padding(next.size_bytes);
    return entry(next);
}

Status TarReader::finish() {
    if (content_left_ > 0 || padding_left_ > 0 || !block_.empty() || zero_blocks_ < 2)
        return truncated("ends before its end");
    return end();
}

}  // namespace bkt::influxdb
