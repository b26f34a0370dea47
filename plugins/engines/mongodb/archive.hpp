// archive.hpp: walks an archive of mongodump to its true end.
//
// Magic number; header; one document a collection; terminator; then blocks, interleaved over collections, each
// a header, documents and a terminator; a collection's last block is empty and has the CRC-64 of all its
// documents. There is no mark at the end of it all: an archive is whole when every collection of the prelude
// has had its last block and nothing follows.
//
// Whole is not complete: an archive whose server died can be whole (databases.md), only mongodump's exit code
// tells. Memory: the prelude's names, and one header. Documents pass by.
#pragma once

#include <map>
#include <optional>

#include "baktainer/stream.hpp"
#include "plugins/engines/mongodb/archive_document.hpp"

namespace bkt::mongodb {

struct CollectionSeen {
    std::uint64_t documents = 0;
    std::uint64_t crc = 0;
    std::string type;
    bool ended = false;
};

class Archive final {
public:
    // Code::corrupt, Code::truncated.
    Status feed(Bytes bytes);
    Status finish() const;

    // The collections of the prelude; complete once prelude_ended().
    const std::map<Namespace, CollectionSeen>& collections() const { return collections_; }
    bool prelude_ended() const { return place_ > Place::prelude; }

private:
    enum class Place { magic, header, prelude, block, documents, end_of_collection };

    Status word(std::uint32_t value);
    Status terminator();
    Status begin_document(std::uint32_t length);
    Status end_document();
    Status end_header();
    CollectionSeen* find(const Namespace& name);

    Place place_ = Place::magic;
    std::string word_;                // of a length or terminator, until it is four bytes
    std::uint32_t left_ = 0;          // of the document that is passing by
    bool last_is_zero_ = false;       // its last byte so far
    std::string kept_;                // a header, until it is whole
    std::map<Namespace, CollectionSeen> collections_;
    CollectionSeen* current_ = nullptr;
};

}  // namespace bkt::mongodb
