// catalog/rescan.hpp: reads a store's manifests: the truth behind the catalogue.
#pragma once

#include <string>
#include <vector>

#include "core/archive/store.hpp"
#include "core/catalog/catalog.hpp"

namespace bkt::catalog {

struct Scan {
    std::vector<Entry> entries;
    std::vector<Error> damaged;  // manifests that cannot be read; their folders are not backups
};

Result<Scan> scan_store(const archive::Store& store, const plugin::CallScope& scope);

// Reads one manifest and checks that it belongs where it lies.
Result<archive::Manifest> read_manifest(const archive::Store& store, const std::string& folder,
                                        const plugin::CallScope& scope);

// Removes what interrupted runs of this host left: backup folders without a manifest, staged files. Jobs
// that run now (their lock is held) are left alone. Returns how many objects went.
Result<std::uint64_t> sweep_store(const archive::Store& store, const std::string& host,
                                  const std::string& state_dir, const plugin::CallScope& scope);

}  // namespace bkt::catalog
