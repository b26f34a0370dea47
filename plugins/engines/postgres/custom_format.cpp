#include "plugins/engines/postgres/custom_format.hpp"

#include <algorithm>
#include <array>

namespace bkt::postgres {
namespace {

// Numbers as pg_backup_archiver.c writes them: a sign byte, then intSize bytes, little-endian. intSize
// has been 4 on every platform PostgreSQL runs on.
constexpr std::size_t kIntBytes = 4;
constexpr std::size_t kNumberBytes = 1 + kIntBytes;
constexpr std::size_t kKeptTextBytes = 32;  // as much of a text as is ever looked at
constexpr std::string_view kMagic = "PGDMP";
constexpr unsigned char kCustom = 1;

// Minor versions of archive format 1.x at which fields appeared.
constexpr int kOldest = 12, kNewest = 16;
constexpr int kWithAccessMethod = 14, kWithAlgorithm = 15, kWithRelationKind = 16;

enum BlockType : unsigned char { kData = 1, kBlobs = 3 };
enum OffsetFlag : unsigned char { kNotSet = 1, kSet = 2, kNoData = 3 };

constexpr int kTimeFields = 7;
struct Range {
    std::int64_t low, high;
};
// struct tm: second (60 = leap), minute, hour, day, month, year since 1900, daylight saving.
constexpr std::array<Range, kTimeFields> kTimeRanges = {
    {{0, 60}, {0, 59}, {0, 23}, {1, 31}, {0, 11}, {70, 1000}, {-1, 1}}};
constexpr int kHeaderTexts = 3;  // database, server version, pg_dump version

unsigned char byte_at(Bytes b, std::size_t i) { return static_cast<unsigned char>(b[i]); }

std::uint32_t little_endian(Bytes b, std::size_t at) {
    return std::uint32_t{byte_at(b, at)} | std::uint32_t{byte_at(b, at + 1)} << 8 |
           std::uint32_t{byte_at(b, at + 2)} << 16 | std::uint32_t{byte_at(b, at + 3)} << 24;
}

}  // namespace

Error CustomFormat::corrupt(const std::string& what) const {
    return {Code::corrupt, "the archive has " + what + " at byte " + std::to_string(read_bytes_)};
}

// Collects `wanted` bytes of one item in gathered_; false = more must come.
bool CustomFormat::gather(Bytes& bytes, std::size_t wanted) {
    const std::size_t n = std::min(wanted - gathered_.size(), bytes.size());
    gathered_.append(as_text(bytes.first(n)));
    bytes = bytes.subspan(n);
    if (gathered_.size() < wanted) return false;
    read_bytes_ += wanted;
    return true;
}

bool CustomFormat::skip(Bytes& bytes) {
    const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(to_skip_, bytes.size()));
    bytes = bytes.subspan(n);
    read_bytes_ += n;
    to_skip_ -= n;
    return to_skip_ == 0;
}

Result<bool> CustomFormat::number(Bytes& bytes, Number& value) {
    if (!gather(bytes, kNumberBytes)) return false;
    const Bytes raw = as_bytes(gathered_);
    const unsigned char sign = byte_at(raw, 0);
    value = {sign == 1, little_endian(raw, 1)};
    gathered_.clear();
    if (sign > 1 || value.magnitude > 0x7fffffffu) return corrupt("no number");
    return true;
}

// A length, -1 for "absent", then so many bytes, of which text_ keeps the first.
Result<bool> CustomFormat::text(Bytes& bytes, bool& absent) {
    absent = false;
    if (!in_text_) {
        Number length;
        BKT_LET(const bool whole, number(bytes, length));
        if (!whole) return false;
        if (length.negative && length.magnitude != 1) return corrupt("a text of negative length");
        if (length.magnitude > kMaxTextBytes) return corrupt("a text of impossible length");
        text_.clear();
        if (length.negative) {
            absent = true;
            return true;
        }
        to_skip_ = length.magnitude;
        in_text_ = true;
    }
    const auto kept =
        std::min({kKeptTextBytes - text_.size(), bytes.size(), static_cast<std::size_t>(to_skip_)});
    text_.append(as_text(bytes.first(kept)));
    if (!skip(bytes)) return false;
    in_text_ = false;
    return true;
}

