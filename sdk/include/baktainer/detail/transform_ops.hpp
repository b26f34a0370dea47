// detail/transform_ops.hpp: bkt_transform_ops over a class derived from bkt::Transform.
#pragma once

#include "baktainer/detail/thunk.hpp"
#include "baktainer/transform.hpp"

namespace bkt::detail {

template <class T>
struct TransformOps {
    static bkt_rc caps(void* self, const bkt_call* raw, std::uint64_t* caps) noexcept {
        return on<T>(self, raw, [&](T& transform, Call&) -> Status {
            *caps = transform.caps();
            return {};
        });
    }
    static bkt_rc encode(void* self, const bkt_call* raw, const bkt_source* source,
                         const bkt_sink* sink, const bkt_header_out* header) noexcept {
        return on<T>(self, raw, [&](T& transform, Call& call) {
            return transform.encode(call, Source(source), Sink(sink), HeaderOut(header));
        });
    }
    static bkt_rc decode(void* self, const bkt_call* raw, const void* header,
                         std::uint64_t header_len, const bkt_source* source,
                         const bkt_sink* sink) noexcept {
        return on<T>(self, raw, [&](T& transform, Call& call) {
            const Bytes told(static_cast<const std::byte*>(header), header_len);
            return transform.decode(call, told, Source(source), Sink(sink));
        });
    }
    static constexpr bkt_transform_ops kOps = {sizeof(bkt_transform_ops),
                                               0,
                                               &open_instance<T>,
                                               &close_instance<T>,
                                               &caps,
                                               &encode,
                                               &decode,
                                               extension_slot<T, Transform>()};
};

}  // namespace bkt::detail
