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

// A sink into a bounded text.
struct Capture {
    std::string* text;
    std::size_t bytes_max;

    bkt_sink raw() { return {sizeof(bkt_sink), 0, this, &write, nullptr, nullptr}; }
    static bkt_rc write(const bkt_sink* sink, const void* bytes, std::uint64_t len) noexcept {
        auto* self = static_cast<Capture*>(sink->ctx);
        if (self->text->size() + len > self->bytes_max) return BKT_NO_SPACE;
        return walled([&] {
            self->text->append(static_cast<const char*>(bytes), len);
            return bkt_rc{BKT_OK};
        });
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
