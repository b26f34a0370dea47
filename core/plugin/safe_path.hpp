// plugin/safe_path.hpp: opens folders and files nobody but root and this user could have put there.
//
// Each folder on the way is opened from the one above it, never through a symbolic link, and looked at by
// its descriptor, so what was checked is what is used. A sticky folder of root's, such as /tmp, may stand
// on the way: there nobody can replace another's entry.
#pragma once

#include <optional>
#include <string>

#include "baktainer/result.hpp"
#include "baktainer/unique_fd.hpp"

namespace bkt::plugin {

struct Opened {
    UniqueFd fd;
    // Why somebody else could have written it or a folder above it; nothing = safe.
    std::optional<Error> unsafe;
};

// Who else may own what is opened, besides root and this process's user; for what lies beside the program
// (trust.hpp).
struct Owners {
    std::optional<unsigned> also;
    bool group_may_write = false;
};

// `path` is absolute. Links in it are followed first: their targets are what is checked. Code::not_found
// when there is none.
Result<Opened> open_folder(const std::string& path);
// Entry `name` of an open folder. Code::denied for a symbolic link, Code::invalid for what is neither
// folder nor regular file.
Result<Opened> open_entry(int folder, const std::string& folder_path, const std::string& name,
                          const Owners& owners = {});

// Why somebody else could have written the open file or folder `path`, itself alone.
std::optional<Error> why_unsafe(int fd, const std::string& path, const Owners& owners = {});

// The whole of an open file. Code::invalid when it is longer than `most_bytes`.
Result<std::string> read_text(int fd, const std::string& name, std::size_t most_bytes);

}  // namespace bkt::plugin
