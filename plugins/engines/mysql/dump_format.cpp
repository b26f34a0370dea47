#include "plugins/engines/mysql/dump_format.hpp"

#include <algorithm>
#include <cstring>
#include <string>

namespace bkt::mysql {
namespace {

// More of a line than any of the words looked for.
constexpr std::size_t kHeadBytes = 64;
constexpr std::string_view kHeaders[] = {"-- MySQL dump ", "-- MariaDB dump "};
constexpr std::string_view kEnd = "-- Dump completed";

Error truncated(const std::string& how) {
    return {Code::truncated, "the dump ends " + how,
            "the dump tool was probably killed: read its stderr in this run's log"};
}
Error corrupt(const std::string& what) {
    return {Code::corrupt, "the dump " + what, "it is not as the dump tool wrote it"};
}

class DumpFormat final : public Tap {
public:
    explicit DumpFormat(DumpKind kind) : kind_(kind) {}

    Status feed(Call&, Bytes bytes) override {
        auto text = as_text(bytes);
        while (!text.empty()) {
            if (place_ == Place::after) return corrupt("goes on behind its end");
            const auto end = text.find('\n');
            const auto piece = text.substr(0, end);
            head_.append(piece.substr(0, std::min(kHeadBytes - head_.size(), piece.size())));
            if (!piece.empty()) last_ = piece.back();
            if (end == text.npos) return {};
            BKT_TRY(line());
            head_.clear();
            last_ = 0;
            text.remove_prefix(end + 1);
        }
        return {};
    }

    Status finish(Call&) override {
        switch (place_) {
            case Place::after: return {};
            case Place::before: return truncated("before its header");
            case Place::body: return truncated("within a routine, trigger or event");
            case Place::statements: break;
        }
        return truncated("without '" + std::string(end_mark()) + "'");
    }

private:
    enum class Place { before, statements, body, after };

    std::string_view end_mark() const { return kind_ == DumpKind::accounts ? kAccountsEnd : kEnd; }
    bool is_header() const {
        if (kind_ == DumpKind::accounts) return head_.starts_with(kAccountsBegin);
        return std::any_of(std::begin(kHeaders), std::end(kHeaders),
                           [&](auto header) { return head_.starts_with(header); });
    }
    // "-- Dump completed", with a date as a rule.
    bool is_end() const {
        if (!head_.starts_with(end_mark())) return false;
        return head_.size() == end_mark().size() ||
               (kind_ == DumpKind::database &&
                std::string_view(head_).substr(end_mark().size()).starts_with(" on "));
    }

    Status line() {
        if (place_ == Place::before) {
            if (head_.starts_with(kSandboxLine)) return {};
            if (!is_header()) return corrupt("does not begin as the dump tool writes it");
            place_ = Place::statements;
        } else if (head_.starts_with("DELIMITER ")) {
            place_ = head_ == "DELIMITER ;" ? Place::statements : Place::body;
        } else if (place_ == Place::statements) {
            if (is_end()) place_ = Place::after;
            else if (is_header()) return corrupt("holds the beginning of another one");
            else return row();
        }
        return {};
    }

    // mysqldump writes a statement with many rows on one line, mariadb-dump a line for each.
    Status row() const {
        const bool begins = head_.starts_with("INSERT INTO ");
        if (!begins && !head_.starts_with("(")) return {};
        const bool whole = last_ == ';' || (begins ? last_ == 'S' : last_ == ',');  // ... VALUES
        if (!whole) return corrupt("holds a row that does not end");
        return {};
    }

    DumpKind kind_;
    Place place_ = Place::before;
    std::string head_;  // of the present line
    char last_ = 0;     // of it so far
};

}  // namespace

std::unique_ptr<Tap> dump_format_tap(DumpKind kind) { return std::make_unique<DumpFormat>(kind); }

}  // namespace bkt::mysql
