// api_tar.hpp: the one part of a backup of InfluxDB 2, a tar that is written and read as it streams.
//
// What the server sends says no length, which a tar wants first. So each file is cut into segments, "NAME.000000",
// "NAME.000001", ...: `cat NAME.*` puts it together. In this order:
//   kv.bolt         users, organisations, tokens, dashboards, buckets (bbolt)
//   influxd.sqlite  notebooks, annotations, remotes (SQLite)
//   buckets.json    which shards belong to which bucket
//   shards/ID.tar   one shard, as the server packs it; uncompressed, for the pipeline compresses
//   contents.json   one segment, last: what is in the tar, with sizes, and which shards had expired
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "baktainer/stream.hpp"
#include "plugins/engines/influxdb/tar_reader.hpp"

namespace bkt::influxdb {

inline constexpr std::string_view kApiPart = "influxdb2.tar";
inline constexpr std::string_view kApiMedia = "application/x-influxdb2-backup-tar";
inline constexpr std::size_t kSegmentBytes = 4 << 20;
inline constexpr std::size_t kMaxBucketsBytes = 64 << 20;

inline constexpr std::string_view kKvFile = "kv.bolt", kSqlFile = "influxd.sqlite",
                                  kBucketsFile = "buckets.json", kContentsFile = "contents.json";
std::string shard_file(std::uint64_t id);  // "shards/12.tar"
// The shard of "shards/12.tar".
std::optional<std::uint64_t> shard_of(std::string_view file);
// The ids of every shard that is not marked deleted. Code::corrupt when it is no list of buckets.
Result<std::vector<std::uint64_t>> shards_of(std::string_view buckets_json);

class ApiTarWriter final {
public:
    explicit ApiTarWriter(const Sink& to);
    ~ApiTarWriter();  // unfinished, it writes no end
    ApiTarWriter(const ApiTarWriter&) = delete;
    ApiTarWriter& operator=(const ApiTarWriter&) = delete;

    void begin(std::string file);
    Status write(Bytes bytes);
    Status end();
    // Forgets a file of which nothing was written.
    void drop() { file_.clear(); }
    // contents.json and the tar's end. `server`: its version.
    Status finish(const std::string& server, const std::vector<std::uint64_t>& expired);
    std::uint64_t total_bytes() const { return total_bytes_; }

private:
    static long put(archive* to, void* self, const void* bytes, std::size_t size) noexcept;
    Status put_segment();
    Status written(bool done);

    Sink to_;
    std::unique_ptr<archive, int (*)(archive*)> tar_;
    std::optional<Error> failed_;  // what the sink refused
    std::string file_, segment_;
    unsigned segments_ = 0;
    std::uint64_t file_bytes_ = 0, total_bytes_ = 0;
    std::map<std::string, std::uint64_t> sizes_;
};

// Reads the same back, file after file.
class ApiTarSource final {
public:
    explicit ApiTarSource(const Source& from);
    // The next file's name; "" at the end. What was not read of the one before is passed over.
    Result<std::string> next();
    // The bytes of the file that next() named. Valid until next() or this goes.
    Source file();

private:
    static bkt_rc read(const bkt_source* source, void* bytes, std::uint64_t cap,
                       std::uint64_t* len) noexcept;
    Result<Bytes> more();
    // Some of the file's bytes; none when it ended.
    Result<Bytes> piece();
    Status take_entry();

    Source from_;
    std::vector<std::byte> buffer_;
    TarWalk tar_;
    bkt_source raw_{};
    std::optional<TarEntry> entry_;  // the segment that is next or being read
    bool begun_ = false;             // the first was asked for
    std::string file_;
    Bytes left_;  // of a piece
};

// Part "shop.bucket": one bucket alone, the same without kv.bolt and influxd.sqlite.
inline constexpr std::string_view kBucketEnd = ".bucket";
inline constexpr std::string_view kBucketMedia = "application/x-influxdb2-bucket-tar";

// Proves such a tar whole: every file that its last one lists, at its size, each shard a whole tar, and every
// shard of its buckets there or said to have expired.
std::unique_ptr<Tap> api_tap();
std::unique_ptr<Tap> bucket_tap();

}  // namespace bkt::influxdb
