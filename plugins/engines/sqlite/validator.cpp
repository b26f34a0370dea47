#include "plugins/engines/sqlite/validator.hpp"

#include <fcntl.h>

#include <algorithm>
#include <system_error>

#include "baktainer/unique_fd.hpp"
#include "plugins/engines/sqlite/connection.hpp"

namespace bkt::sqlite {
namespace {

// https://sqlite.org/fileformat2.html, section 1.3: big-endian numbers at these offsets.
constexpr std::size_t kHeaderBytes = 100;
constexpr std::size_t kPageSizeAt = 16, kChangeCounterAt = 24, kPageCountAt = 28, kValidForAt = 92;
constexpr std::string_view kMagic{"SQLite format 3\0", 16};

class HeaderTap : public Tap {
public:
    Status feed(Call&, Bytes bytes) override {
        const auto wanted = std::min(kHeaderBytes - header_.size(), bytes.size());
        header_.append(as_text(bytes.first(wanted)));
        total_bytes_ += bytes.size();
        // Early, so that an hour is not spent on what is no database.
        if (header_.size() >= kMagic.size() && !header_.starts_with(kMagic)) return no_magic();
        return {};
    }

    Status finish(Call&) override {
        if (header_.size() < kHeaderBytes)
            return truncated("ends within its header, after " + std::to_string(total_bytes_) +
                             " bytes");
        const std::uint64_t raw_size = number(kPageSizeAt, 2);
        const std::uint64_t page_size = raw_size == 1 ? 65536 : raw_size;
        if (page_size < 512 || (page_size & (page_size - 1)) != 0)
            return corrupt("states an impossible page size of " + std::to_string(page_size));
        // Otherwise the page count was not kept up by the last writer (SQLite before 3.7, of 2010).
        if (number(kChangeCounterAt, 4) != number(kValidForAt, 4))
            return corrupt("has a header that does not vouch for its own page count");
        const std::uint64_t stated = page_size * number(kPageCountAt, 4);
        if (total_bytes_ < stated)
            return truncated("has " + std::to_string(total_bytes_) + " of the " +
                             std::to_string(stated) + " bytes its header states");
        if (total_bytes_ > stated || stated == 0)
            return corrupt("has " + std::to_string(total_bytes_) + " bytes, its header states " +
                           std::to_string(stated));
        return {};
    }

private:
    static Error corrupt(const std::string& what) {
        return {Code::corrupt, "the SQLite file " + what, "do not use this backup; make a new one"};
    }
    static Error truncated(const std::string& what) {
        return {Code::truncated, "the SQLite file " + what,
                "do not use this backup; make a new one"};
    }
    static Error no_magic() { return corrupt("does not begin like one"); }

    std::uint64_t number(std::size_t at, std::size_t bytes) const {
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < bytes; ++i)
            value = value << 8 | static_cast<unsigned char>(header_[at + i]);
        return value;
    }

    std::string header_;
    std::uint64_t total_bytes_ = 0;
};

class IntegrityTap final : public HeaderTap {
public:
    explicit IntegrityTap(std::string path) : path_(std::move(path)) {}
    ~IntegrityTap() override {
        for (const char* suffix : {"", "-wal", "-shm", "-journal"})
            ::unlink((path_ + suffix).c_str());
    }

    Status feed(Call& call, Bytes bytes) override {
        BKT_TRY(HeaderTap::feed(call, bytes));
        if (!spool_) {
            spool_ = UniqueFd(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
            if (!spool_) return spool_error();
        }
        while (!bytes.empty()) {
            const ssize_t n = ::write(spool_.get(), bytes.data(), bytes.size());
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) return spool_error();
            bytes = bytes.subspan(static_cast<std::size_t>(n));
        }
        return {};
    }

    Status finish(Call& call) override {
        BKT_TRY(HeaderTap::finish(call));
        spool_.reset();
        BKT_LET(const Connection db, Connection::open(call, path_, Connection::Mode::read_only));
        BKT_TRY(check_integrity(call, db));
        // Foreign keys are off by default in SQLite, so a dangling one is the application's data, not
        // a damaged backup: say it and go on.
        BKT_LET(const auto dangling, db.column("PRAGMA foreign_key_check", 100));
        if (!dangling.empty())
            call.log_warning("the database holds rows that break a foreign key, in table '" +
                             dangling.front().substr(0, 100) +
                             "': it was so when it was backed up");
        return {};
    }

private:
    Error spool_error() const {
        const int e = errno;
        return {e == ENOSPC || e == EDQUOT ? Code::no_space : Code::failed,
                "writing '" + path_ + "': " + std::generic_category().message(e),
                "a deep check needs as much temporary space as the database is big"};
    }
    std::string path_;
    UniqueFd spool_;
};

}  // namespace

std::unique_ptr<Tap> header_tap() { return std::make_unique<HeaderTap>(); }
std::unique_ptr<Tap> integrity_tap(std::string path) {
    return std::make_unique<IntegrityTap>(std::move(path));
}

}  // namespace bkt::sqlite
