// globals_filter.hpp: leaves out of globals.sql what the server has already.
//
// pg_dumpall writes "CREATE ROLE x;" for every role, the superuser that every server is born with
// included. With those lines gone the rest can run with every error an error.
#pragma once

#include <set>
#include <string>

#include "baktainer/stream.hpp"

namespace bkt::postgres {

class GlobalsFilter final {
public:
    GlobalsFilter(const Source& from, std::set<std::string> roles,
                  std::set<std::string> tablespaces)
        : from_(from), roles_(std::move(roles)), tablespaces_(std::move(tablespaces)) {
        raw_ = {sizeof raw_, 0, this, &read, 0};
    }
    GlobalsFilter(const GlobalsFilter&) = delete;
    GlobalsFilter& operator=(const GlobalsFilter&) = delete;

    // What is left, as a source that lives as long as this.
    Source source() const { return Source(&raw_); }

private:
    static bkt_rc read(const bkt_source* source, void* into, std::uint64_t cap,
                       std::uint64_t* len) noexcept;
    Status fill();
    bool drops(std::string_view line);
    void pass_complete_lines();

    Source from_;
    std::set<std::string> roles_, tablespaces_;
    std::string partial_line_, ready_;
    bool ended_ = false;
    bool in_literal_ = false;  // a line may begin within the text of a comment
    bkt_source raw_{};
};

}  // namespace bkt::postgres
