#include "plugins/engines/sqlite/copied_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include "baktainer/unique_fd.hpp"

namespace bkt::sqlite {
namespace {

constexpr std::size_t kSendBytes = 1 << 20;

Status stream_file(const Call& call, const std::string& path, const Sink& sink) {
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!fd) return file_error(errno, "opening", path);
    const auto buffer = std::make_unique<std::byte[]>(kSendBytes);
    for (;;) {
        if (call.cancelled()) return Error{Code::cancelled, "cancelled"};
        const ssize_t n = ::read(fd.get(), buffer.get(), kSendBytes);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return file_error(errno, "reading", path);
        if (n == 0) return {};
        BKT_TRY(sink.write({buffer.get(), static_cast<std::size_t>(n)}));
    }
}

}  // namespace

Result<std::unique_ptr<OwnFile>> place_for_copy(const Call& call) {
    BKT_LET(const std::string dir, call.temp_dir());
    return std::make_unique<OwnFile>(dir + "/copy-" + random_hex() + ".sqlite");
}

Status send_copy(const Call& call, const std::string& copy, const Snapshot& snapshot,
                 const DatabaseFile& file, PartsOut& out) {
    const PartOut part = out.begin(file.part);
    BKT_TRY(part.opened());
    BKT_TRY(stream_file(call, copy, part.sink()));
    struct stat st {};
    if (::stat(copy.c_str(), &st) != 0) return file_error(errno, "looking at", copy);
    BKT_TRY(part.finish(0, static_cast<std::uint64_t>(st.st_size)));
    out.fact("sqlite_version", snapshot.sqlite_version);
    out.fact(file.part + ".page_count", snapshot.page_count);
    out.fact(file.part + ".page_size", snapshot.page_size);
    out.fact(file.part + ".user_version", snapshot.user_version);
    out.fact(file.part + ".journal_mode", snapshot.journal_mode);
    return {};
}

}  // namespace bkt::sqlite
