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

#include "plugins/engines/influxdb/tar_reader.hpp"

namespace bkt::influxdb {

inline constexpr std::string_view kBackupMedia = "application/x-influxdb1-portable-tar";
inline constexpr std::size_t kMaxManifestBytes = 16 << 20;
inline constexpr std::size_t kMaxEntries = 200'000;

class BackupTar final : public TarReader {
public:
    BackupTar() : TarReader("the backup's tar") {}

private:
    Status entry(const TarEntry& entry) override;
    Status content(Bytes bytes) override;
    Status end() override;
    Status check_manifest() const;

    bool in_manifest_ = false;
    std::map<std::string, std::uint64_t> sizes_;
    std::string manifest_;
    int manifests_ = 0;
};

std::unique_ptr<Tap> backup_tap();

}  // namespace bkt::influxdb
