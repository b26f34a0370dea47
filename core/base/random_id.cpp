#include "core/base/random_id.hpp"

#include <sys/random.h>

#include <cerrno>
#include <system_error>

namespace bkt::base {

std::string random_id() {
    unsigned char bytes[12];
    if (::getrandom(bytes, sizeof bytes, 0) != static_cast<ssize_t>(sizeof bytes))
        throw std::system_error(errno, std::generic_category(), "getrandom");
    std::string id;
    for (const unsigned char b : bytes) id += "abcdefghijklmnopqrstuvwxyz234567"[b & 31];
    return id;
}

}  // namespace bkt::base
