// plugin/sealed_file.hpp: a file's bytes, read once and unchangeable from then on.
//
// What is hashed, checked and loaded must be the same bytes, while the file on disk may be replaced between
// any two looks at it. So it is copied into a memfd, sealed against every change, and only that is used.
// The dynamic loader knows a library by the path it was opened by: were the descriptor closed and its
// number used again, the loader would answer "/proc/self/fd/N" with the library before. Who loads one
// keeps it open for the life of the process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "baktainer/result.hpp"
#include "baktainer/unique_fd.hpp"

namespace bkt::plugin {

inline constexpr std::uint64_t kMaxLibraryBytes = 512ull << 20;

class SealedFile final {
public:
    // Reads all of `fd`, a regular file; `name` is for messages. Code::invalid for anything else, or more
    // than kMaxLibraryBytes.
    static Result<SealedFile> read(int fd, const std::string& name);

    SealedFile(SealedFile&& other) noexcept;
    SealedFile& operator=(SealedFile&&) = delete;
    ~SealedFile();

    // Valid as long as this object.
    std::span<const std::byte> bytes() const { return {at_, size_}; }
    const std::string& sha256() const { return sha256_; }  // 64 lowercase hex digits
    int fd() const { return fd_.get(); }
    std::string path() const { return "/proc/self/fd/" + std::to_string(fd_.get()); }

private:
    SealedFile(UniqueFd fd, const std::byte* at, std::size_t size);

    UniqueFd fd_;
    const std::byte* at_ = nullptr;
    std::size_t size_ = 0;
    std::string sha256_;
};

// Of an open file, from its beginning, without keeping its bytes.
Result<std::string> sha256_of(int fd, const std::string& name);

}  // namespace bkt::plugin
