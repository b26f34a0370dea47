// plugin/manifest.hpp: plugin.json: what a plugin is, readable without loading it.
//
// Made by the build from the library itself (describe.hpp), so that it cannot drift; holds the library's
// size and hash, so that a signature over it covers both. Keys a newer SDK adds are passed over, as
// absent fields are everywhere in the plugin interface; a known key of a wrong type or length is refused.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "baktainer/result.hpp"

namespace bkt::plugin {

inline constexpr std::size_t kMaxManifestBytes = 256 << 10;
inline constexpr std::size_t kMaxIdBytes = 128;  // also of versions and names
inline constexpr std::size_t kMaxTitleBytes = 1024;
inline constexpr std::size_t kMaxSchemaBytes = 64 << 10;
inline constexpr std::size_t kMaxListed = 64;  // components, needs, experimental parts

struct ManifestComponent {
    std::string kind, name, title;
    std::string config_schema;  // JSON in its shortest form; "" = none
    bool operator==(const ManifestComponent&) const = default;
};

struct Manifest {
    std::string id, version, vendor;
    std::uint32_t abi_major = 0, abi_min_minor = 0;
    std::vector<ManifestComponent> components;
    std::vector<std::string> needs;         // services, e.g. "bkt.http/1"
    std::vector<std::string> experimental;  // parts of draft/
    // Of the library.
    std::string arch, lib, sha256;
    std::uint64_t size_bytes = 0;
    std::string glibc_min, glibcxx_min;  // "2.34"; "" = none needed
    std::string runtime;                 // elf_rules.hpp
    bool operator==(const Manifest&) const = default;
};

// Code::invalid says what is wrong where.
Result<Manifest> parse_manifest(std::string_view text);
// Two blanks of indentation, a newline at the end; the same manifest gives the same bytes.
std::string to_json(const Manifest& manifest);

// 1-128 letters, digits, '.', '_', '-', beginning with a letter or digit: safe as a folder's name.
bool is_plugin_id(std::string_view text);
bool is_sha256(std::string_view text);  // 64 lowercase hex digits
// Ids that only what lies beside the program may bear.
bool is_reserved_id(std::string_view id);

}  // namespace bkt::plugin
