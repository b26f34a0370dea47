#include "plugins/engines/mongodb/archive.hpp"

#include <lzma.h>

#include <algorithm>

namespace bkt::mongodb {
namespace {

constexpr std::uint32_t kMagic = 0x8199e26d;  // 6d e2 99 81
constexpr std::uint32_t kTerminator = 0xffffffff;
constexpr std::uint32_t kMinDocumentBytes = 5;
// The server's own limit, and what it allows on top for its commands.
constexpr std::uint32_t kMaxDocumentBytes = (16u << 20) + (16u << 10);

Error corrupt(std::string why) {
    return {Code::corrupt, std::move(why), "the dump was damaged, or is none of mongodump's"};
}

}  // namespace

Status Archive::feed(Bytes bytes) {
    while (!bytes.empty()) {
        if (left_ == 0) {
            const auto n = std::min(4 - word_.size(), bytes.size());
            word_.append(as_text(bytes.first(n)));
            bytes = bytes.subspan(n);
            if (word_.size() < 4) return {};
            std::uint32_t value = 0;
            for (int i = 3; i >= 0; --i)
                value = value << 8 | static_cast<unsigned char>(word_[static_cast<std::size_t>(i)]);
            BKT_TRY(word(value));
            word_.clear();
            continue;
        }
        const auto piece = bytes.first(std::min<std::size_t>(left_, bytes.size()));
        if (place_ == Place::documents)
            current_->crc = lzma_crc64(reinterpret_cast<const std::uint8_t*>(piece.data()),
                                       piece.size(), current_->crc);
        else kept_.append(as_text(piece));
        last_is_zero_ = piece.back() == std::byte{0};
        left_ -= static_cast<std::uint32_t>(piece.size());
        bytes = bytes.subspan(piece.size());
        if (left_ == 0) BKT_TRY(end_document());
    }
    return {};
}

Status Archive::word(std::uint32_t value) {
    if (place_ == Place::magic) {
        if (value != kMagic) return corrupt("the dump does not begin as an archive of mongodump");
        place_ = Place::header;
        return {};
    }
    if (value == kTerminator) return terminator();
    if (value < kMinDocumentBytes || value > kMaxDocumentBytes)
        return corrupt("the archive holds a document of impossible length");
    return begin_document(value);
}

Status Archive::terminator() {
    switch (place_) {
        case Place::prelude:
        case Place::documents:
        case Place::end_of_collection: place_ = Place::block; return {};
        default: return corrupt("the archive holds a terminator where a header must stand");
    }
}

Status Archive::begin_document(std::uint32_t length) {
    if (place_ == Place::end_of_collection)
        return corrupt("the archive holds documents after the end of their collection");
    left_ = length - 4;
    if (place_ == Place::documents)
        current_->crc = lzma_crc64(reinterpret_cast<const std::uint8_t*>(word_.data()),
                                   word_.size(), current_->crc);
    else kept_ = word_;
    return {};
}

Status Archive::end_document() {
    if (!last_is_zero_) return corrupt("the archive holds a document that is no BSON");
    if (place_ != Place::documents) return end_header();
    ++current_->documents;
    return {};
}

Status Archive::end_header() {
    if (place_ == Place::header) {
        BKT_TRY(check_document(kept_));
        place_ = Place::prelude;
        return {};
    }
    if (place_ == Place::prelude) {
        BKT_LET(auto entry, read_prelude_entry(kept_));
        CollectionSeen seen;
        seen.type = std::move(entry.type);
        if (!collections_.emplace(entry.name, std::move(seen)).second)
            return corrupt("the archive names the collection '" + entry.name.text() + "' twice");
        return {};
    }
    BKT_LET(const auto header, read_block_header(kept_));
    current_ = find(header.name);
    if (!current_)
        return corrupt("the archive holds '" + header.name.text() + "', which it did not announce");
    if (current_->ended)
        return corrupt("the archive goes on with '" + header.name.text() + "' after its end");
    place_ = header.is_end ? Place::end_of_collection : Place::documents;
    if (!header.is_end) return {};
    if (current_->crc != header.crc)
        return corrupt("the checksum of '" + header.name.text() + "' in the archive is not right");
    current_->ended = true;
    return {};
}

// The documents of a time series come under the name of the collection that holds its buckets.
CollectionSeen* Archive::find(const Namespace& name) {
    auto at = collections_.find(name);
    constexpr std::string_view kBuckets = "system.buckets.";
    if (at == collections_.end() && name.collection.starts_with(kBuckets)) {
        at = collections_.find({name.database, name.collection.substr(kBuckets.size())});
        if (at != collections_.end() && at->second.type != "timeseries") return nullptr;
    }
    return at == collections_.end() ? nullptr : &at->second;
}

Status Archive::finish() const {
    const auto truncated = [](std::string how) {
        return Error{Code::truncated, "the archive ends " + std::move(how),
                     "mongodump was probably killed: read its stderr in this run's log"};
    };
    if (place_ != Place::block || !word_.empty() || left_ > 0)
        return truncated(prelude_ended() ? "within a block" : "before its collections are named");
    for (const auto& [name, seen] : collections_)
        if (!seen.ended) return truncated("without the end of '" + name.text() + "'");
    return {};
}

}  // namespace bkt::mongodb