Status CustomFormat::feed(Bytes bytes) {
    while (!bytes.empty()) {
        BKT_LET(const bool progressed, step(bytes));
        if (!progressed) return {};
    }
    return {};
}

// Reads one item; false = it needs more bytes than there are.
Result<bool> CustomFormat::step(Bytes& bytes) {
    if (at_ == At::end) return corrupt("bytes after its end");
    if (at_ >= At::block_type) return read_data(bytes);
    if (at_ >= At::dump_id) return read_toc_field(bytes);
    return read_prelude(bytes);
}

Result<bool> CustomFormat::read_prelude(Bytes& bytes) {
    switch (at_) {
        case At::magic:
            if (!gather(bytes, kMagic.size())) return false;
            if (gathered_ != kMagic) return corrupt("no 'PGDMP'");
            at_ = At::version;
            break;
        case At::version: {
            if (!gather(bytes, 3)) return false;
            const int major = static_cast<unsigned char>(gathered_[0]);
            minor_ = static_cast<unsigned char>(gathered_[1]);
            if (major != 1 || minor_ < kOldest || minor_ > kNewest)
                return Error{Code::unsupported,
                             "the archive is of version " + std::to_string(major) + "." +
                                 std::to_string(minor_) + ", only 1." + std::to_string(kOldest) +
                                 " to 1." + std::to_string(kNewest) + " are known",
                             "update baktainer, or set 'db.format' to 'plain'"};
            at_ = At::sizes;
            break;
        }
        case At::sizes:
            if (!gather(bytes, 3)) return false;
            offset_bytes_ = static_cast<unsigned char>(gathered_[1]);
            if (static_cast<unsigned char>(gathered_[0]) != kIntBytes ||
                (offset_bytes_ != 4 && offset_bytes_ != 8))
                return corrupt("impossible sizes of numbers");
            if (gathered_[2] != kCustom) return corrupt("a format that is not 'custom'");
            at_ = At::compression;
            break;
        case At::compression: {
            fields_left_ = kTimeFields;
            if (minor_ >= kWithAlgorithm) {
                if (!gather(bytes, 1)) return false;
                if (static_cast<unsigned char>(gathered_[0]) > 3)
                    return corrupt("no compression method");
            } else {
                Number level;
                BKT_LET(const bool whole, number(bytes, level));
                if (!whole) return false;
                if (level.magnitude > 9) return corrupt("no compression level");
            }
            at_ = At::time_field;
            break;
        }
        case At::time_field: {
            Number n;
            BKT_LET(const bool whole, number(bytes, n));
            if (!whole) return false;
            const std::int64_t value = n.negative ? -std::int64_t{n.magnitude} : n.magnitude;
            const Range range = kTimeRanges[static_cast<std::size_t>(kTimeFields - fields_left_)];
            if (value < range.low || value > range.high) return corrupt("no time of dump");
            if (--fields_left_ == 0) {
                at_ = At::header_text;
                fields_left_ = kHeaderTexts;
            }
            break;
        }
        case At::header_text: {
            bool absent = false;
            BKT_LET(const bool whole, text(bytes, absent));
            if (!whole) return false;
            if (--fields_left_ == 0) at_ = At::toc_count;
            break;
        }
        default: {
            Number count;
            BKT_LET(const bool whole, number(bytes, count));
            if (!whole) return false;
            if (count.negative || count.magnitude > kMaxTocEntries)
                return corrupt("an impossible number of entries");
            toc_count_ = count.magnitude;
            at_ = At::dump_id;
            if (toc_count_ == 0) begin_data();
            break;
        }
    }
    gathered_.clear();
    return true;
}

