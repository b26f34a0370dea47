#include "plugins/storage/local/staged_file.hpp"

#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <sys/random.h>

#include "plugins/storage/local/io_error.hpp"

namespace bkt::local {
namespace {

constexpr mode_t kFileMode = 0600;
constexpr int kFolderRaceRetries = 100;

std::string random_hex() {
    unsigned char bytes[kPartialRandomDigits / 2];
    while (::getrandom(bytes, sizeof bytes, 0) != static_cast<ssize_t>(sizeof bytes)) {
    }
    std::string hex;
    for (const unsigned char b : bytes) {
        hex += "0123456789abcdef"[b >> 4];
        hex += "0123456789abcdef"[b & 15];
    }
    return hex;
}

Error taken(const std::string& shown) {
    return {Code::exists, "'" + shown + "' exists already and was not overwritten"};
}

std::string shown_path(const Root& root, const Key& key) {
    std::string path = root.path();
    for (const auto& f : key.folders) path += "/" + f;
    return path + "/" + key.name;
}

}  // namespace

Result<StagedFile> StagedFile::create(const Root& root, const Key& key, bool replace) {
    const std::string shown = shown_path(root, key);
    // Another thread may prune the folder as empty while or after we make it: make it again.
    for (int attempt = 0;; ++attempt) {
        auto made = root.make_folder(key.folders);
        if (!made) {
            if (made.error().code == Code::not_found && attempt < kFolderRaceRetries) continue;
            return std::move(made).error();
        }
        UniqueFd folder = *std::move(made);
        struct stat st {};
        if (!replace && ::fstatat(folder.get(), key.name.c_str(), &st, AT_SYMLINK_NOFOLLOW) == 0)
            return taken(shown);
        std::string partial_name = key.name + std::string(kPartialMark) + random_hex();
        UniqueFd partial(::openat(folder.get(), partial_name.c_str(),
                                  O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kFileMode));
        if (partial)
            return StagedFile(std::move(folder), std::move(partial), key.name,
                              std::move(partial_name), shown, replace);
        if (errno != ENOENT || attempt == kFolderRaceRetries) return write_error(errno, shown, 0);
    }
}

StagedFile::StagedFile(UniqueFd folder, UniqueFd partial, std::string name,
                       std::string partial_name, std::string shown, bool replace)
    : folder_(std::move(folder)),
      partial_(std::move(partial)),
      name_(std::move(name)),
      partial_name_(std::move(partial_name)),
      shown_(std::move(shown)),
      replace_(replace) {}

StagedFile::~StagedFile() {
    if (folder_ && !partial_name_.empty()) ::unlinkat(folder_.get(), partial_name_.c_str(), 0);
}

Status StagedFile::append(Bytes bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::write(partial_.get(), bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return write_error(errno, shown_, size_bytes_);
        size_bytes_ += static_cast<std::uint64_t>(n);
        bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    return {};
}

Status StagedFile::publish() {
    if (::fsync(partial_.get()) != 0) return write_error(errno, shown_, size_bytes_);
    if (const int e = partial_.close_checked()) return write_error(e, shown_, size_bytes_);
    BKT_TRY(take_name());
    partial_name_.clear();
    if (::fsync(folder_.get()) != 0) {
        // The name is visible but may not survive a power cut: withdraw it, the caller is told no.
        const Error error = io_error(errno, "syncing the folder of", shown_);
        if (!replace_) ::unlinkat(folder_.get(), name_.c_str(), 0);
        return error;
    }
    return {};
}

Status StagedFile::take_name() {
    const int dir = folder_.get();
    const unsigned flags = replace_ ? 0 : RENAME_NOREPLACE;
    if (::renameat2(dir, partial_name_.c_str(), dir, name_.c_str(), flags) == 0) return {};
    if (errno == EEXIST) return taken(shown_);
    // Some network and FUSE filesystems have no RENAME_NOREPLACE; a hard link refuses just as well.
    if (!replace_ && (errno == EINVAL || errno == ENOSYS)) {
        if (::linkat(dir, partial_name_.c_str(), dir, name_.c_str(), 0) == 0) {
            ::unlinkat(dir, partial_name_.c_str(), 0);
            return {};
        }
        if (errno == EEXIST) return taken(shown_);
    }
    return io_error(errno, "publishing", shown_);
}

}  // namespace bkt::local
