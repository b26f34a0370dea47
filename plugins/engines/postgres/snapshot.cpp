#include "plugins/engines/postgres/snapshot.hpp"

#include <algorithm>
#include <chrono>

namespace bkt::postgres {
namespace {

constexpr std::size_t kMaxAnswerBytes = 1 << 16;
constexpr auto kLook = std::chrono::milliseconds(100);  // for a stop or a cancelled call
// Now and then a statement that changes nothing: psql, waiting for input, does not see its server go.
constexpr std::chrono::milliseconds kSignOfLife = std::chrono::seconds(5);
constexpr std::chrono::milliseconds kLongestPause = std::chrono::seconds(1);
constexpr const char* kAskForLife = "SET LOCAL statement_timeout = 0;\n";

std::string literal(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'') out += '\'';
        out += c;
    }
    return out + "'";
}

// The tables a pg_dump of it would lock; those that are gone by now are no loss.
std::string lock_statement(const Filter& filter, const Relations& relations) {
    std::string wanted;
    if (!filter.is_whole()) {
        for (const auto& r : relations.all)
            if ((r.kind == 'r' || r.kind == 'p') && filter.takes(r))
                wanted +=
                    (wanted.empty() ? "(" : ",(") + literal(r.schema) + "," + literal(r.name) + ")";
        if (wanted.empty()) return {};
        wanted = " JOIN (VALUES " + wanted + ") AS w(s, t) ON n.nspname = w.s AND c.relname = w.t";
    }
    return "SELECT pg_catalog.format('LOCK TABLE ONLY %I.%I IN ACCESS SHARE MODE', n.nspname, "
           "c.relname)"
           " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace" +
           wanted + " WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND " + kIsUsers +
           "\n\\gexec\n";
}

std::string script_for(const Filter& filter, const Relations& relations, int version_number) {
    std::string script =
        "SET standard_conforming_strings = on;\n"
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;\n"
        "SET LOCAL idle_in_transaction_session_timeout = 0;\n"
        "SET LOCAL statement_timeout = 0;\n"
        "SET LOCAL lock_timeout = 0;\n";
    if (version_number >= 170000) script += "SET LOCAL transaction_timeout = 0;\n";
    return script + lock_statement(filter, relations) + "SELECT pg_catalog.pg_export_snapshot();\n";
}

}  // namespace

Snapshot::Snapshot(const Tools& tools, std::string database, std::size_t users)
    : tools_(tools), database_(std::move(database)), users_(users) {}

Status Snapshot::keep(const Filter& filter, const Relations& relations, int server_version_number,
                      const Stop& stop) {
    {
        const std::lock_guard lock(mutex_);
        stop_ = &stop;
        script_ = script_for(filter, relations, server_version_number);
    }
    const bkt_source in{sizeof in, 0, this, &read, 0};
    const bkt_sink out{sizeof out, 0, this, &write, nullptr, nullptr};
    Exec psql = tools_.run(
        "psql", {"--no-psqlrc", "--no-align", "--tuples-only", "--quiet", "--set=ON_ERROR_STOP=1",
                 "--file=-", "--dbname=" + connection_string(database_)});
    auto r = psql.env("PGCLIENTENCODING", "UTF8").in(Source(&in)).out(Sink(&out)).result();
    const std::lock_guard lock(mutex_);
    if (!r) return std::move(r).error();
    if (Status done = succeeded("psql", *r); !done)
        return std::move(done).error().within("keeping a snapshot of database '" + database_ + "'");
    if (tools_.call().cancelled()) return Error{Code::cancelled, "cancelled"};
    if (users_ > 0 && !stop.requested())
        return Error{Code::unavailable,
                     "the session that kept the snapshot of '" + database_ + "' ended too early",
                     "look into the server's own log"};
    return {};
}

Result<std::string> Snapshot::name(const Stop& stop) {
    std::unique_lock lock(mutex_);
    const auto is_answered = [&] { return answer_.find('\n') != answer_.npos; };
    // That it ended without an answer is for the one who kept it to tell, and to stop the others by: whoever
    // fails first is heard.
    while (!is_answered() && !stop.requested() && !tools_.call().cancelled())
        changed_.wait_for(lock, kLook);
    if (!is_answered()) return Error{Code::cancelled, {}};
    return answer_.substr(0, answer_.find('\n'));
}

void Snapshot::let_go() {
    const std::lock_guard lock(mutex_);
    if (users_ > 0) --users_;
    changed_.notify_all();
}

bool Snapshot::is_wanted(std::unique_lock<std::mutex>& lock) {
    // Nobody reads psql's answer while this holds its input: until there is one, only for a moment.
    const bool is_answered = answer_.find('\n') != answer_.npos;
    if (!is_answered) pause_ = std::min(pause_ * 2, kLongestPause);
    const auto until = std::chrono::steady_clock::now() + (is_answered ? kSignOfLife : pause_);
    while (users_ > 0 && !stop_->requested() && !tools_.call().cancelled()) {
        const auto now = std::chrono::steady_clock::now();
        if (now >= until) return true;
        changed_.wait_until(lock,
                            std::min<std::chrono::steady_clock::time_point>(until, now + kLook));
    }
    return false;
}

bkt_rc Snapshot::read(const bkt_source* source, void* into, std::uint64_t cap,
                      std::uint64_t* len) noexcept {
    auto& self = *static_cast<Snapshot*>(source->ctx);
    return detail::walled([&] {
        std::unique_lock lock(self.mutex_);
        *len = 0;
        if (self.script_.empty() && self.is_over_) return bkt_rc{BKT_OK};
        if (self.script_.empty()) {
            self.is_over_ = !self.is_wanted(lock);
            self.script_ = self.is_over_ ? "COMMIT;\n" : kAskForLife;
        }
        *len = std::min<std::uint64_t>(cap, self.script_.size());
        std::copy_n(self.script_.data(), *len, static_cast<char*>(into));
        self.script_.erase(0, *len);
        return bkt_rc{BKT_OK};
    });
}

bkt_rc Snapshot::write(const bkt_sink* sink, const void* bytes, std::uint64_t len) noexcept {
    auto& self = *static_cast<Snapshot*>(sink->ctx);
    return detail::walled([&] {
        const std::lock_guard lock(self.mutex_);
        if (self.answer_.size() + len > kMaxAnswerBytes) return bkt_rc{BKT_NO_SPACE};
        self.answer_.append(static_cast<const char*>(bytes), len);
        self.changed_.notify_all();
        return bkt_rc{BKT_OK};
    });
}

}  // namespace bkt::postgres
