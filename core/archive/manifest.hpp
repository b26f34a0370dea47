// archive/manifest.hpp: the record that makes stored parts a backup. Published last; without it nothing
// counts. Its JSON form is docs/formats/manifest.md.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "baktainer/result.hpp"
#include "core/base/timestamp.hpp"
#include "core/stream/digest.hpp"

namespace bkt::archive {

// One encoding on the way to the store, innermost first: {"compress", "zstd", {"level": "3"}}.
struct Layer {
    std::string kind;
    std::string id;
    std::map<std::string, std::string> params;
    bool operator==(const Layer&) const = default;
};

struct Part {
    std::string name;    // "orders.dump"
    std::string object;  // its file in the backup's folder: "orders.dump.zst"
    std::string media_type;
    stream::Digest plain;   // what the dump tool gave
    stream::Digest stored;  // what lies in the store
    std::vector<Layer> layers;
    bool marker_seen = false;  // the engine's validator saw its end
    int exit_code = -1;        // of the dump tool
    bool operator==(const Part&) const = default;
};

struct TargetRecord {
    std::string name, container_id, image, image_digest, discovery;
    std::map<std::string, std::string> labels;  // ours, without secrets
    bool operator==(const TargetRecord&) const = default;
};

struct Manifest {
    std::string id;
    base::WallTime created{};
    std::string host;
    TargetRecord target;
    std::string job;
    std::string engine;          // "postgres"
    std::string engine_plugin;   // "baktainer.engine.postgres"
    std::string engine_version;  // of the plugin
    std::string program_version;
    std::string consistency;                      // none, crash, snapshot, transactional
    std::map<std::string, std::string> settings;  // what a restore must know, e.g. db.name
    std::map<std::string, std::string> facts;     // server_version, ...
    std::vector<Part> parts;
    std::uint64_t duration_ms = 0;
    bool operator==(const Manifest&) const = default;

    std::uint64_t plain_bytes() const;
    std::uint64_t stored_bytes() const;
    // <host>/<target>/<job>/<time>-<id>, without a slash at the end.
    std::string folder() const;
};

constexpr std::string_view kManifestName = "manifest.json";
constexpr std::size_t kMaxManifestBytes = 16u << 20;

std::string to_json(const Manifest& manifest);
// Code::corrupt names what is missing or wrong.
Result<Manifest> parse_manifest(std::string_view json);

}  // namespace bkt::archive
