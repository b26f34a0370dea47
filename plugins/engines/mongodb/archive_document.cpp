#include "plugins/engines/mongodb/archive_document.hpp"

#include <bson/bson.h>

namespace bkt::mongodb {
namespace {

Error bad(const char* what) {
    return {Code::corrupt, std::string("the archive holds ") + what,
            "the dump was damaged, or is none of mongodump's"};
}

// Borrows `bytes`.
bool view_of(const std::string& bytes, bson_t& document) {
    return bson_init_static(&document, reinterpret_cast<const std::uint8_t*>(bytes.data()),
                            bytes.size()) &&
           bson_validate(&document, BSON_VALIDATE_NONE, nullptr);
}

Result<std::string> text_of(const bson_t& document, const char* key) {
    bson_iter_t at;
    if (!bson_iter_init_find(&at, &document, key) || !BSON_ITER_HOLDS_UTF8(&at))
        return bad("a header without the name of a collection");
    std::uint32_t length = 0;
    const char* text = bson_iter_utf8(&at, &length);
    return std::string(text, length);
}

Result<ArchiveDocument> named(const bson_t& document) {
    ArchiveDocument read;
    BKT_LET(read.name.database, text_of(document, "db"));
    BKT_LET(read.name.collection, text_of(document, "collection"));
    return read;
}

}  // namespace

Status check_document(const std::string& bytes) {
    bson_t document;
    if (!view_of(bytes, document)) return bad("a header that is no BSON");
    return {};
}

Result<ArchiveDocument> read_prelude_entry(const std::string& bytes) {
    bson_t document;
    if (!view_of(bytes, document)) return bad("a header that is no BSON");
    BKT_LET(auto read, named(document));
    if (auto type = text_of(document, "type")) read.type = *std::move(type);
    return read;
}

Result<ArchiveDocument> read_block_header(const std::string& bytes) {
    bson_t document;
    if (!view_of(bytes, document)) return bad("a header that is no BSON");
    BKT_LET(auto read, named(document));
    bson_iter_t at;
    if (!bson_iter_init_find(&at, &document, "EOF") || !BSON_ITER_HOLDS_BOOL(&at))
        return bad("a block that does not say whether it is the last");
    read.is_end = bson_iter_bool(&at);
    if (!bson_iter_init_find(&at, &document, "CRC") || !BSON_ITER_HOLDS_INT64(&at))
        return bad("a block without a checksum");
    read.crc = static_cast<std::uint64_t>(bson_iter_int64(&at));
    return read;
}

}  // namespace bkt::mongodb
