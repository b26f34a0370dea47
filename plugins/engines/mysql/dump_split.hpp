// dump_split.hpp: what one dump tool says of several databases, on its way into a part each.
//
// A tool dumps all databases of its command line in one transaction and writes: its header; each database's
// section, which begins by naming it; if one of them has views, a second section of each, with the views; its
// end. A part gets the header, its database's sections and the end, and so is what the tool would have written
// of that database alone. One without views is finished when the next section begins, lest all are open
// at once: with an end that does what the tool's own will, which is to give back what the header set.
//
// Sections must come in the order of the command line, each once: a text within a routine that looks like
// the beginning of one makes the dump fail.
#pragma once

#include <functional>

#include "baktainer/engine.hpp"

namespace bkt::mysql {

class DumpSplit final {
public:
    struct Into {
        std::string database, part;
        bool has_views = false;
    };
    // In the order of the command line. `begun` is called when the first section begins: by then the tool's
    // transaction stands.
    DumpSplit(PartsOut& out, const std::vector<Into>& into, std::function<void()> begun);
    DumpSplit(const DumpSplit&) = delete;
    DumpSplit& operator=(const DumpSplit&) = delete;

    // What the tool writes to; lives as long as this.
    Sink sink() const { return Sink(&raw_); }
    // Why, once it has failed by itself.
    const std::optional<Error>& failed() const { return failed_; }
    // The tool exited 0 and says it wrote `tool_bytes`: finishes all parts.
    Status finish(std::uint64_t tool_bytes);

private:
    struct Database {
        Into into;
        std::string marker;  // the line that begins its sections
        std::optional<PartOut> part;
        std::uint64_t bytes = 0;
        bool is_finished = false;
    };
    enum class Place { header, section, end };

    static bkt_rc write(const bkt_sink* sink, const void* bytes, std::uint64_t len) noexcept;
    Status feed(std::string_view text);
    Status pass(std::string_view text);
    Status judge(std::string_view line);
    Status enter(std::string_view line);
    Status enter_end();
    Status open(Database& database);
    Status give(Database& database, std::string_view text);
    Status close(Database& database, std::string_view end);
    Status check_aside();
    bool is_plain(char first) const;
    std::string header_for(const Database& database) const;
    std::string early_end() const;

    PartsOut& out_;
    std::vector<Database> databases_;
    const std::function<void()> begun_;
    Place place_ = Place::header;
    bool in_views_ = false;  // the second round of sections
    bool in_body_ = false;   // of a routine, trigger or event
    bool in_line_ = false;   // in the middle of a line that needs no judging
    std::size_t at_ = 0;     // the database whose section this is
    std::string line_;       // the start of one that does
    std::string held_;       // lines that may belong to the next section
    std::string header_, end_;
    std::string aside_;  // a second section of a finished part
    std::uint64_t bytes_ = 0;
    std::optional<Error> failed_;
    bkt_sink raw_{};
};

}  // namespace bkt::mysql
