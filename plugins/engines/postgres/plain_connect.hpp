// plain_connect.hpp: a plain dump made with --create, without the lines that make and enter its database,
// so that it can be played into one of another name.
#pragma once

#include <string>

#include "baktainer/stream.hpp"

namespace bkt::postgres {

class WithoutCreate final {
public:
    explicit WithoutCreate(const Source& from) : from_(from) {
        raw_ = {sizeof raw_, 0, this, &read, 0};
    }
    WithoutCreate(const WithoutCreate&) = delete;
    WithoutCreate& operator=(const WithoutCreate&) = delete;

    // What is left, as a source that lives as long as this.
    Source source() const { return Source(&raw_); }

private:
    static bkt_rc read(const bkt_source* source, void* into, std::uint64_t cap,
                       std::uint64_t* len) noexcept;
    Status drop_prelude();

    Source from_;
    std::string head_;  // read and not yet given
    bool in_prelude_ = true;
    bkt_source raw_{};
};

}  // namespace bkt::postgres
