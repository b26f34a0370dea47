#include "core/catalog/rescan.hpp"

#include <map>
#include <optional>
#include <set>

#include "core/catalog/job_lock.hpp"
#include "core/config/split.hpp"

namespace bkt::catalog {

namespace {

// <host>/<target>/<job>/<time>-<id>/<object>
struct Place {
    std::string folder, target, job, object;
};

std::optional<Place> place_of(const std::string& key) {
    const auto pieces = config::split(key, '/');
    if (pieces.size() != 5) return std::nullopt;
    const auto& name = pieces[3];
    constexpr std::size_t kTimeChars = 16;  // 20261124T020000Z
    if (name.size() <= kTimeChars + 1 || name[8] != 'T' || name[15] != 'Z' ||
        name[kTimeChars] != '-')
        return std::nullopt;
    return Place{pieces[0] + "/" + pieces[1] + "/" + pieces[2] + "/" + name, pieces[1], pieces[2],
                 pieces[4]};
}

struct Folder {
    std::vector<std::string> keys;
    bool published = false;
};

// The locks of all jobs that nobody runs now.
using IdleJobs = std::map<JobName, JobLock>;

void lock_idle(IdleJobs& idle, std::set<JobName>& seen, const std::string& state_dir,
               const JobName& job) {
    if (!seen.insert(job).second) return;
    if (auto lock = JobLock::acquire(state_dir, job.target, job.job))
        idle.emplace(job, *std::move(lock));
}

Result<std::uint64_t> remove_unpublished(const archive::Store& store, const std::string& prefix,
                                         const plugin::CallScope& scope) {
    std::map<std::string, Folder> folders;
    BKT_TRY(store.list(scope, prefix, [&](const archive::StoredObject& object) {
        const auto place = place_of(object.key);
        if (!place) return;
        auto& folder = folders[place->folder];
        folder.keys.push_back(object.key);
        folder.published = folder.published || place->object == archive::kManifestName;
    }));
    std::uint64_t removed = 0;
    for (const auto& [name, folder] : folders) {
        if (folder.published) continue;
        for (const auto& key : folder.keys) {
            BKT_TRY(store.remove(scope, key));
            ++removed;
        }
    }
    return removed;
}

}  // namespace

Result<archive::Manifest> read_manifest(const archive::Store& store, const std::string& folder,
                                        const plugin::CallScope& scope) {
    const auto where = "'" + folder + "' in store '" + store.name() + "'";
    auto text = store.get_text(scope, folder + "/" + std::string(archive::kManifestName),
                               archive::kMaxManifestBytes);
    if (!text) return std::move(text).error();
    auto manifest = archive::parse_manifest(*text);
    if (!manifest) return std::move(manifest).error().within(where);
    if (manifest->folder() != folder)
        return Error{Code::corrupt,
                     where + ": its manifest belongs to '" + manifest->folder() + "'",
                     "somebody moved or copied the folder: put it back where the manifest says"};
    return manifest;
}

Result<Scan> scan_store(const archive::Store& store, const plugin::CallScope& scope) {
    std::vector<std::string> folders;
    BKT_TRY(store.list(scope, "", [&](const archive::StoredObject& object) {
        if (const auto place = place_of(object.key);
            place && place->object == archive::kManifestName)
            folders.push_back(place->folder);
    }));
    Scan scan;
    for (const auto& folder : folders) {
        auto manifest = read_manifest(store, folder, scope);
        if (manifest) scan.entries.push_back(entry_of(*manifest, store.name()));
        else if (manifest.error().code == Code::corrupt ||
                 manifest.error().code == Code::unsupported)
            scan.damaged.push_back(std::move(manifest).error());
        else return std::move(manifest).error();
    }
    return scan;
}

Result<std::uint64_t> sweep_store(const archive::Store& store, const std::string& host,
                                  const std::string& state_dir, const plugin::CallScope& scope) {
    // Lock first, list after: listing a running job would see its parts and miss its manifest.
    std::set<JobName> seen;
    IdleJobs idle;
    for (const auto& job : known_jobs(state_dir)) lock_idle(idle, seen, state_dir, job);
    BKT_TRY(store.list(scope, host + "/", [&](const archive::StoredObject& object) {
        if (const auto place = place_of(object.key))
            lock_idle(idle, seen, state_dir, {place->target, place->job});
    }));
    std::uint64_t removed = 0;
    for (const auto& [job, lock] : idle) {
        const std::string prefix = host + "/" + job.target + "/" + job.job + "/";
        BKT_LET(const std::uint64_t staged, store.sweep(scope, prefix));
        BKT_LET(const std::uint64_t parts, remove_unpublished(store, prefix, scope));
        removed += staged + parts;
    }
    return removed;
}

}  // namespace bkt::catalog
