#include "plugins/storage/local/io_error.hpp"

#include <cerrno>
#include <system_error>

namespace bkt::local {
namespace {

struct Meaning {
    Code code;
    const char* hint;
};

Meaning meaning_of(int e) {
    switch (e) {
        case ENOSPC:
        case EDQUOT:
            return {Code::no_space,
                    "free space on that filesystem, raise its quota, or keep fewer backups"};
        case EROFS:
            return {
                Code::denied,
                "the filesystem is mounted read-only: remount it writable or choose another path"};
        case EACCES:
        case EPERM:
            return {Code::denied,
                    "give the user baktainer runs as read, write and search permission there"};
        case ENOENT: return {Code::not_found, ""};
        case EEXIST: return {Code::exists, ""};
        case ELOOP:
        case ENOTDIR:
            return {Code::denied,
                    "a symbolic link or a file stands where a folder should be: move it away"};
        case ENAMETOOLONG: return {Code::invalid, "choose a shorter storage path or target name"};
        case EMFILE:
        case ENFILE: return {Code::unavailable, "raise the limit of open files (ulimit -n)"};
        case ESTALE:
        case ETIMEDOUT: return {Code::unavailable, "check the network mount"};
        case EIO:
            return {Code::failed, "the disk or mount reports an error: see the kernel log (dmesg)"};
        default: return {Code::failed, ""};
    }
}

}  // namespace

Error io_error(int e, const std::string& doing, const std::string& path) {
    const Meaning m = meaning_of(e);
    return {m.code, doing + " '" + path + "': " + std::generic_category().message(e), m.hint};
}

Error write_error(int e, const std::string& path, std::uint64_t written_bytes) {
    Error error = io_error(e, "writing", path);
    error.message += " after " + std::to_string(written_bytes) + " bytes";
    return error;
}

}  // namespace bkt::local
