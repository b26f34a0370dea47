// backup_tar.hpp: a portable backup in a tar, as a validator sees it: entry by entry, with bounded memory.
//
// `influxd backup -portable` writes a manifest that names every file of the backup. The tar counts as whole when
// it has exactly one manifest, every file that it names with bytes in it, and the tar's own end with nothing but
// its padding behind it. Each header has tar's checksum; what stands in the files is not looked at (the manifest
// of the backup itself has a digest for that).
#pragma once

#include <map>
#include <memory>
#include <string>

#include "baktainer/stream.hpp"

namespace bkt::influxdb {

inline constexpr std::string_view kBackupMedia = "application/x-influxdb1-portable-tar";
inline constexpr std::size_t kMaxManifestBytes = 16 << 20;
inline constexpr std::size_t kMaxEntries = 200'000;

class BackupTar final {
public:
    Status feed(Bytes bytes);
    Status finish() const;

private:
    Status take_header();
    Status check_manifest() const;

    std::string block_;  // a header being gathered
    std::uint64_t content_left_ = 0, padding_left_ = 0;
    bool in_manifest_ = false;
    int zero_blocks_ = 0;
    std::map<std::string, std::uint64_t> sizes_;
    std::string manifest_;
    int manifests_ = 0;
};

std::unique_ptr<Tap> backup_tap();

}  // namespace bkt::influxdb
