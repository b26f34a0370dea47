// tar_walk.hpp: a tar read entry by entry as its bytes come, by libarchive, with bounded memory.
//
// libarchive forgives what a backup may not: a tar without its end, and anything behind it. So the end is looked at
// here: two blocks of zeroes where the last header would be, whole blocks, and nothing but zeroes up to the last byte.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "baktainer/stream.hpp"

struct archive;

namespace bkt::influxdb {

inline constexpr std::size_t kTarBlock = 512;

struct TarEntry {
    std::string name;  // without a "./" at its front
    std::uint64_t size_bytes = 0;
    bool is_file = false;  // an ordinary one, with all its bytes in the tar
    bool is_folder = false;
};

class TarWalk final {
public:
    // The next bytes, valid until asked again; none at the end of the source.
    using More = std::function<Result<Bytes>()>;

    // `what` begins its errors: "the backup's tar".
    TarWalk(std::string what, More more);
    ~TarWalk();
    TarWalk(const TarWalk&) = delete;
    TarWalk& operator=(const TarWalk&) = delete;

    // The next entry, past what was not read of the one before; nullopt once the source ended and was a whole tar.
    // Code::corrupt, Code::truncated, or what `more` failed with.
    Result<std::optional<TarEntry>> next();
    // The next bytes of that entry, valid until the next call of either; none when it ended.
    Result<Bytes> content();

    Error corrupt(const std::string& has) const;
    Error truncated(const std::string& has) const;

private:
    static long read(archive* from, void* self, const void** bytes) noexcept;
    Status open();
    Status take_more();
    Status look_at_end();
    Error refused(const std::string& has);

    std::string what_;
    More more_;
    std::unique_ptr<archive, int (*)(archive*)> tar_;
    bool is_open_ = false;
    Bytes bytes_;                       // what `more` gave last
    bool ended_ = false;                // it gave none
    std::optional<Error> failed_;       // it failed
    std::uint64_t total_bytes_ = 0;     // all it gave
    std::uint64_t content_end_at_ = 0;  // behind the last of them that is no zero
};

}  // namespace bkt::influxdb
