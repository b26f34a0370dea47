// settings.hpp: what a job says about its server, checked, and the only way these texts reach a tool.
//
// They come from labels. Each follows its own option as that option's value, where redis-cli takes whatever
// stands there, a dash in front or not; none is ever a word of its own.
#pragma once

#include <string>
#include <vector>

#include "baktainer/call.hpp"

namespace bkt::redis {

struct Settings {
    std::string user;    // an ACL user; empty = the default one
    std::string host;    // empty = the loopback inside the container
    std::string port;    // empty = the tool's default
    std::string socket;  // from a 'db.host' that is an absolute path
    std::string mode;    // where tools run; empty or "exec" = in the server's container

    bool in_the_container() const { return mode.empty() || mode == "exec"; }

    // From the instance's config. Code::invalid names the key.
    static Result<Settings> load(const Call& call);

    // "--user", "backup", "-h", ...
    std::vector<std::string> connection_words() const;
};

}  // namespace bkt::redis
