#include "plugins/engines/influxdb/backup_tar.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

namespace bkt::influxdb {
namespace {

// POSIX.1-1988 (ustar): fields of a header of 512 bytes.
constexpr std::size_t kBlock = 512;
constexpr std::size_t kNameBytes = 100, kSizeAt = 124, kSumAt = 148, kTypeAt = 156;

Error corrupt(const std::string& what) {
    return {Code::corrupt, "the backup's tar " + what, "do not use this backup; make a new one"};
}
Error truncated(const std::string& what) {
    return {Code::truncated, "the backup's tar " + what, "do not use this backup; make a new one"};
}

std::optional<std::uint64_t> octal(std::string_view field) {
    std::uint64_t value = 0;
    bool any = false;
    for (const char c : field) {
        if (c == ' ' && !any) continue;
        if (c == ' ' || c == '\0') break;
        if (c < '0' || c > '7' || value >> 60) return std::nullopt;
        value = value * 8 + static_cast<unsigned>(c - '0');
        any = true;
    }
    if (!any) return std::nullopt;
    return value;
}

// GNU writes a size of 8 GiB and more as a big-endian number with the first bit set.
std::optional<std::uint64_t> size_of(std::string_view field) {
    if (!(static_cast<unsigned char>(field.front()) & 0x80)) return octal(field);
    std::uint64_t value = static_cast<unsigned char>(field.front()) & 0x7f;
    for (const char c : field.substr(1)) {
        if (value >> 54) return std::nullopt;
        value = value << 8 | static_cast<unsigned char>(c);
    }
    return value;
}

bool has_its_checksum(std::string_view header) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < kBlock; ++i)
        sum += i >= kSumAt && i < kSumAt + 8 ? ' ' : static_cast<unsigned char>(header[i]);
    return octal(header.substr(kSumAt, 8)) == sum;
}

class BackupTap final : public Tap {
public:
    Status feed(Call&, Bytes bytes) override { return tar_.feed(bytes); }
    Status finish(Call&) override { return tar_.finish(); }

private:
    BackupTar tar_;
};

}  // namespace

Status BackupTar::feed(Bytes bytes) {
    while (!bytes.empty()) {
        if (content_left_ > 0) {
            const auto n =
                static_cast<std::size_t>(std::min<std::uint64_t>(content_left_, bytes.size()));
            if (in_manifest_) manifest_.append(as_text(bytes.first(n)));
            content_left_ -= n;
            bytes = bytes.subspan(n);
        } else if (padding_left_ > 0) {
            const auto n =
                static_cast<std::size_t>(std::min<std::uint64_t>(padding_left_, bytes.size()));
            padding_left_ -= n;
            bytes = bytes.subspan(n);
        } else {
            const auto n = std::min(kBlock - block_.size(), bytes.size());
            block_.append(as_text(bytes.first(n)));
            bytes = bytes.subspan(n);
            if (block_.size() < kBlock) break;
            BKT_TRY(take_header());
            block_.clear();
        }
    }
    return {};
}

Status BackupTar::take_header() {
    if (std::all_of(block_.begin(), block_.end(), [](char c) { return c == '\0'; })) {
        ++zero_blocks_;
        return {};
    }
    if (zero_blocks_ > 0) return corrupt("has something behind its end");
    const auto size = size_of(std::string_view(block_).substr(kSizeAt, 12));
    if (!has_its_checksum(block_) || !size) return corrupt("has a damaged header");
    std::string name = block_.substr(0, kNameBytes);
    name.resize(std::min(name.find('\0'), name.size()));
    if (name.starts_with("./")) name.erase(0, 2);
    const char type = block_[kTypeAt];
    content_left_ = *size;
    padding_left_ = (kBlock - *size % kBlock) % kBlock;
    in_manifest_ = false;
    if (type == '5') return {};
    if (type != '0' && type != '\0') return corrupt("has an entry that is no file");
    if (sizes_.size() >= kMaxEntries) return corrupt("has more files than any backup");
    if (!sizes_.emplace(name, *size).second) return corrupt("has a file twice");
    if (!name.ends_with(".manifest")) return {};
    if (*size > kMaxManifestBytes) return corrupt("has a manifest of more than 16 MiB");
    in_manifest_ = true;
    ++manifests_;
    return {};
}

Status BackupTar::finish() const {
    if (content_left_ > 0 || padding_left_ > 0 || !block_.empty() || zero_blocks_ < 2)
        return truncated("ends before its end");
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
