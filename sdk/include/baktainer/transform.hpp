// transform.hpp: derive from bkt::Transform to compress, encrypt or otherwise change a part's bytes and
// change them back.
#pragma once

#include <array>
#include <span>

#include "baktainer/abi/kinds/transform.h"
#include "baktainer/abi/services/events.h"
#include "baktainer/abi/services/metrics.h"
#include "baktainer/stream.hpp"

namespace bkt {

// What decode() is told besides the bytes, kept in the manifest. Never a key.
class HeaderOut final {
public:
    explicit HeaderOut(const bkt_header_out* raw) : raw_(raw) {}
    // Once, before the first byte is written; 4 KiB at most.
    Status header(Bytes bytes) const {
        const bkt_rc rc = raw_->header(raw_, bytes.data(), bytes.size());
        if (rc != BKT_OK) return Call::passed_on(rc, "the header");
        return {};
    }

private:
    const bkt_header_out* raw_;
};

// The contract of each method is that of bkt_transform_ops (abi/kinds/transform.h). The rest as in
// notifier.hpp.
class Transform {
public:
    static constexpr std::array needs{BKT_SERVICE_METRICS, BKT_SERVICE_EVENTS};
    static constexpr std::span<const char* const> experimental{};

    virtual ~Transform() = default;
    virtual std::uint64_t caps() const { return 0; }  // BKT_TRANSFORM_*
    // Reads all of `source`, writes `sink`.
    virtual Status encode(Call& call, const Source& source, const Sink& sink,
                          const HeaderOut& header) = 0;
    // The reverse: Code::truncated or Code::corrupt when the bytes are not what encode() wrote.
    virtual Status decode(Call& call, Bytes header, const Source& source, const Sink& sink) = 0;
    virtual const void* extension(std::string_view) { return nullptr; }
};

}  // namespace bkt