CustomFormat::At CustomFormat::after(At field) const {
    At next = static_cast<At>(static_cast<int>(field) + 1);
    if (next == At::access_method && minor_ < kWithAccessMethod) next = At::owner;
    if (next == At::relation_kind && minor_ < kWithRelationKind) next = At::owner;
    return next;
}

Result<bool> CustomFormat::read_toc_field(Bytes& bytes) {
    Number n;
    bool absent = false;
    bool whole = false;
    switch (at_) {
        case At::dump_id:
        case At::has_data:
        case At::section:
        case At::relation_kind: {
            BKT_LET(whole, number(bytes, n));
            if (!whole) return false;
            if (n.negative) return corrupt("a negative number in its table");
            break;
        }
        case At::offset:
            if (!gather(bytes, 1 + offset_bytes_)) return false;
            BKT_TRY(end_entry());
            return true;
        default: {
            BKT_LET(whole, text(bytes, absent));
            if (!whole) return false;
            break;
        }
    }
    const At field = at_;
    at_ = after(field);
    switch (field) {
        case At::dump_id:
            if (n.magnitude == 0) return corrupt("an entry without a number");
            entry_id_ = n.magnitude;
            dependencies_ = 0;
            break;
        case At::has_data:
            if (n.magnitude > 1) return corrupt("an entry that neither has data nor has none");
            entry_has_data_ = n.magnitude == 1;
            break;
        case At::description:
            if (absent) return corrupt("an entry without a kind");
            entry_is_blobs_ = text_ == "BLOBS";
            break;
        case At::section:
            if (n.magnitude < 1 || n.magnitude > 4) return corrupt("an entry of no section");
            break;
        case At::with_oids:
            if (text_ != "false" && text_ != "true")
                return corrupt("an entry of neither kind of table");
            break;
        case At::dependency:
            if (absent) break;
            if (text_.empty() || text_.find_first_not_of("0123456789") != std::string::npos)
                return corrupt("a dependency that is no number");
            if (++dependencies_ > kMaxDependencies) return corrupt("too many dependencies");
            at_ = At::dependency;
            break;
        default: break;
    }
    return true;
}

Status CustomFormat::end_entry() {
    const auto flag = static_cast<unsigned char>(gathered_[0]);
    std::uint64_t stated = 0;
    for (std::size_t i = offset_bytes_; i > 0; --i)
        stated = stated << 8 | static_cast<unsigned char>(gathered_[i]);
    gathered_.clear();
    if (flag < kNotSet || flag > kNoData) return corrupt("an entry with no state of its data");
    if ((flag == kNoData) == entry_has_data_)
        return corrupt("an entry that contradicts itself about data");
    if (flag != kSet && stated != 0) return corrupt("a place for data that has none");
    if (entry_has_data_) blocks_.push_back({entry_id_, entry_is_blobs_, flag == kSet ? stated : 0});
    at_ = At::dump_id;
    if (++toc_done_ == toc_count_) begin_data();
    return {};
}

void CustomFormat::begin_data() { at_ = blocks_.empty() ? At::end : At::block_type; }

void CustomFormat::end_block() {
    at_ = ++blocks_done_ == blocks_.size() ? At::end : At::block_type;
}

