#include "plugins/engines/mongodb/parts.hpp"

#include "baktainer/engine.hpp"
#include "plugins/engines/mongodb/settings.hpp"

namespace bkt::mongodb {
namespace {

constexpr std::string_view kExtension = ".archive";

}  // namespace

std::string database_part(std::string_view database) { return part_name(database, kExtension); }

std::optional<PartContent> part_content(const std::string& part) {
    if (part == kAllPart) return PartContent{};
    if (part == kAllWithOplogPart) return PartContent{{}, true};
    if (!part.ends_with(kExtension)) return std::nullopt;
    auto name = database_of_part(part, kExtension);
    if (!name || !check_name("part", *name)) return std::nullopt;
    return PartContent{*std::move(name), false};
}

}  // namespace bkt::mongodb
