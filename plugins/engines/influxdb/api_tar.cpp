#include "plugins/engines/influxdb/api_tar.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "baktainer/detail/wall.hpp"

namespace bkt::influxdb {
namespace {

using nlohmann::json;

constexpr std::size_t kDigits = 6;
constexpr std::string_view kShardFolder = "shards/", kShardEnd = ".tar";

// "kv.bolt.000001" -> "kv.bolt"; "" when it is no segment.
std::string_view file_of_segment(std::string_view name) {
    if (name.size() <= kDigits + 1 || name[name.size() - kDigits - 1] != '.') return {};
    const auto digits = name.substr(name.size() - kDigits);
    if (digits.find_first_not_of("0123456789") != digits.npos) return {};
    return name.substr(0, name.size() - kDigits - 1);
}

std::string segment_name(const std::string& file, unsigned segment) {
    const std::string digits = std::to_string(segment);
    return file + "." + std::string(kDigits - std::min(kDigits, digits.size()), '0') + digits;
}

}  // namespace

std::string shard_file(std::uint64_t id) {
    return std::string(kShardFolder) + std::to_string(id) + std::string(kShardEnd);
}

std::optional<std::uint64_t> shard_of(std::string_view file) {
    if (!file.starts_with(kShardFolder) || !file.ends_with(kShardEnd)) return std::nullopt;
    file.remove_prefix(kShardFolder.size());
    file.remove_suffix(kShardEnd.size());
    std::uint64_t id = 0;
    const auto [end, ec] = std::from_chars(file.data(), file.data() + file.size(), id);
    if (ec != std::errc() || end != file.data() + file.size()) return std::nullopt;
    return id;
}

Result<std::vector<std::uint64_t>> shards_of(std::string_view buckets_json) {
    std::vector<std::uint64_t> ids;
    const auto list = [](const json& owner, const char* key) -> const json& {
        static const json kNone = json::array();
        return owner.at(key).is_null() ? kNone : owner.at(key);
    };
    try {
        const json buckets = json::parse(buckets_json);
        for (const auto& bucket : buckets)
            for (const auto& policy : list(bucket, "retentionPolicies"))
                for (const auto& group : list(policy, "shardGroups")) {
                    if (group.contains("deletedAt") && !group.at("deletedAt").is_null()) continue;
                    for (const auto& shard : list(group, "shards"))
                        ids.push_back(shard.at("id").get<std::uint64_t>());
                }
    } catch (const json::exception&) {
        return Error{Code::corrupt, "the list of buckets cannot be read"};
    }
    return ids;
}

void ApiTarWriter::begin(std::string file) {
    file_ = std::move(file);
    segment_.clear();
    segments_ = 0;
    file_bytes_ = 0;
}

Status ApiTarWriter::write(Bytes bytes) {
    while (!bytes.empty()) {
        const auto n = std::min(kSegmentBytes - segment_.size(), bytes.size());
        segment_.append(as_text(bytes.first(n)));
        bytes = bytes.subspan(n);
        if (segment_.size() == kSegmentBytes) BKT_TRY(put_segment());
    }
    return {};
}

Status ApiTarWriter::end() {
    if (!segment_.empty() || segments_ == 0) BKT_TRY(put_segment());
    sizes_[file_] = file_bytes_;
    file_.clear();
    return {};
}

Status ApiTarWriter::put_segment() {
    if (segments_ >= 1'000'000)
        return Error{Code::unsupported, "'" + file_ + "' is larger than a backup can hold"};
    BKT_TRY(put(as_bytes(make_tar_header(segment_name(file_, segments_), segment_.size()))));
    BKT_TRY(put(as_bytes(segment_)));
    BKT_TRY(put(as_bytes(std::string(tar_padding(segment_.size()), '\0'))));
    file_bytes_ += segment_.size();
    segment_.clear();
    ++segments_;
    return {};
}

Status ApiTarWriter::put(Bytes bytes) {
    if (bytes.empty()) return {};
    BKT_TRY(to_.write(bytes));
    total_bytes_ += bytes.size();
    return {};
}

Status ApiTarWriter::finish(const std::string& server, const std::vector<std::uint64_t>& expired) {
    const json contents = {
        {"format", 1}, {"server", server}, {"files", sizes_}, {"expired", expired}};
    begin(std::string(kContentsFile));
    BKT_TRY(write(as_bytes(contents.dump())));
    BKT_TRY(end());
    return put(as_bytes(std::string(2 * kTarBlock, '\0')));
}

Result<std::string> ApiTarSource::next() {
    while (!ended_) {
        if (has_entry_ && file_of_segment(entry_.name) != file_) {
            file_ = file_of_segment(entry_.name);
            return file_;
        }
        std::array<std::byte, 16 * 1024> waste;
        BKT_LET(const std::size_t n, read_some(waste));
        if (n == 0 && !has_entry_) break;
    }
    return std::string();
}

Source ApiTarSource::file() {
    raw_ = {sizeof raw_, 0, this, &read, 0};
    return Source(&raw_);
}

bkt_rc ApiTarSource::read(const bkt_source* source, void* bytes, std::uint64_t cap,
                          std::uint64_t* len) noexcept {
    return detail::walled([&] {
        auto& self = *static_cast<ApiTarSource*>(source->ctx);
        const auto n =
            self.read_some({static_cast<std::byte*>(bytes), static_cast<std::size_t>(cap)});
        if (!n) return static_cast<bkt_rc>(n.error().code);
        *len = *n;
        return bkt_rc{BKT_OK};
    });
}

// 0 = the file ended: the next segment is another's, or there is none.
Result<std::size_t> ApiTarSource::read_some(std::span<std::byte> into) {
    for (;;) {
        if (left_ > 0) {
            const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(left_, into.size()));
            BKT_LET(const std::size_t got, from_.read(into.first(n)));
            if (got == 0) return Error{Code::truncated, "the backup's tar ends before its end"};
            left_ -= got;
            return got;
        }
        if (!has_entry_) {
            if (padding_ > 0) {
                std::array<std::byte, kTarBlock> waste;
                BKT_TRY(read_all(std::span(waste).first(std::exchange(padding_, 0))));
            }
            BKT_LET(const bool more, take_header());
            if (!more) return std::size_t{0};
        }
        if (file_of_segment(entry_.name) != file_) return std::size_t{0};
        left_ = entry_.size_bytes;
        padding_ = tar_padding(left_);
        has_entry_ = false;
    }
}

