#include "plugins/engines/influxdb/backup_tar.hpp"

#include <nlohmann/json.hpp>

namespace bkt::influxdb {
namespace {

class BackupTap final : public Tap {
public:
    Status feed(Call&, Bytes bytes) override { return tar_.feed(bytes); }
    Status finish(Call&) override { return tar_.finish(); }

private:
    BackupTar tar_;
};

}  // namespace

Status BackupTar::entry(const TarEntry& entry) {
    in_manifest_ = false;
    if (entry.is_folder) return {};
    if (!entry.is_file) return corrupt("has an entry that is no file");
    if (sizes_.size() >= kMaxEntries) return corrupt("has more files than any backup");
    if (!sizes_.emplace(entry.name, entry.size_bytes).second) return corrupt("has a file twice");
    if (!entry.name.ends_with(".manifest")) return {};
    if (entry.size_bytes > kMaxManifestBytes) return corrupt("has a manifest of more than 16 MiB");
    in_manifest_ = true;
    ++manifests_;
    return {};
}

Status BackupTar::content(Bytes bytes) {
    if (in_manifest_) manifest_.append(as_text(bytes));
    return {};
}

Status BackupTar::end() {
    if (manifests_ != 1)
        return corrupt("has " + std::to_string(manifests_) + " manifests instead of one");
    return check_manifest();
}

Status BackupTar::check_manifest() const {
    const auto manifest = nlohmann::json::parse(manifest_, nullptr, false);
    try {
        std::vector<std::string> named{manifest.at("meta").at("fileName").get<std::string>()};
        if (manifest.contains("files") && !manifest.at("files").is_null())
            for (const auto& file : manifest.at("files"))
                named.push_back(file.at("fileName").get<std::string>());
        for (const auto& name : named) {
            const auto at = sizes_.find(name);
            if (at == sizes_.end() || at->second == 0)
                return truncated("lacks the file '" + name.substr(0, 100) + "' its manifest names");
        }
    } catch (const nlohmann::json::exception&) {
        return corrupt("has a manifest that cannot be read");
    }
    return {};
}

std::unique_ptr<Tap> backup_tap() { return std::make_unique<BackupTap>(); }

}  // namespace bkt::influxdb
