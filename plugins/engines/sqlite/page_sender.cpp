#include <algorithm>
#include <cstring>

#include "plugins/engines/sqlite/page_stream.hpp"

namespace bkt::sqlite {
namespace {

constexpr std::size_t kBatchBytes = 256 * 1024;

// The file that SQLite believes to write. It keeps nothing: whoever asks for what was written gets an error, so
// that a copy which needed that fails rather than differs.
class SentFile final {
public:
    explicit SentFile(const Sink& sink) : sink_(sink) { batch_.reserve(kBatchBytes + 65536 + 64); }

    int write(const void* bytes, std::uint64_t at, std::uint64_t length) {
        put_head(at, length);
        batch_.append(static_cast<const char*>(bytes), length);
        size_ = std::max(size_, at + length);
        return batch_.size() < kBatchBytes ? SQLITE_OK : flush();
    }
    void truncate(std::uint64_t size) { size_ = size; }
    std::uint64_t size() const { return size_; }
    Status end() {
        put_head(kEndOfPages, size_);
        flush();
        return error_ ? Status(*error_) : Status();
    }
    const std::optional<Error>& error() const { return error_; }

private:
    void put_head(std::uint64_t at, std::uint64_t length) {
        for (const std::uint64_t number : {at, length})
            for (unsigned shift = 0; shift < 64; shift += 8)
                batch_ += static_cast<char>(number >> shift & 255);
    }
    int flush() {
        if (!error_)
            if (Status sent = sink_.write(as_bytes(batch_)); !sent) error_ = sent.error();
        batch_.clear();
        return error_ ? SQLITE_IOERR_WRITE : SQLITE_OK;
    }

    const Sink& sink_;
    std::string batch_;
    std::uint64_t size_ = 0;
    std::optional<Error> error_;
};

// ---- sqlite3_io_methods and sqlite3_vfs over it ----

struct OpenFile {
    sqlite3_file base;
    SentFile* sent;
};
SentFile& sent(sqlite3_file* file) { return *reinterpret_cast<OpenFile*>(file)->sent; }

int read(sqlite3_file* file, void* into, int length, sqlite3_int64 at) {
    if (static_cast<std::uint64_t>(at) < sent(file).size()) return SQLITE_IOERR_READ;
    std::memset(into, 0, static_cast<std::size_t>(length));
    return SQLITE_IOERR_SHORT_READ;
}
int write(sqlite3_file* file, const void* bytes, int length, sqlite3_int64 at) {
    try {
        return sent(file).write(bytes, static_cast<std::uint64_t>(at),
                                static_cast<std::uint64_t>(length));
    } catch (...) {
        return SQLITE_NOMEM;
    }
}
int truncate(sqlite3_file* file, sqlite3_int64 size) {
    sent(file).truncate(static_cast<std::uint64_t>(size));
    return SQLITE_OK;
}
int file_size(sqlite3_file* file, sqlite3_int64* size) {
    *size = static_cast<sqlite3_int64>(sent(file).size());
    return SQLITE_OK;
}
int nothing(sqlite3_file*) { return SQLITE_OK; }
int nothing_of(sqlite3_file*, int) { return SQLITE_OK; }
int nobody_waits(sqlite3_file*, int* locked) {
    *locked = 0;
    return SQLITE_OK;
}
int no_control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int sector_bytes(sqlite3_file*) { return 4096; }
int no_promise(sqlite3_file*) { return 0; }

constexpr sqlite3_io_methods kMethods = {
    1,           &nothing,    &read,         &write,      &truncate,     &nothing_of, &file_size,
    &nothing_of, &nothing_of, &nobody_waits, &no_control, &sector_bytes, &no_promise, nullptr,
    nullptr,     nullptr,     nullptr,       nullptr,     nullptr};

// The database alone: a copy that would need a journal is none that can be sent.
int open(sqlite3_vfs* vfs, const char*, sqlite3_file* file, int flags, int* out_flags) {
    file->pMethods = nullptr;
    if (!(flags & SQLITE_OPEN_MAIN_DB)) return SQLITE_CANTOPEN;
    auto* opened = reinterpret_cast<OpenFile*>(file);
    opened->sent = static_cast<SentFile*>(vfs->pAppData);
    opened->base.pMethods = &kMethods;
    if (out_flags) *out_flags = flags;
    return SQLITE_OK;
}
int no_deletion(sqlite3_vfs*, const char*, int) { return SQLITE_OK; }
int not_there(sqlite3_vfs*, const char*, int, int* there) {
    *there = 0;
    return SQLITE_OK;
}
int same_name(sqlite3_vfs*, const char* name, int bytes_max, char* full) {
    sqlite3_snprintf(bytes_max, full, "%s", name);
    return SQLITE_OK;
}

// SQLite's own for all that is no file, registered under a name of its own while it lives.
class SendingVfs final {
public:
    explicit SendingVfs(SentFile& file)
        : name_("baktainer-" + std::to_string(reinterpret_cast<std::uintptr_t>(this))) {
        vfs_ = *sqlite3_vfs_find(nullptr);
        vfs_.iVersion = 1;
        vfs_.pNext = nullptr;
        vfs_.szOsFile = sizeof(OpenFile);
        vfs_.zName = name_.c_str();
        vfs_.pAppData = &file;
        vfs_.xOpen = &open;
        vfs_.xDelete = &no_deletion;
        vfs_.xAccess = &not_there;
        vfs_.xFullPathname = &same_name;
        sqlite3_vfs_register(&vfs_, 0);
    }
    SendingVfs(const SendingVfs&) = delete;
    SendingVfs& operator=(const SendingVfs&) = delete;
    ~SendingVfs() { sqlite3_vfs_unregister(&vfs_); }
    const char* name() const { return name_.c_str(); }

private:
    std::string name_;
    sqlite3_vfs vfs_{};
};

}  // namespace

Result<Snapshot> send_pages(const Call& call, const std::string& from, const Sink& sink) {
    SentFile file(sink);
    const SendingVfs vfs(file);
    auto copied = copy_out_through(call, from, "copy", vfs.name());
    if (file.error()) return *file.error();  // what SQLite says of it is less
    if (copied) BKT_TRY(file.end());
    return copied;
}

}  // namespace bkt::sqlite
