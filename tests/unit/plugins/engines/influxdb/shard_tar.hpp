// shard_tar.hpp: one shard of InfluxDB 2 as its server sends it.
#pragma once

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include <string>

#include "plugins/engines/influxdb/tar_walk.hpp"

namespace bkt::influxdb {

// As the server packs a shard: USTAR with two blocks at its end.
inline std::string a_shard(const std::string& text, const char* name = "x/autogen/1/01-01.tsm") {
    std::string tar(text.size() + 16 * kTarBlock, '\0');
    std::size_t used = 0;
    const auto to = archive_write_new();
    archive_write_set_format_pax_restricted(to);  // USTAR until a name needs more
    archive_write_set_bytes_per_block(to, 0);
    EXPECT_EQ(archive_write_open_memory(to, tar.data(), tar.size(), &used), ARCHIVE_OK);
    const auto entry = archive_entry_new();
    archive_entry_set_pathname_utf8(entry, name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0600);
    archive_entry_set_size(entry, static_cast<la_int64_t>(text.size()));
    EXPECT_EQ(archive_write_header(to, entry), ARCHIVE_OK);
    EXPECT_EQ(archive_write_data(to, text.data(), text.size()),
              static_cast<la_ssize_t>(text.size()));
    archive_entry_free(entry);
    EXPECT_EQ(archive_write_free(to), ARCHIVE_OK);
    tar.resize(used);
    return tar;
}

}  // namespace bkt::influxdb