Result<bool> ApiTarSource::take_header() {
    if (ended_) return false;
    std::string block(kTarBlock, '\0');
    BKT_TRY(read_all(std::as_writable_bytes(std::span(block))));
    if (block.find_first_not_of('\0') == block.npos) {
        ended_ = true;
        BKT_TRY(read_all(std::as_writable_bytes(std::span(block))));  // an end is two of them
        BKT_TRY(from_.drain());  // only its end says that the source was whole
        return false;
    }
    BKT_LET(entry_, parse_tar_header(block, "the backup's tar"));
    if (file_of_segment(entry_.name).empty())
        return Error{Code::corrupt, "the backup's tar holds what is none of its files"};
    has_entry_ = true;
    return true;
}

Status ApiTarSource::read_all(std::span<std::byte> into) {
    while (!into.empty()) {
        BKT_LET(const std::size_t n, from_.read(into));
        if (n == 0) return Error{Code::truncated, "the backup's tar ends before its end"};
        into = into.subspan(n);
    }
    return {};
}

namespace {

// One shard's tar, as the server packs it. An error of the server's, which comes as text after what it had sent, is
// no block of a tar.
class ShardTar final : public TarReader {
public:
    explicit ShardTar(const std::string& file) : TarReader("'" + file + "' in the backup") {}

private:
    Status entry(const TarEntry&) override { return {}; }
};

class ApiTar final : public TarReader {
public:
    explicit ApiTar(std::vector<std::string_view> needs)
        : TarReader("the backup's tar"), needs_(std::move(needs)) {}

private:
    Status entry(const TarEntry& entry) override;
    Status content(Bytes bytes) override;
    Status end() override;
    Status end_file();
    Status check_contents() const;

