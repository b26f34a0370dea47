#include "plugins/engines/mysql/dump_split.hpp"

#include <algorithm>

#include "plugins/engines/mysql/settings.hpp"

namespace bkt::mysql {
namespace {

constexpr std::size_t kMaxFrameBytes = 1u << 20;  // of header and end
constexpr std::size_t kMaxHeldBytes = 4096;       // of blank lines, or of a section without views
constexpr std::size_t kMaxMarkerBytes = 1024;  // of a line that is judged: a name has 64 characters
constexpr std::string_view kSection = "-- Current Database: ", kDelimiter = "DELIMITER ";
// "/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, ... */;" of a header, "/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;" of
// an end.
constexpr std::string_view kKeeps = " SET @OLD_", kSet = " SET ", kOld = "=@OLD_";
constexpr std::string_view kCompleted = "-- Dump completed";

Error not_as_known(const std::string& what) {
    return {Code::corrupt, "the dump tool " + what,
            "back up with 'parallel' 1, and report the tool's version"};
}

std::string giving_back(std::string_view comment, std::string_view variable) {
    std::string line(comment);
    for (const auto piece : {kSet, variable, kOld, variable}) line += piece;
    return line + " */;\n";
}

// The line with which an end gives back what `line` of a header keeps; empty if it keeps nothing.
std::string counterpart(std::string_view line) {
    const auto at = line.find(kKeeps);
    if (at == line.npos || !line.starts_with("/*")) return {};
    const auto name = line.substr(at + kKeeps.size());
    return giving_back(line.substr(0, at), name.substr(0, name.find('=')));
}

bool gives_back(std::string_view line) {
    const auto at = line.find(kSet), old = line.find(kOld);
    if (at == line.npos || old == line.npos || old < at || !line.starts_with("/*")) return false;
    const auto variable = line.substr(at + kSet.size(), old - at - kSet.size());
    return line == giving_back(line.substr(0, at), variable);
}

Error view_came(const std::string& database) {
    return {Code::conflict, "a view was made in database '" + database + "' during the dump",
            "run again when no schema change is under way"};
}

}  // namespace

DumpSplit::DumpSplit(PartsOut& out, const std::vector<Into>& into, std::function<void()> begun)
    : out_(out), begun_(std::move(begun)) {
    for (const auto& i : into)
        databases_.push_back(
            {i, std::string(kSection) + identifier(i.database) + "\n", std::nullopt, 0, false});
    raw_ = {sizeof raw_, 0, this, &write, nullptr, nullptr};
}

bkt_rc DumpSplit::write(const bkt_sink* sink, const void* bytes, std::uint64_t len) noexcept {
    auto& self = *static_cast<DumpSplit*>(sink->ctx);
    return detail::walled([&] {
        Status done = self.feed({static_cast<const char*>(bytes), len});
        self.bytes_ += len;
        if (done) return bkt_rc{BKT_OK};
        const auto code = static_cast<bkt_rc>(done.error().code);
        // One of the host's own has no message here; the host knows it.
        if (!done.error().message.empty()) self.failed_ = std::move(done).error();
        return code;
    });
}

// Whether a line that begins so can be none of those that judge() looks for.
bool DumpSplit::is_plain(char first) const {
    if (place_ == Place::end) return true;
    if (in_body_) return first != 'D';
    return first != '-' && first != '\n' && first != 'D' && first != '/';
}

// The bulk passes in pieces as long as they come: `run` is where what was not passed yet begins.
Status DumpSplit::feed(std::string_view text) {
    std::size_t run = 0, at = 0;
    while (at < text.size()) {
        const auto end = text.find('\n', at);
        const auto next = end == text.npos ? text.size() : end + 1;
        if (in_line_ || (line_.empty() && is_plain(text[at]))) {
            if (!held_.empty()) BKT_TRY(pass(std::exchange(held_, {})));
            in_line_ = end == text.npos;
            at = next;
            continue;
        }
        BKT_TRY(pass(text.substr(run, at - run)));
        line_ += text.substr(at, next - at);
        run = at = next;
        const bool too_long = line_.size() > kMaxMarkerBytes;
        if (end == text.npos && !too_long) return {};
        in_line_ = end == text.npos;
        BKT_TRY(judge(std::exchange(line_, {})));
    }
    return pass(text.substr(run));
}

Status DumpSplit::judge(std::string_view line) {
    if (!in_body_ && line.starts_with(kSection)) return enter(line);
    if (!in_body_ && line.size() <= kMaxMarkerBytes && gives_back(line)) {
        BKT_TRY(enter_end());
        return pass(line);
    }
    if (!in_body_ && (line == "\n" || line == "--\n") && held_.size() < kMaxHeldBytes) {
        held_ += line;
        return {};
    }
    if (line.starts_with(kDelimiter)) in_body_ = line != "DELIMITER ;\n";
    return pass(std::exchange(held_, {}) + std::string(line));
}

Status DumpSplit::pass(std::string_view text) {
    if (text.empty()) return {};
    if (place_ == Place::section) return give(databases_[at_], text);
    auto& frame = place_ == Place::header ? header_ : end_;
    if (frame.size() + text.size() > kMaxFrameBytes)
        return not_as_known("writes a longer header or end than is known");
    frame += text;
    return {};
}

Status DumpSplit::enter(std::string_view line) {
    const bool first = place_ == Place::header;
    const bool last = at_ + 1 == databases_.size();
    const std::size_t next = first || last ? 0 : at_ + 1;
    if ((in_views_ && last) || databases_[next].marker != line)
        return not_as_known("names a database where another was to come");
    if (!first) {
        BKT_TRY(check_aside());
        if (!in_views_ && !databases_[at_].into.has_views)
            BKT_TRY(close(databases_[at_], early_end()));
    }
    place_ = Place::section;
    in_views_ = in_views_ || (!first && last);
    at_ = next;
    if (!in_views_) BKT_TRY(open(databases_[at_]));
    if (first) begun_();
    return pass(std::exchange(held_, {}) + std::string(line));
}

Status DumpSplit::enter_end() {
    if (place_ != Place::section || at_ + 1 != databases_.size())
        return not_as_known("ends before it named every database");
    BKT_TRY(pass(std::exchange(held_, {})));
    BKT_TRY(check_aside());
    place_ = Place::end;
    return {};
}

std::string DumpSplit::header_for(const Database& database) const {
    const std::string before = "    Database: ";
    const std::string first = before + databases_.front().into.database + "\n";
    std::string header = header_;
    if (const auto at = header.find(first); at != header.npos)
        header.replace(at, first.size(), before + database.into.database + "\n");
    return header;
}

std::string DumpSplit::early_end() const {
    std::string end;
    for (std::string_view left = header_; !left.empty();) {
        const auto line = left.substr(0, left.find('\n'));
        left.remove_prefix(std::min(left.size(), line.size() + 1));
        end += counterpart(line);
    }
    return end + "\n" + std::string(kCompleted) + "\n";
}

Status DumpSplit::open(Database& database) {
    database.part.emplace(out_.begin(database.into.part));
    BKT_TRY(database.part->opened());
    return give(database, header_for(database));
}

Status DumpSplit::give(Database& database, std::string_view text) {
    if (database.is_finished) {
        aside_ += text;
        if (aside_.size() <= kMaxHeldBytes) return {};
        return view_came(database.into.database);
    }
    database.bytes += text.size();
    return database.part->sink().write(as_bytes(text));
}

Status DumpSplit::close(Database& database, std::string_view end) {
    BKT_TRY(give(database, end));
    database.is_finished = true;
    // Where the tool goes on and fails later, so does the run.
    return database.part->finish(0, database.bytes);
}

// Nothing but its beginning may be in a section that comes when the part is finished.
Status DumpSplit::check_aside() {
    const auto& database = databases_[at_];
    std::string_view left = aside_;
    while (!left.empty()) {
        const auto line = left.substr(0, std::min(left.find('\n'), left.size() - 1) + 1);
        left.remove_prefix(line.size());
        if (line != "\n" && line != "--\n" && line != database.marker &&
            line != "USE " + identifier(database.into.database) + ";\n")
            return view_came(database.into.database);
    }
    aside_.clear();
    return {};
}

Status DumpSplit::finish(std::uint64_t tool_bytes) {
    if (tool_bytes != bytes_)
        return Error{Code::truncated,
                     "the tool gave " + std::to_string(tool_bytes) + " bytes, " +
                         std::to_string(bytes_) + " arrived",
                     "the connection to the container lost data: run the backup again"};
    // Whether that is the last line its validator knows.
    if (end_.find(kCompleted) == std::string::npos)
        return Error{Code::truncated, "the dump ends without '" + std::string(kCompleted) + "'",
                     "the dump tool was probably killed: read its stderr in this run's log"};
    for (auto& database : databases_)
        if (!database.is_finished) BKT_TRY(close(database, end_));
    return {};
}

}  // namespace bkt::mysql
