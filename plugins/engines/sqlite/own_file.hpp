// own_file.hpp: a file of ours that goes with its owner, SQLite's companions included, unless it was given away.
#pragma once

#include <string>

#include "baktainer/result.hpp"

namespace bkt::sqlite {

// What SQLite keeps beside a database.
inline constexpr const char* kCompanions[] = {"-wal", "-shm", "-journal"};

class OwnFile final {
public:
    // Nothing is made yet.
    explicit OwnFile(std::string path) : path_(std::move(path)) {}
    OwnFile(const OwnFile&) = delete;
    OwnFile& operator=(const OwnFile&) = delete;
    ~OwnFile();

    const std::string& path() const { return path_; }
    void keep() { kept_ = true; }

private:
    std::string path_;
    bool kept_ = false;
};

// Sixteen digits nobody can guess.
std::string random_hex();
// What errno `e` of an action on `path` means.
Error file_error(int e, const std::string& doing, const std::string& path);

}  // namespace bkt::sqlite
