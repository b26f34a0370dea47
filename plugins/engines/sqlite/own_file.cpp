#include "plugins/engines/sqlite/own_file.hpp"

#include <sys/random.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace bkt::sqlite {

OwnFile::~OwnFile() {
    if (kept_) return;
    ::unlink(path_.c_str());
    for (const char* c : kCompanions) ::unlink((path_ + c).c_str());
}

std::string random_hex() {
    unsigned char bytes[8];
    while (::getrandom(bytes, sizeof bytes, 0) != static_cast<ssize_t>(sizeof bytes)) {
    }
    std::string hex;
    for (const unsigned char b : bytes) {
        hex += "0123456789abcdef"[b >> 4];
        hex += "0123456789abcdef"[b & 15];
    }
    return hex;
}

Error file_error(int e, const std::string& doing, const std::string& path) {
    const Code code = e == ENOSPC || e == EDQUOT                ? Code::no_space
                      : e == EACCES || e == EPERM || e == EROFS ? Code::denied
                      : e == ENOENT                             ? Code::not_found
                      : e == EEXIST                             ? Code::exists
                                                                : Code::failed;
    const std::string hint = code == Code::no_space    ? "free space on that filesystem"
                             : code == Code::denied    ? "check the folder's permissions and mount"
                             : code == Code::not_found ? "make the folder first"
                                                       : "";
    return {code, doing + " '" + path + "': " + std::generic_category().message(e), hint};
}

}  // namespace bkt::sqlite
