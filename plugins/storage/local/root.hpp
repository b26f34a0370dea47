// root.hpp: the folder a store lives in, and the only way to a file below it.
//
// Every step down is an openat() without following links, so that neither a key nor a link planted
// below the root leads out of it. The root itself may be a link: that is the operator's choice.
#pragma once

#include <sys/stat.h>

#include <optional>
#include <string>
#include <vector>

#include "baktainer/unique_fd.hpp"
#include "plugins/storage/local/key.hpp"

namespace bkt::local {

class Root final {  // Immutable: safe on any thread.
public:
    // Code::invalid unless `path` is absolute. Touches nothing.
    static Result<Root> create(std::string path);

    const std::string& path() const { return path_; }
    // The path people see for a key.
    std::string shown(const std::string& key) const { return path_ + "/" + key; }

    // The root, or the folder `folders` below it; nullopt when it is not there.
    Result<std::optional<UniqueFd>> find_folder(const std::vector<std::string>& folders = {}) const;
    // The same, making what is missing (0700), each new name made durable in its parent.
    Result<UniqueFd> make_folder(const std::vector<std::string>& folders) const;
    // Removes the folder and then its parents below the root, as long as they are empty.
    void prune(const std::vector<std::string>& folders) const;

private:
    explicit Root(std::string path) : path_(std::move(path)) {}
    Status make_root() const;

    std::string path_;  // no trailing slash
};

// Opens folder `name` in `parent` without following links; -1 and errno when it cannot.
int open_folder_at(int parent, const std::string& name);

}  // namespace bkt::local
