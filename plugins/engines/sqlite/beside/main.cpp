// baktainer-sqlite: runs for a moment beside a container that has no sqlite3, with its volumes, and is brought there
// by the engine. baktainer-sqlite VERB PATH:
//
//   look     says on stderr what the database is
//   dump     the same, and its pages on stdout (page_stream.hpp), one committed state
//   restore  makes the database from stdin; refuses where there is one
//   replace  the same over one that is there, in one transaction
//
// Ends with 0, or with 64 and a line "baktainer-error CODE MESSAGE<tab>HINT".
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "plugins/engines/sqlite/beside/own_call.hpp"
#include "plugins/engines/sqlite/beside/place.hpp"
#include "plugins/engines/sqlite/beside_files.hpp"
#include "plugins/engines/sqlite/connection.hpp"
#include "plugins/engines/sqlite/host_files.hpp"
#include "plugins/engines/sqlite/page_stream.hpp"
#include "plugins/engines/sqlite/said_lines.hpp"

namespace bkt::sqlite::beside {
namespace {

bkt_rc write_stdout(const bkt_sink*, const void* bytes, std::uint64_t len) noexcept {
    for (const auto* at = static_cast<const char*>(bytes); len > 0;) {
        const ssize_t n = ::write(STDOUT_FILENO, at, len);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return BKT_FAILED;
        at += n, len -= static_cast<std::uint64_t>(n);
    }
    return BKT_OK;
}

bkt_rc read_stdin(const bkt_source*, void* bytes, std::uint64_t cap, std::uint64_t* len) noexcept {
    for (;;) {
        const ssize_t n = ::read(STDIN_FILENO, bytes, cap);
        if (n < 0 && errno == EINTR) continue;
        *len = n > 0 ? static_cast<std::uint64_t>(n) : 0;
        return n < 0 ? BKT_FAILED : BKT_OK;
    }
}

Result<std::string> content_of(const char* path) {
    const UniqueFd fd(::open(path, O_RDONLY | O_CLOEXEC));
    std::string text;
    char buffer[4096];
    for (;;) {
        const ssize_t n = fd ? ::read(fd.get(), buffer, sizeof buffer) : -1;
        if (n < 0) return Error{Code::failed, std::string("'") + path + "' cannot be read"};
        if (n == 0) return text;
        text.append(buffer, static_cast<std::size_t>(n));
    }
}

void tell(const Snapshot& s) {
    const auto fact = [](const char* name, const std::string& value) {
        std::fprintf(stderr, "%.*s%s %s\n", static_cast<int>(kFactMark.size()), kFactMark.data(),
                     name, value.c_str());
    };
    fact("page_count", s.page_count);
    fact("page_size", s.page_size);
    fact("user_version", s.user_version);
    fact("journal_mode", s.journal_mode);
    fact("sqlite_version", sqlite3_libversion());
}

Status look(const Call& call, const std::string& path) {
    BKT_LET(const Connection db, Connection::open(call, path, Connection::Mode::read_only));
    Snapshot found;
    BKT_LET(found.journal_mode, db.value("PRAGMA journal_mode"));
    BKT_LET(found.page_count, db.value("PRAGMA page_count"));
    BKT_LET(found.page_size, db.value("PRAGMA page_size"));
    tell(found);
    return {};
}

Status dump(const Call& call, const std::string& path) {
    const bkt_sink to_stdout{sizeof to_stdout, 0, nullptr, &write_stdout, nullptr, nullptr};
    BKT_LET(const Snapshot copied, send_pages(call, path, Sink(&to_stdout)));
    tell(copied);
    return {};
}

Status restore(Call& call, const std::string& path, bool clean) {
    const bkt_source from_stdin{sizeof from_stdin, 0, nullptr, &read_stdin, 0};
    return restore_host_file(call, Source(&from_stdin), path, clean);
}

Status run(const std::string& verb, const std::string& path) {
    ::umask(077);
    Call call = own_call();
    BKT_LET(const std::string mounts, content_of("/proc/self/mountinfo"));
    BKT_TRY(check_volume(path, mounts));
    BKT_TRY(become_owner(path));
    if (verb == "look") return look(call, path);
    if (verb == "dump") return dump(call, path);
    if (verb == "restore" || verb == "replace") return restore(call, path, verb == "replace");
    return Error{Code::bug, "no verb '" + verb + "'"};
}

// In one line, as it is read.
std::string in_a_line(std::string text) {
    for (char& c : text)
        if (c == '\n' || c == '\t' || c == '\r') c = ' ';
    return text;
}

}  // namespace
}  // namespace bkt::sqlite::beside

int main(int argc, char** argv) {
    using namespace bkt::sqlite::beside;
    const auto done = argc == 3 ? run(argv[1], argv[2])
                                : bkt::Status(bkt::Error{bkt::Code::bug, "usage: VERB PATH"});
    if (done) return 0;
    const bkt::Error& e = done.error();
    std::fprintf(stderr, "%.*s%d %s\t%s\n", static_cast<int>(kErrorMark.size()), kErrorMark.data(),
                 static_cast<int>(e.code), in_a_line(e.message).c_str(), in_a_line(e.hint).c_str());
    return kToldExit;
}