    std::vector<std::string_view> needs_;  // what must be in it besides the shards
    std::string file_;                     // the one whose segments come by
    unsigned segments_ = 0;
    std::uint64_t file_bytes_ = 0;
    std::string front_;                // of a database file
    std::string buckets_, contents_;   // these two as a whole
    std::unique_ptr<ShardTar> shard_;  // when it is one
    std::map<std::string, std::uint64_t> sizes_;
};

constexpr std::size_t kFrontBytes = 24;
constexpr std::size_t kMaxFiles = 1'000'000;

// bbolt: a page header of 16 bytes, then the meta page's magic. SQLite: its first 16 bytes.
bool begins_like(std::string_view front, std::string_view file) {
    if (file == kKvFile) return front.substr(16, 4) == "\xed\xda\x0c\xed";
    return front.starts_with(std::string_view("SQLite format 3\0", 16));
}

Status ApiTar::entry(const TarEntry& entry) {
    const std::string file(file_of_segment(entry.name));
    if (!entry.is_file || file.empty()) return corrupt("holds what is none of its files");
    if (file != file_) {
        BKT_TRY(end_file());
        if (sizes_.contains(std::string(kContentsFile)))
            return corrupt("has a file behind its last");
        if (sizes_.contains(file)) return corrupt("has a file twice");
        if (sizes_.size() >= kMaxFiles) return corrupt("has more files than any backup");
        file_ = file;
        segments_ = 0;
        file_bytes_ = 0;
        front_.clear();
        if (shard_of(file)) shard_ = std::make_unique<ShardTar>(file);
    }
    if (entry.name != segment_name(file_, segments_)) return corrupt("lacks a piece of a file");
    ++segments_;
    return {};
}

Status ApiTar::content(Bytes bytes) {
    file_bytes_ += bytes.size();
    if (shard_) return shard_->feed(bytes);
    const bool is_buckets = file_ == kBucketsFile;
    if (is_buckets || file_ == kContentsFile) {
        std::string& text = is_buckets ? buckets_ : contents_;
        if (text.size() + bytes.size() > kMaxBucketsBytes)
            return corrupt("has a list of more than 64 MiB");
        text.append(as_text(bytes));
    } else if (front_.size() < kFrontBytes) {
        front_.append(as_text(bytes.first(std::min(kFrontBytes - front_.size(), bytes.size()))));
    }
    return {};
}

Status ApiTar::end_file() {
    if (file_.empty()) return {};
    if (shard_) {
        BKT_TRY(shard_->finish());
        shard_.reset();
    } else if (file_ == kKvFile || file_ == kSqlFile) {
        if (front_.size() < kFrontBytes || !begins_like(front_, file_))
            return corrupt("has a '" + file_ + "' that does not begin like one");
    } else if (file_ != kBucketsFile && file_ != kContentsFile) {
        return corrupt("holds what is none of its files");
    }
    sizes_[std::exchange(file_, {})] = file_bytes_;
    return {};
}

Status ApiTar::end() {
    BKT_TRY(end_file());
    if (!sizes_.contains(std::string(kContentsFile)))
        return truncated("ends without its list of contents");
    return check_contents();
}

Status ApiTar::check_contents() const {
    std::set<std::uint64_t> expired;
    try {
        const json contents = json::parse(contents_);
        if (contents.at("format") != 1)
            return Error{Code::unsupported, "the backup has a form of a later version",
                         "use that version of Baktainer"};
        auto listed = contents.at("files").get<std::map<std::string, std::uint64_t>>();
        listed[std::string(kContentsFile)] = contents_.size();
        if (listed != sizes_) return truncated("does not hold what its list of contents says");
        expired = contents.at("expired").get<std::set<std::uint64_t>>();
    } catch (const json::exception&) {
        return corrupt("has a list of contents that cannot be read");
    }
    for (const auto file : needs_)
        if (!sizes_.contains(std::string(file)))
            return truncated("lacks '" + std::string(file) + "'");
    BKT_LET(const auto shards, shards_of(buckets_));
    for (const auto id : shards)
        if (!expired.contains(id) && !sizes_.contains(shard_file(id)))
            return truncated("lacks the shard " + std::to_string(id) + " of its buckets");
    return {};
}

class ApiTap final : public Tap {
public:
    explicit ApiTap(std::vector<std::string_view> needs) : tar_(std::move(needs)) {}
    Status feed(Call&, Bytes bytes) override { return tar_.feed(bytes); }
    Status finish(Call&) override { return tar_.finish(); }

private:
    ApiTar tar_;
};

}  // namespace

std::unique_ptr<Tap> api_tap() {
    return std::make_unique<ApiTap>(std::vector{kKvFile, kSqlFile, kBucketsFile});
}
std::unique_ptr<Tap> bucket_tap() { return std::make_unique<ApiTap>(std::vector{kBucketsFile}); }

}  // namespace bkt::influxdb
