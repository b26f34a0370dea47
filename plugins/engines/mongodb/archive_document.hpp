// archive_document.hpp: the documents an archive is framed by, read by libbson: a collection's entry in the
// prelude, and the header of a block.
#pragma once

#include <cstdint>
#include <string>

#include "baktainer/result.hpp"

namespace bkt::mongodb {

struct Namespace {
    std::string database, collection;
    auto operator<=>(const Namespace&) const = default;
    std::string text() const { return database + "." + collection; }
};

struct ArchiveDocument {
    Namespace name;
    std::string type;  // "timeseries", "view", ...; of the prelude
    bool is_end = false;
    std::uint64_t crc = 0;
};

// Code::corrupt unless `bytes` is one document of well-formed BSON.
Status check_document(const std::string& bytes);
// The same, with `db` and `collection` as texts; for a block's header, EOF and CRC too.
Result<ArchiveDocument> read_prelude_entry(const std::string& bytes);
Result<ArchiveDocument> read_block_header(const std::string& bytes);

}  // namespace bkt::mongodb
