#include "plugins/engines/redis/rdb_format.hpp"

#include <algorithm>

#include "plugins/engines/redis/rdb_crc64.hpp"

namespace bkt::redis {
namespace {

constexpr std::size_t kChecksumBytes = 8;
constexpr char kEofOpcode = '\xff';

Error corrupt(const std::string& what) {
    return {Code::corrupt, "the RDB file " + what, "do not use this backup; make a new one"};
}
Error truncated(const std::string& what) {
    return {Code::truncated, "the RDB file " + what, "do not use this backup; make a new one"};
}

std::uint64_t little_endian(std::string_view bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = bytes.size(); i > 0; --i)
        value = value << 8 | static_cast<unsigned char>(bytes[i - 1]);
    return value;
}

class RdbTap final : public Tap {
public:
    Status feed(Call&, Bytes bytes) override { return format_.feed(bytes); }
    Status finish(Call& call) override {
        BKT_TRY(format_.finish());
        if (format_.has_no_checksum())
            call.log_warning(
                "the RDB file has no checksum ('rdbchecksum no' on its server): damage inside it "
                "cannot be seen by its own format");
        return {};
    }

private:
    RdbFormat format_;
};

}  // namespace

std::optional<int> rdb_version(std::string_view magic) {
    if (magic.size() != kRdbMagicBytes) return std::nullopt;
    std::string_view digits;
    if (magic.starts_with("REDIS")) digits = magic.substr(5);
    else if (magic.starts_with("VALKEY")) digits = magic.substr(6);
    else return std::nullopt;
    if (digits.find_first_not_of("0123456789") != digits.npos) return std::nullopt;
    return std::stoi(std::string(digits));
}

Status RdbFormat::feed(Bytes bytes) {
    if (magic_.size() < kRdbMagicBytes) {
        const auto wanted = std::min(kRdbMagicBytes - magic_.size(), bytes.size());
        magic_.append(as_text(bytes.first(wanted)));
        // Early, so that an hour is not spent on what is no RDB.
        if (magic_.size() == kRdbMagicBytes) {
            const auto version = rdb_version(magic_);
            if (!version) return corrupt("does not begin like one");
            if (*version < kOldestRdbVersion)
                return Error{Code::unsupported,
                             "the RDB file is of version " + std::to_string(*version) +
                                 ", which has no checksum at its end",
                             "back up from Redis 2.6 or later"};
        }
    }
    total_bytes_ += bytes.size();
    // All but the last nine bytes seen go into the checksum.
    constexpr std::size_t kTail = 1 + kChecksumBytes;
    if (bytes.size() >= kTail) {
        absorb(as_bytes(tail_));
        absorb(bytes.first(bytes.size() - kTail));
        tail_.assign(as_text(bytes.last(kTail)));
    } else {
        tail_.append(as_text(bytes));
        if (tail_.size() > kTail) {
            const auto old = tail_.size() - kTail;
            absorb(as_bytes(tail_).first(old));
            tail_.erase(0, old);
        }
    }
    return {};
}

void RdbFormat::absorb(Bytes bytes) {
    const auto begins = [](std::byte b) { return b == std::byte{'R'} || b == std::byte{'V'}; };
    while (!bytes.empty()) {
        if (begins(bytes.front()) && crc_ == 0 && !is_at_start_) a_second_follows_ = true;
        const auto next = std::find_if(bytes.begin() + 1, bytes.end(), begins);
        const auto n = static_cast<std::size_t>(next - bytes.begin());
        crc_ = rdb_crc64(crc_, bytes.first(n));
        bytes = bytes.subspan(n);
        is_at_start_ = false;
    }
}

bool RdbFormat::has_no_checksum() const {
    return tail_.size() == 1 + kChecksumBytes && little_endian(tail_.substr(1)) == 0;
}

Status RdbFormat::finish() const {
    if (total_bytes_ < kRdbMagicBytes + 1 + kChecksumBytes)
        return truncated("ends after " + std::to_string(total_bytes_) + " bytes");
    if (tail_.front() != kEofOpcode)
        return truncated("does not end with its end mark, after " + std::to_string(total_bytes_) +
                         " bytes");
    if (a_second_follows_) return corrupt("is followed by another one");
    const std::uint64_t stated = little_endian(std::string_view(tail_).substr(1));
    if (stated == 0) return {};
    if (rdb_crc64(crc_, as_bytes(tail_).first(1)) != stated)
        return corrupt("does not have the checksum it states");
    return {};
}

std::unique_ptr<Tap> rdb_tap() { return std::make_unique<RdbTap>(); }

}  // namespace bkt::redis
