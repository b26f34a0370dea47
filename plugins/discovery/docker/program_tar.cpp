#include "plugins/discovery/docker/program_tar.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <memory>

namespace bkt::docker {
namespace {

// A header, padding and the tar's end take less, rounded up to a record of tar's.
constexpr std::size_t kRecordBytes = 10240;

}  // namespace

Result<std::string> tar_of_program(std::string_view name, std::string_view bytes) {
    // Before the writer, which writes the end there when it is freed.
    std::string tar(bytes.size() + 2 * kRecordBytes, '\0');
    std::size_t used = 0;
    const std::unique_ptr<archive, int (*)(archive*)> to(archive_write_new(), &archive_write_free);
    const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(),
                                                                         &archive_entry_free);
    archive_entry_set_pathname(entry.get(), std::string(name).c_str());
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0755);
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(bytes.size()));
    const bool whole =
        archive_write_set_format_ustar(to.get()) == ARCHIVE_OK &&
        archive_write_open_memory(to.get(), tar.data(), tar.size(), &used) == ARCHIVE_OK &&
        archive_write_header(to.get(), entry.get()) == ARCHIVE_OK &&
        archive_write_data(to.get(), bytes.data(), bytes.size()) ==
            static_cast<la_ssize_t>(bytes.size()) &&
        archive_write_close(to.get()) == ARCHIVE_OK;
    if (!whole) return Error{Code::bug, "no tar could be made of '" + std::string(name) + "'"};
    tar.resize(used);
    return tar;
}

}  // namespace bkt::docker
