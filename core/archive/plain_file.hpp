// archive/plain_file.hpp: a part restored to a file, seen under its name only when it is whole.
#pragma once

#include <string>

#include "baktainer/unique_fd.hpp"
#include "core/stream/stage.hpp"

namespace bkt::archive {

// Writes "<path>.partial"; finish() syncs it and gives it its name, never over an existing file.
// Destroyed unfinished, it removes its partial.
class PlainFile final : public stream::Stage {
public:
    // Code::exists when `path` is taken.
    static Result<PlainFile> create(const std::string& path);
    PlainFile(PlainFile&& other) noexcept = default;
    ~PlainFile() override;

    Status write(Bytes bytes) override;
    Status finish() override;

private:
    PlainFile(std::string path, UniqueFd fd) : path_(std::move(path)), fd_(std::move(fd)) {}
    Error failure(const char* what) const;
    std::string partial() const { return path_ + ".partial"; }

    std::string path_;
    UniqueFd fd_;  // open = unfinished
};

}  // namespace bkt::archive
