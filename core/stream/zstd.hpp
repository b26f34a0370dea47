// stream/zstd.hpp: zstd frames in and out (libzstd), compressing on threads of its own.
#pragma once

#include <memory>
#include <vector>

#include "core/stream/stage.hpp"

struct ZSTD_CCtx_s;
struct ZSTD_DCtx_s;

namespace bkt::stream {

struct ZstdOptions {
    int level = 3;
    unsigned workers = 2;              // 0 = in the calling thread
    std::size_t job_bytes = 2u << 20;  // input of one worker's job: bounds memory
};

class ZstdEncoder final : public Stage {
public:
    // Throws std::bad_alloc.
    ZstdEncoder(Stage& next, const ZstdOptions& options);
    Status write(Bytes bytes) override;
    Status finish() override;

private:
    struct Free {
        void operator()(ZSTD_CCtx_s* context) const;
    };
    Stage& next_;
    std::unique_ptr<ZSTD_CCtx_s, Free> context_;
    std::vector<std::byte> out_;
};

// Refuses what is not whole: an unknown or cut frame, anything after the last frame.
class ZstdDecoder final : public Stage {
public:
    explicit ZstdDecoder(Stage& next);
    Status write(Bytes bytes) override;
    Status finish() override;

private:
    struct Free {
        void operator()(ZSTD_DCtx_s* context) const;
    };
    Stage& next_;
    std::unique_ptr<ZSTD_DCtx_s, Free> context_;
    std::vector<std::byte> out_;
    bool whole_ = false;  // the last frame ended exactly where the input did so far
};

}  // namespace bkt::stream
