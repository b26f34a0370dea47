#include "core/archive/plain_file.hpp"

#include <fcntl.h>
#include <stdio.h>

#include <cerrno>
#include <cstring>

namespace bkt::archive {

Error PlainFile::failure(const char* what) const {
    const Code code = errno == ENOSPC || errno == EDQUOT ? Code::no_space
                      : errno == EEXIST                  ? Code::exists
                                                         : Code::denied;
    return {code, std::string("cannot ") + what + " '" + path_ + "': " + std::strerror(errno),
            code == Code::exists ? "restore into an empty folder"
                                 : "check permissions and free space there"};
}

Result<PlainFile> PlainFile::create(const std::string& path) {
    PlainFile file(path, UniqueFd());
    if (::access(path.c_str(), F_OK) == 0) {
        errno = EEXIST;
        return file.failure("restore to");
    }
    file.fd_.reset(::open(file.partial().c_str(),
                          O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file.fd_) return file.failure("write");
    return file;
}

PlainFile::~PlainFile() {
    if (fd_) ::unlink(partial().c_str());
}

Status PlainFile::write(Bytes bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::write(fd_.get(), bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return failure("write");
        bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    return {};
}

Status PlainFile::finish() {
    if (::fsync(fd_.get()) != 0) return failure("sync");
    if (::renameat2(AT_FDCWD, partial().c_str(), AT_FDCWD, path_.c_str(), RENAME_NOREPLACE) != 0)
        return failure("name");
    fd_.reset();
    return {};
}

}  // namespace bkt::archive
