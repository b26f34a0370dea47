#include "core/plugin/sealed_file.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U  // Linux 6.3; the C library of Debian 12 does not name it
#endif

namespace bkt::plugin {

namespace {

constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;

Error io_error(const std::string& what) {
    return {Code::failed, what + ": " + std::strerror(errno)};
}

std::string hex(std::span<const unsigned char> bytes) {
    std::string text;
    for (const unsigned char b : bytes)
        text += {"0123456789abcdef"[b >> 4], "0123456789abcdef"[b & 15]};
    return text;
}

class Sha256 final {
public:
    Sha256() { EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr); }
    void add(const void* bytes, std::size_t n) { EVP_DigestUpdate(context_.get(), bytes, n); }
    std::string finish() {
        std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
        unsigned n = 0;
        EVP_DigestFinal_ex(context_.get(), digest.data(), &n);
        return hex(std::span(digest).first(n));
    }

private:
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_{EVP_MD_CTX_new(),
                                                                     &EVP_MD_CTX_free};
};

// A kernel told to make memfds without execute permission must be asked for it; an older one refuses the
// flag.
int make_memfd(const char* name) {
    const int fd = ::memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);
    return fd >= 0 || errno != EINVAL ? fd : ::memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
}

Result<std::size_t> regular_size(int fd, const std::string& name) {
    struct stat st {};
    if (::fstat(fd, &st) != 0) return io_error("cannot read '" + name + "'");
    if (!S_ISREG(st.st_mode))
        return Error{Code::invalid, "'" + name + "' is no regular file",
                     "put the file itself there"};
    if (static_cast<std::uint64_t>(st.st_size) > kMaxLibraryBytes)
        return Error{Code::invalid, "'" + name + "' is larger than 512 MiB",
                     "a plugin's library is smaller: build it without debug information"};
    return static_cast<std::size_t>(st.st_size);
}

Status copy(int from, int to, std::size_t size, const std::string& name) {
    off_t at = 0;
    while (static_cast<std::size_t>(at) < size) {
        const ssize_t n = ::sendfile(to, from, &at, size - static_cast<std::size_t>(at));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return io_error("cannot read '" + name + "'");
        if (n == 0) return Error{Code::truncated, "'" + name + "' shrank while it was read"};
    }
    return {};
}

}  // namespace

SealedFile::SealedFile(UniqueFd fd, const std::byte* at, std::size_t size)
    : fd_(std::move(fd)), at_(at), size_(size) {
    Sha256 digest;
    digest.add(at, size);
    sha256_ = digest.finish();
}

SealedFile::SealedFile(SealedFile&& other) noexcept
    : fd_(std::move(other.fd_)),
      at_(std::exchange(other.at_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      sha256_(std::move(other.sha256_)) {}

SealedFile::~SealedFile() {
    if (at_) ::munmap(const_cast<std::byte*>(at_), size_);
}

Result<SealedFile> SealedFile::read(int fd, const std::string& name) {
    BKT_LET(const auto size, regular_size(fd, name));
    if (size == 0) return Error{Code::invalid, "'" + name + "' is empty", "copy the file again"};
    UniqueFd copied(make_memfd("baktainer-plugin"));
    if (!copied) return io_error("cannot hold '" + name + "' in memory");
    BKT_TRY(copy(fd, copied.get(), size, name));
    if (::fcntl(copied.get(), F_ADD_SEALS, kSeals) != 0)
        return io_error("cannot seal the copy of '" + name + "'");
    // Private: a shared mapping of a file sealed against writing is refused before Linux 6.7.
    void* at = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, copied.get(), 0);
    if (at == MAP_FAILED) return io_error("cannot map '" + name + "'");
    return SealedFile(std::move(copied), static_cast<const std::byte*>(at), size);
}

Result<std::string> sha256_of(int fd, const std::string& name) {
    BKT_TRY(regular_size(fd, name));
    Sha256 digest;
    std::array<char, 1 << 16> chunk;
    for (off_t at = 0;;) {
        const ssize_t n = ::pread(fd, chunk.data(), chunk.size(), at);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return io_error("cannot read '" + name + "'");
        if (n == 0) return digest.finish();
        digest.add(chunk.data(), static_cast<std::size_t>(n));
        at += n;
    }
}

}  // namespace bkt::plugin
