// custom_format.hpp: reads pg_dump's custom archive as it streams by and knows where its true end is.
//
// The archive is a header, a table of contents, and one data block for each entry that has data, in the
// order of the table; a block is a run of chunks, each with its length before it, closed by a length of
// zero. Nothing marks the end of the whole, so a dump cut between two blocks looks fine to anything but
// a count of the blocks. This does that count. It skips data by its length and never stores it.
//
// It accepts archive versions 1.12 to 1.16 (pg_dump 9.0 to 18). It does not look at SQL or rows: a flipped
// bit in them is the digest's business.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "baktainer/stream.hpp"

namespace bkt::postgres {

inline constexpr std::uint32_t kMaxTocEntries = 16'000'000;
inline constexpr std::uint32_t kMaxTextBytes = 1u
                                               << 30;  // one field of the table: a function's body
inline constexpr std::uint32_t kMaxDependencies = 1u << 24;  // of one entry

// Any chunking gives the same answer. After an error only destruction is useful.
class CustomFormat final {
public:
    // Code::corrupt at the first byte that cannot be there, with its offset.
    Status feed(Bytes bytes);
    // Code::truncated unless the last data block that the table promises has ended.
    Status finish() const;

    std::uint32_t toc_entries() const { return toc_count_; }
    std::uint32_t data_blocks() const { return blocks_done_; }

private:
    // What the next bytes are. Fields of the table come in this order, some only in some versions.
    enum class At : std::uint8_t {
        magic,
        version,
        sizes,
        compression,
        time_field,
        header_text,
        toc_count,
        dump_id,
        has_data,
        table_oid,
        oid,
        tag,
        description,
        section,
        definition,
        drop,
        copy,
        name_space,
        table_space,
        access_method,
        relation_kind,
        owner,
        with_oids,
        dependency,
        offset,
        block_type,
        block_id,
        chunk_length,
        chunk_data,
        object_id,
        end,
    };
    struct Number {
        bool negative = false;
        std::uint32_t magnitude = 0;
    };
    struct Block {
        std::uint32_t id;
        bool is_blobs;
        std::uint64_t stated_offset;  // 0 = not stated
    };

    bool gather(Bytes& bytes, std::size_t wanted);
    bool skip(Bytes& bytes);
    Result<bool> number(Bytes& bytes, Number& value);
    Result<bool> text(Bytes& bytes, bool& absent);
    Result<bool> step(Bytes& bytes);

    Result<bool> read_prelude(Bytes& bytes);
    Result<bool> read_toc_field(Bytes& bytes);
    Result<bool> read_data(Bytes& bytes);
    Result<bool> fast_chunks(Bytes& bytes);
    Status end_entry();
    void begin_data();
    void end_block();
    At after(At field) const;
    Error corrupt(const std::string& what) const;
    std::string place() const;

    At at_ = At::magic;
    std::string gathered_;  // bytes of an unfinished fixed-size item
    bool in_text_ = false;  // its length is read, its bytes are not
    std::string text_;      // the start of the text being read
    std::uint64_t to_skip_ = 0;
    std::uint64_t read_bytes_ = 0;  // everything consumed

    int minor_ = 0;
    std::size_t offset_bytes_ = 0;
    int fields_left_ = 0;  // of a counted group
    std::uint32_t toc_count_ = 0, toc_done_ = 0;
    std::uint32_t entry_id_ = 0, dependencies_ = 0;
    bool entry_has_data_ = false, entry_is_blobs_ = false;
    std::vector<Block> blocks_;  // promised, in order
    std::uint32_t blocks_done_ = 0;
    bool in_blobs_ = false;
};

// The same as a tap, with the remedy in its errors.
std::unique_ptr<Tap> custom_format_tap();

}  // namespace bkt::postgres
