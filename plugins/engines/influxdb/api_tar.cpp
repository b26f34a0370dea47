#include "plugins/engines/influxdb/api_tar.hpp"

#include <archive.h>
#include <archive_entry.h>

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

// Whatever libarchive writes goes on at once: it keeps no block back.
ApiTarWriter::ApiTarWriter(const Sink& to)
    : to_(to), tar_(archive_write_new(), &archive_write_free) {
    if (!tar_ || archive_write_set_format_ustar(tar_.get()) != ARCHIVE_OK ||
        archive_write_set_bytes_per_block(tar_.get(), 0) != ARCHIVE_OK ||
        archive_write_open(tar_.get(), this, nullptr, &put, nullptr) != ARCHIVE_OK)
        failed_ = Error{Code::bug, "a tar cannot be begun"};
}

// To be freed is to be ended: a backup that failed must not get the end of a whole one.
ApiTarWriter::~ApiTarWriter() {
    if (!failed_) failed_.emplace(Error{Code::bug, "the tar was not finished"});
    tar_.reset();
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
    if (failed_) return *failed_;
    if (segments_ >= 1'000'000)
        return Error{Code::unsupported, "'" + file_ + "' is larger than a backup can hold"};
    const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(),
                                                                         &archive_entry_free);
    archive_entry_set_pathname(entry.get(), segment_name(file_, segments_).c_str());
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0600);
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(segment_.size()));
    BKT_TRY(written(archive_write_header(tar_.get(), entry.get()) == ARCHIVE_OK));
    BKT_TRY(written(archive_write_data(tar_.get(), segment_.data(), segment_.size()) ==
                    static_cast<la_ssize_t>(segment_.size())));
    BKT_TRY(written(archive_write_finish_entry(tar_.get()) == ARCHIVE_OK));
    file_bytes_ += segment_.size();
    segment_.clear();
    ++segments_;
    return {};
}

// libarchive 3.6 does not free all of a writer that it was told has failed, so it is not told: what it writes then
// goes nowhere.
long ApiTarWriter::put(archive*, void* ctx, const void* bytes, std::size_t size) noexcept {
    auto& self = *static_cast<ApiTarWriter*>(ctx);
    if (self.failed_) return static_cast<long>(size);
    try {
        auto done = self.to_.write({static_cast<const std::byte*>(bytes), size});
        if (done) self.total_bytes_ += size;
        else self.failed_ = std::move(done).error();
    } catch (...) {  // C is above
        self.failed_.emplace(Error{Code::bug, "out of memory"});
    }
    return static_cast<long>(size);
}

Status ApiTarWriter::written(bool done) {
    if (!failed_ && !done) failed_ = Error{Code::bug, "the tar could not be written"};
    return failed_ ? Status(*failed_) : Status{};
}

Status ApiTarWriter::finish(const std::string& server, const std::vector<std::uint64_t>& expired) {
    const json contents = {
        {"format", 1}, {"server", server}, {"files", sizes_}, {"expired", expired}};
    begin(std::string(kContentsFile));
    BKT_TRY(write(as_bytes(contents.dump())));
    BKT_TRY(end());
    return written(archive_write_close(tar_.get()) == ARCHIVE_OK);
}

ApiTarSource::ApiTarSource(const Source& from)
    : from_(from), buffer_(64 * 1024), tar_("the backup's tar", [this] { return more(); }) {}

Result<Bytes> ApiTarSource::more() {
    BKT_LET(const std::size_t n, from_.read(buffer_));
    return Bytes(buffer_).first(n);
}

Result<std::string> ApiTarSource::next() {
    if (!std::exchange(begun_, true)) BKT_TRY(take_entry());
    for (;;) {
        if (!entry_) return std::string();
        if (file_of_segment(entry_->name) != file_) break;
        BKT_TRY(piece());  // passed over
    }
    file_ = file_of_segment(entry_->name);
    return file_;
}

Source ApiTarSource::file() {
    raw_ = {sizeof raw_, 0, this, &read, 0};
    return Source(&raw_);
}

bkt_rc ApiTarSource::read(const bkt_source* source, void* bytes, std::uint64_t cap,
                          std::uint64_t* len) noexcept {
    return detail::walled([&] {
        auto& self = *static_cast<ApiTarSource*>(source->ctx);
        *len = 0;
        if (self.left_.empty()) {
            const auto piece = self.piece();
            if (!piece) return static_cast<bkt_rc>(piece.error().code);
            self.left_ = *piece;
        }
        const auto n = std::min<std::size_t>(self.left_.size(), static_cast<std::size_t>(cap));
        std::copy_n(self.left_.begin(), n, static_cast<std::byte*>(bytes));
        self.left_ = self.left_.subspan(n);
        *len = n;
        return bkt_rc{BKT_OK};
    });
}

// A file ends where the next segment is another's, or where there is none.
Result<Bytes> ApiTarSource::piece() {
    left_ = {};
    while (entry_ && file_of_segment(entry_->name) == file_) {
        BKT_LET(const Bytes bytes, tar_.content());
        if (!bytes.empty()) return bytes;
        BKT_TRY(take_entry());
    }
    return Bytes{};
}

Status ApiTarSource::take_entry() {
    BKT_LET(entry_, tar_.next());
    if (entry_ && (!entry_->is_file || file_of_segment(entry_->name).empty()))
        return tar_.corrupt("holds what is none of its files");
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
