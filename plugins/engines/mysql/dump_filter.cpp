#include "plugins/engines/mysql/dump_filter.hpp"

#include <algorithm>
#include <array>

#include "plugins/engines/mysql/dump_format.hpp"
#include "plugins/engines/mysql/settings.hpp"

namespace bkt::mysql {
namespace {

constexpr std::size_t kMaxPreludeBytes = 1u << 20;
constexpr std::string_view kTrigger = " TRIGGER ";
// How lines begin that may name their database: a trigger's first, a column, a view's last.
constexpr std::string_view kMayName[] = {"/*!50003 CREATE*/", "  `", "/*!50001 VIEW "};
constexpr const char* kOfSequences[] = {"nextval(", "lastval(", "setval("};
// More than a definer, a trigger's and a table's name, each with a database's, can take; or a column with a
// long comment behind its default.
constexpr std::size_t kJudgedBytes = 16384;
constexpr std::string_view kCreate = "CREATE DATABASE ", kUse = "USE ";

}  // namespace

DumpFilter::DumpFilter(const Source& from, const std::string& original, const std::string& wanted)
    : from_(from),
      original_(identifier(original)),
      wanted_(identifier(wanted)),
      plain_(original),
      renamed_{{{"ALTER DATABASE " + original_ + " ", "ALTER DATABASE " + wanted_ + " "},
                {"USE " + original_ + ";", "USE " + wanted_ + ";"}}} {
    raw_ = {sizeof raw_, 0, this, &read, 0};
}

Status DumpFilter::prelude_line(std::string_view line) {
    if (line.starts_with(kSandboxLine)) return {};
    const bool creates = line.starts_with(kCreate), enters = line.starts_with(kUse);
    if (!creates && !enters) {
        ready_ += line;
        return {};
    }
    const auto at = line.find(original_);
    if (at == line.npos)
        return Error{Code::corrupt, "the dump is of another database than its name says"};
    made_ = made_ || creates;
    ready_ += line.substr(0, at);
    ready_ += wanted_;
    ready_ += line.substr(at + original_.size());
    in_prelude_ = !enters;
    return {};
}

// All lines up to the one that enters the database.
Status DumpFilter::pass_prelude() {
    std::array<std::byte, 16384> chunk;
    while (in_prelude_) {
        const auto end = held_.find('\n');
        if (end != std::string::npos) {
            const std::string line = held_.substr(0, end + 1);
            held_.erase(0, end + 1);
            BKT_TRY(prelude_line(line));
            continue;
        }
        BKT_LET(const std::size_t n, from_.read(chunk));
        if (n == 0 || held_.size() + ready_.size() > kMaxPreludeBytes)
            return Error{Code::unsupported, "the dump does not enter its database",
                         "it must have been made with --databases"};
        held_.append(as_text({chunk.data(), n}));
    }
    if (!made_)
        return Error{Code::unsupported, "the dump does not create its database",
                     "it must have been made with --databases"};
    // What was read beyond.
    const std::string rest = std::exchange(held_, {});
    return rename_in(rest);
}

// A trigger by its own name or its table's, which must lie in the same database; and sequences, which alone are
// written with their database.
Status DumpFilter::check_names(std::string_view line) const {
    for (const char* function : kOfSequences)
        if (line.find(function + original_ + ".") != line.npos)
            return Error{Code::unsupported,
                         "a default or view names a sequence of database " + original_ +
                             ", and would go on using that one",
                         "restore under the same name, into a new container"};
    const auto at = line.find(kTrigger);
    if (at == line.npos || !line.starts_with(kMayName[0])) return {};
    const auto name = line.substr(at + kTrigger.size());
    const bool names = name.starts_with(original_ + ".") || name.starts_with(plain_ + ".") ||
                       name.find(" ON " + original_ + ".") != name.npos ||
                       name.find(" ON " + plain_ + ".") != name.npos;
    if (!names) return {};
    return Error{Code::unsupported,
                 "a trigger names its database " + original_ +
                     " in its own words, so it cannot be made in another",
                 "restore under the same name, into a new container"};
}

// Filters `text` into ready_; the beginning of a line that may yet need renaming is held.
Status DumpFilter::rename_in(std::string_view text) {
    if (original_ == wanted_) {
        ready_ += text;
        return {};
    }
    held_ += text;
    std::string_view left = held_;
    while (!left.empty()) {
        if (at_line_start_) {
            const auto line = std::find_if(renamed_.begin(), renamed_.end(), [&](const auto& r) {
                return left.substr(0, r.from.size()) ==
                       std::string_view(r.from).substr(0, left.size());
            });
            if (line != renamed_.end()) {
                if (left.size() < line->from.size()) break;
                ready_ += line->to;
                left.remove_prefix(line->from.size());
            }
            const bool may_name =
                std::any_of(std::begin(kMayName), std::end(kMayName), [&](auto begin) {
                    return left.substr(0, begin.size()) == begin.substr(0, left.size());
                });
            if (may_name) {
                const auto whole = left.substr(0, left.find('\n'));
                if (whole.size() == left.size() && left.size() < kJudgedBytes) break;
                BKT_TRY(check_names(whole.substr(0, kJudgedBytes)));
            }
        }
        const auto end = left.find('\n');
        at_line_start_ = end != left.npos;
        const auto n = at_line_start_ ? end + 1 : left.size();
        ready_ += left.substr(0, n);
        left.remove_prefix(n);
    }
    held_.erase(0, held_.size() - left.size());
    return {};
}

Status DumpFilter::pass_more() {
    if (in_prelude_) return pass_prelude();
    std::array<std::byte, 65536> chunk;
    BKT_LET(const std::size_t n, from_.read(chunk));
    if (n == 0) {
        ready_ += std::exchange(held_, {});
        ended_ = true;
    } else {
        BKT_TRY(rename_in(as_text({chunk.data(), n})));
    }
    return {};
}

bkt_rc DumpFilter::read(const bkt_source* source, void* into, std::uint64_t cap,
                        std::uint64_t* len) noexcept {
    auto& self = *static_cast<DumpFilter*>(source->ctx);
    try {
        // Where nothing is renamed the bulk passes uncopied.
        const bool through = !self.in_prelude_ && self.original_ == self.wanted_;
        if (through && self.ready_.empty()) {
            const bkt_source* from = self.from_.raw();
            return from->read(from, into, cap, len);
        }
        while (self.ready_.empty() && !self.ended_)
            if (Status more = self.pass_more(); !more) {
                const auto code = static_cast<bkt_rc>(more.error().code);
                // One of the host's own has no message here; the host knows it.
                if (!more.error().message.empty()) self.failed_ = std::move(more).error();
                return code;
            }
        *len = std::min<std::uint64_t>(cap, self.ready_.size() - self.given_);
        self.ready_.copy(static_cast<char*>(into), *len, self.given_);
        self.given_ += *len;
        if (self.given_ == self.ready_.size()) {
            self.ready_.clear();
            self.given_ = 0;
        }
        return BKT_OK;
    } catch (...) {
        return BKT_BUG;
    }
}

}  // namespace bkt::mysql
