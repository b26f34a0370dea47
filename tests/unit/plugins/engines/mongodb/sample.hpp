// sample.hpp: an archive by the real mongodump 100.18 (four collections, eighty documents, unicode), and pieces
// to build small ones of.
#pragma once

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace bkt::mongodb {

inline std::string sample() {
    std::ifstream in(SAMPLE_ARCHIVE, std::ios::binary);
    std::stringstream all;
    all << in.rdbuf();
    return all.str();
}

inline const std::string kMagicBytes = "\x6d\xe2\x99\x81";
inline const std::string kTerminatorBytes = "\xff\xff\xff\xff";

inline std::string little_endian(std::uint64_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> 8 * i & 255);
    return text;
}
inline std::string bson(const std::string& elements) {
    return little_endian(elements.size() + 5, 4) + elements + std::string(1, '\0');
}
inline std::string text_element(const std::string& key, const std::string& value) {
    return "\x02" + key + '\0' + little_endian(value.size() + 1, 4) + value + '\0';
}
inline std::string prelude_entry(const std::string& db, const std::string& collection,
                                 const std::string& type = "collection") {
    return bson(text_element("db", db) + text_element("collection", collection) +
                text_element("type", type));
}
inline std::string block_header(const std::string& db, const std::string& collection, bool is_end,
                                std::uint64_t crc = 0) {
    return bson(text_element("db", db) + text_element("collection", collection) + "\x08" "EOF" +
                '\0' + (is_end ? '\1' : '\0') + "\x12" "CRC" + '\0' + little_endian(crc, 8));
}
inline std::string header() { return bson(text_element("version", "0.1")); }

// The archive's pieces: the prelude first, then each block with its terminator.
inline std::vector<std::string> blocks(const std::string& archive) {
    std::vector<std::string> all(1);
    for (std::size_t at = 0; at < archive.size();) {
        std::size_t length = 4;
        const auto byte = [&](std::size_t i) {
            return static_cast<std::size_t>(static_cast<unsigned char>(archive.at(at + i)));
        };
        const std::size_t word = byte(0) | byte(1) << 8 | byte(2) << 16 | byte(3) << 24;
        const bool ends = word == 0xffffffff;
        if (at > 0 && !ends) length = word;
        all.back() += archive.substr(at, length);
        at += length;
        if (ends) all.emplace_back();
    }
    all.pop_back();
    return all;
}
inline std::string joined(const std::vector<std::string>& pieces) {
    std::string all;
    for (const auto& piece : pieces) all += piece;
    return all;
}

}  // namespace bkt::mongodb