Result<bool> CustomFormat::read_data(Bytes& bytes) {
    switch (at_) {
        case At::block_type: {
            const Block& due = blocks_[blocks_done_];
            if (due.stated_offset != 0 && due.stated_offset != read_bytes_)
                return corrupt("a data block where its table does not say");
            if (!gather(bytes, 1)) return false;
            const auto type = static_cast<unsigned char>(gathered_[0]);
            gathered_.clear();
            in_blobs_ = due.is_blobs;
            if (type != (in_blobs_ ? kBlobs : kData)) return corrupt("no data block");
            at_ = At::block_id;
            return true;
        }
        case At::block_id: {
            Number id;
            BKT_LET(const bool whole, number(bytes, id));
            if (!whole) return false;
            if (id.negative || id.magnitude != blocks_[blocks_done_].id)
                return corrupt("another entry's data than is due (" + std::to_string(id.magnitude) +
                               " for " + std::to_string(blocks_[blocks_done_].id) + ")");
            at_ = in_blobs_ ? At::object_id : At::chunk_length;
            return true;
        }
        case At::object_id: {
            // Object ids use all 32 bits: one above 2^31 was written as a negative number.
            if (!gather(bytes, kNumberBytes)) return false;
            const Bytes raw = as_bytes(gathered_);
            const unsigned char sign = byte_at(raw, 0);
            const std::uint32_t id = little_endian(raw, 1);
            gathered_.clear();
            if (sign > 1 || (sign == 1 && id == 0)) return corrupt("no number");
            if (id != 0) at_ = At::chunk_length;
            else end_block();
            return true;
        }
        case At::chunk_length: {
            if (gathered_.empty() && bytes.size() >= kNumberBytes) return fast_chunks(bytes);
            Number length;
            BKT_LET(const bool whole, number(bytes, length));
            if (!whole) return false;
            if (length.negative) return corrupt("a data chunk of negative length");
            if (length.magnitude == 0) {
                if (in_blobs_) at_ = At::object_id;
                else end_block();
                return true;
            }
            to_skip_ = length.magnitude;
            at_ = At::chunk_data;
            return true;
        }
        default:
            if (!skip(bytes)) return false;
            at_ = At::chunk_length;
            return true;
    }
}

// The loop nearly all bytes go through: pg_dump writes a chunk for every row.
Result<bool> CustomFormat::fast_chunks(Bytes& bytes) {
    const std::size_t size = bytes.size();
    std::size_t at = 0;
    while (size - at >= kNumberBytes) {
        const std::uint32_t length = little_endian(bytes, at + 1);
        if (byte_at(bytes, at) != 0 || length > 0x7fffffffu || length == 0) break;
        const std::size_t rest = size - at - kNumberBytes;
        if (length > rest) {
            to_skip_ = length - rest;
            at_ = At::chunk_data;
            at = size;
            break;
        }
        at += kNumberBytes + length;
    }
    read_bytes_ += at;
    bytes = bytes.subspan(at);
    if (at_ == At::chunk_data || bytes.empty()) return !bytes.empty();
    if (bytes.size() < kNumberBytes) {
        gathered_.append(as_text(bytes));
        bytes = {};
        return false;
    }
    // An end of block or a broken length: the careful path tells which.
    Number length;
    BKT_LET(const bool whole, number(bytes, length));
    if (!whole) return false;
    if (length.negative) return corrupt("a data chunk of negative length");
    if (in_blobs_) at_ = At::object_id;
    else end_block();
    return true;
}

std::string CustomFormat::place() const {
    if (at_ < At::toc_count) return "within its header";
    if (at_ < At::block_type)
        return "within its table of contents, at entry " + std::to_string(toc_done_ + 1) + " of " +
               std::to_string(toc_count_);
    return "with " + std::to_string(blocks_done_) + " of " + std::to_string(blocks_.size()) +
           " data blocks whole";
}

Status CustomFormat::finish() const {
    if (at_ == At::end) return {};
    return Error{Code::truncated, "the archive ends after " +
                                      std::to_string(read_bytes_ + gathered_.size()) + " bytes, " +
                                      place()};
}

namespace {

class CustomFormatTap final : public Tap {
public:
    Status feed(Call&, Bytes bytes) override { return with_hint(format_.feed(bytes)); }
    Status finish(Call&) override { return with_hint(format_.finish()); }

private:
    static Status with_hint(Status status) {
        if (status || !status.error().hint.empty()) return status;
        Error error = std::move(status).error();
        error.hint = error.code == Code::truncated
                         ? "pg_dump was probably killed: read its stderr in this run's log"
                         : "do not use this backup; make a new one and check disk and memory";
        return error;
    }
    CustomFormat format_;
};

}  // namespace

std::unique_ptr<Tap> custom_format_tap() { return std::make_unique<CustomFormatTap>(); }

}  // namespace bkt::postgres
