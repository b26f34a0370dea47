// detail/capture.hpp: bytes of a service kept in, or taken from, a text of the plugin; and how a secret
// is wiped.
#pragma once

#include <algorithm>

#include "baktainer/abi/stream.h"
#include "baktainer/call.hpp"
#include "baktainer/detail/wall.hpp"

namespace bkt::detail {

// A volatile write cannot be optimised away, so a secret does not outlive its use in freed memory.
inline void wipe(std::string& s) {
    volatile char* p = s.data();
    for (std::size_t i = 0; i < s.size(); ++i) p[i] = 0;
    s.clear();
}

// What a service reports, and whether there was no memory for a part of it: then none of it may be used. A
// header that was lost is not one that was not sent.
template <class T>
struct Reported {
    T value;
    bool is_cut = false;

    template <class Body>
    void take(Body&& body) noexcept {
        const bkt_rc rc = walled([&] {
            body(value);
            return bkt_rc{BKT_OK};
        });
        is_cut = is_cut || rc != BKT_OK;
    }
};

// A sink into a bounded text.
struct Capture {
    std::string* text;
    std::size_t bytes_max;
    bool is_cut = false;      // for want of memory
    bool overflowed = false;  // more than bytes_max

    bkt_sink raw() { return {sizeof(bkt_sink), 0, this, &write, nullptr, nullptr}; }
    static bkt_rc write(const bkt_sink* sink, const void* bytes, std::uint64_t len) noexcept {
        auto* self = static_cast<Capture*>(sink->ctx);
        self->overflowed = self->text->size() + len > self->bytes_max;
        if (self->overflowed) return BKT_NO_SPACE;
        const bkt_rc rc = walled([&] {
            self->text->append(static_cast<const char*>(bytes), len);
            return bkt_rc{BKT_OK};
        });
        self->is_cut = self->is_cut || rc != BKT_OK;
        return rc;
    }
};

// A source over a text that is there.
struct TextSource {
    std::string_view rest;

    bkt_source raw() { return {sizeof(bkt_source), 0, this, &read, rest.size()}; }
    static bkt_rc read(const bkt_source* source, void* bytes, std::uint64_t cap,
                       std::uint64_t* len) noexcept {
        auto* self = static_cast<TextSource*>(source->ctx);
        *len = std::min<std::uint64_t>(cap, self->rest.size());
        std::copy_n(self->rest.data(), *len, static_cast<char*>(bytes));
        self->rest.remove_prefix(*len);
        return BKT_OK;
    }
};

}  // namespace bkt::detail
