// rdb_aux.hpp: what an RDB file says of itself at its front ("redis-ver", "repl-offset", "ctime").
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace bkt::redis {

// The fields that lie whole within `head`, the file's first bytes. Anything odd ends the list: it is told to
// people, nothing depends on it.
std::map<std::string, std::string> rdb_aux(std::string_view head);

}  // namespace bkt::redis
