// staged_file.hpp: a file that becomes visible only when it is whole.
//
// Bytes go to "<name>.partial-<random>" beside the final name. publish() makes them durable and gives
// them their name; the destructor deletes what was not published. A crash leaves the partial, which
// sweep() deletes. It refuses to overwrite unless asked.
#pragma once

#include "baktainer/stream.hpp"
#include "baktainer/unique_fd.hpp"
#include "plugins/storage/local/root.hpp"

namespace bkt::local {

class StagedFile final {  // Not thread-safe: one put owns one StagedFile.
public:
    // Makes the missing folders. Code::exists when the name is taken and `replace` is false.
    static Result<StagedFile> create(const Root& root, const Key& key, bool replace);

    StagedFile(StagedFile&&) noexcept = default;
    StagedFile& operator=(StagedFile&&) = delete;
    ~StagedFile();

    // Writes all of `bytes` or fails; after a failure only destruction is useful.
    Status append(Bytes bytes);

    // fsync(file), rename, fsync(folder): once this returns OK a power cut keeps the file. Call once,
    // last.
    Status publish();

    std::uint64_t size_bytes() const { return size_bytes_; }

private:
    StagedFile(UniqueFd folder, UniqueFd partial, std::string name, std::string partial_name,
               std::string shown, bool replace);
    Status take_name();

    UniqueFd folder_;
    UniqueFd partial_;
    std::string name_;
    std::string partial_name_;  // empty = published, or moved from
    std::string shown_;
    bool replace_;
    std::uint64_t size_bytes_ = 0;
};

}  // namespace bkt::local
