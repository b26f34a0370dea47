// stream/budget.hpp: one job's share of memory, turned into the sizes of its buffers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace bkt::stream {

struct Budget {
    std::size_t chunk_bytes = 1u << 20;
    std::size_t ring_chunks = 4;
    std::size_t zstd_job_bytes = 2u << 20;
    unsigned zstd_workers = 2;

    // `share_bytes` of memory for one job writing to `stores` stores on `cores` cores. Two rings' worth
    // of chunks for input, one ring a store, and about six job buffers a zstd worker must fit.
    static Budget of(std::uint64_t share_bytes, std::size_t stores, unsigned cores) {
        Budget b;
        b.zstd_workers = std::clamp(cores, 1u, 8u);
        const auto need = [&] {
            return b.chunk_bytes * b.ring_chunks * (1 + stores) +
                   b.zstd_job_bytes * 6 * b.zstd_workers;
        };
        while (need() > share_bytes && b.zstd_workers > 2) --b.zstd_workers;
        while (need() > share_bytes && b.chunk_bytes > (64u << 10)) {
            b.chunk_bytes /= 2;
            b.zstd_job_bytes = std::max<std::size_t>(b.zstd_job_bytes / 2, 512u << 10);
        }
        return b;
    }
};

}  // namespace bkt::stream
