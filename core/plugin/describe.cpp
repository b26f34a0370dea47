#include "core/plugin/describe.hpp"

#include <fcntl.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "baktainer/unique_fd.hpp"
#include "core/plugin/elf_rules.hpp"
#include "core/plugin/module.hpp"

namespace bkt::plugin {

namespace {

std::string text_of(const char* text) { return text ? text : ""; }

std::vector<std::string> texts_of(const char* const* list, std::uint64_t count) {
    return {list, list + count};
}

Result<ManifestComponent> describe_component(const bkt_component& c) {
    ManifestComponent out{c.kind, c.name, text_of(c.title), ""};
    if (!BKT_HAS(&c, bkt_component, config_schema) || !c.config_schema) return out;
    const auto schema = nlohmann::json::parse(c.config_schema, nullptr, false);
    if (!schema.is_object())
        return Error{Code::fault, "the schema of '" + out.name + "' is not a JSON object",
                     "report it to the plugin's author"};
    out.config_schema = schema.dump();
    return out;
}

}  // namespace

Result<Manifest> describe_module(const bkt_module& m) {
    Manifest out;
    out.id = m.id;
    out.version = m.version;
    out.vendor = text_of(m.vendor);
    out.abi_major = 0;  // BKT_MODULE_SYMBOL
    out.abi_min_minor = m.abi_min_minor;
    for (std::uint64_t i = 0; i < m.component_count; ++i) {
        BKT_LET(auto component, describe_component(*m.components[i]));
        out.components.push_back(std::move(component));
    }
    if (BKT_HAS(&m, bkt_module, need_count)) out.needs = texts_of(m.needs, m.need_count);
    if (BKT_HAS(&m, bkt_module, experimental_count))
        out.experimental = texts_of(m.experimental, m.experimental_count);
    try {
        (void)to_json(out);
    } catch (const nlohmann::json::exception&) {
        return Error{Code::fault, "one of its texts is not UTF-8",
                     "report it to the plugin's author"};
    }
    return out;
}

void describe_file(Manifest& manifest, const std::string& lib, const SealedFile& file,
                   const ElfFacts& facts) {
    manifest.arch = machine_name(facts.machine);
    manifest.lib = lib;
    manifest.sha256 = file.sha256();
    manifest.size_bytes = file.bytes().size();
    manifest.glibc_min = highest_version(facts.versions, "GLIBC");
    manifest.glibcxx_min = highest_version(facts.versions, "GLIBCXX");
    manifest.runtime = runtime_of(facts);
}

Result<Manifest> describe_library(const std::string& path) {
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!fd) return Error{Code::not_found, "cannot open '" + path + "': " + std::strerror(errno)};
    BKT_LET(const SealedFile file, SealedFile::read(fd.get(), path));
    auto facts = read_elf(file.bytes());
    auto ok = facts ? check_elf(*facts) : Status(facts.error());
    if (!ok) return std::move(ok).error().within("'" + path + "'");
    // By its own path: a build's library may still look for others beside itself.
    const auto module = load_module(std::filesystem::absolute(path).string());
    auto described = module ? describe_module(**module) : Result<Manifest>(module.error());
    if (!described) return std::move(described).error().within("'" + path + "'");
    auto manifest = *std::move(described);
    describe_file(manifest, std::filesystem::path(path).filename().string(), file, *facts);
    // What is written must be readable.
    BKT_LET(manifest, parse_manifest(to_json(manifest)));
    return manifest;
}

Status check_described(const bkt_module& module, const Manifest& manifest) {
    BKT_LET(const auto is, describe_module(module));
    const auto differs = [&](const char* field) {
        return Error{Code::fault,
                     std::string("it is not what its plugin.json says: ") + field + " differs",
                     "install the plugin again, as its author packed it"};
    };
    if (is.id != manifest.id) return differs("its id");
    if (is.version != manifest.version) return differs("its version");
    if (is.abi_min_minor != manifest.abi_min_minor) return differs("the interface it needs");
    if (is.components != manifest.components) return differs("what it offers");
    if (is.needs != manifest.needs) return differs("what it needs");
    if (is.experimental != manifest.experimental) return differs("its experimental parts");
    return {};
}

}  // namespace bkt::plugin
