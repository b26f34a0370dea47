#include "plugins/engines/redis/rdb_stream.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "baktainer/detail/wall.hpp"

namespace bkt::redis {
namespace {

constexpr std::size_t kHeadBytes = 4096;
constexpr std::size_t kTailBytes = 8;

std::optional<std::uint64_t> number_after(std::string_view text, std::string_view words) {
    const auto at = text.find(words);
    if (at == text.npos) return std::nullopt;
    const auto digits = text.substr(at + words.size());
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc()) return std::nullopt;
    return value;
}

}  // namespace

RdbStream::RdbStream(const Sink& to)
    : to_(to), raw_{sizeof(bkt_sink), 0, this, &write, nullptr, nullptr} {}

bkt_rc RdbStream::write(const bkt_sink* sink, const void* bytes, std::uint64_t len) noexcept {
    return detail::walled([&] {
        return static_cast<RdbStream*>(sink->ctx)->take(
            {static_cast<const std::byte*>(bytes), static_cast<std::size_t>(len)});
    });
}

bkt_rc RdbStream::take(Bytes bytes) {
    const auto wanted = std::min(kHeadBytes - head_.size(), bytes.size());
    head_.append(as_text(bytes.first(wanted)));
    total_bytes_ += bytes.size();
    const auto pass = [&](Bytes part) {
        if (part.empty()) return bkt_rc{BKT_OK};
        keep_tail(part);
        return to_.raw()->write(to_.raw(), part.data(), part.size());
    };
    if (bytes.size() >= kEofMarkBytes) {
        if (const auto rc = pass(as_bytes(held_)); rc != BKT_OK) return rc;
        held_.assign(as_text(bytes.last(kEofMarkBytes)));
        return pass(bytes.first(bytes.size() - kEofMarkBytes));
    }
    held_.append(as_text(bytes));
    if (held_.size() <= kEofMarkBytes) return BKT_OK;
    const auto old = held_.size() - kEofMarkBytes;
    if (const auto rc = pass(as_bytes(held_).first(old)); rc != BKT_OK) return rc;
    held_.erase(0, old);
    return BKT_OK;
}

Result<std::uint64_t> RdbStream::finish(std::string_view said) {
    if (said.find("Transfer finished with success") == said.npos)
        return Error{Code::truncated, "redis-cli ended without saying that the transfer was done",
                     "look into the server's log for the reason"};
    auto stated = number_after(said, "finished with success after ");
    if (!stated) stated = number_after(said, "writing ");
    // Clients before 7.0 state no size when there is a mark.
    const bool has_mark = said.find("EOF mark") != said.npos;
    const std::uint64_t without =
        total_bytes_ - std::min<std::uint64_t>(total_bytes_, kEofMarkBytes);
    const std::uint64_t size = stated ? *stated : has_mark ? without : total_bytes_;
    if (size != total_bytes_ && size != without)
        return Error{Code::truncated, "redis-cli states " + std::to_string(size) + " bytes, " +
                                          std::to_string(total_bytes_) + " came out"};
    if (size == total_bytes_) {
        keep_tail(as_bytes(held_));
        BKT_TRY(to_.write(as_bytes(held_)));
    }
    return size;
}

void RdbStream::keep_tail(Bytes passed) {
    tail_.append(as_text(passed.last(std::min(passed.size(), kTailBytes))));
    if (tail_.size() > kTailBytes) tail_.erase(0, tail_.size() - kTailBytes);
}

bool RdbStream::has_no_checksum() const { return tail_ == std::string(kTailBytes, '\0'); }

}  // namespace bkt::redis
