// stream/gzip.hpp: gzip members in and out (zlib), for those whose tools know nothing else.
#pragma once

#include <zlib.h>

#include <memory>
#include <vector>

#include "core/stream/stage.hpp"

namespace bkt::stream {

class GzipEncoder final : public Stage {
public:
    GzipEncoder(Stage& next, int level);  // throws std::bad_alloc
    ~GzipEncoder() override;
    Status write(Bytes bytes) override { return pump(bytes, Z_NO_FLUSH); }
    Status finish() override;

private:
    Status pump(Bytes bytes, int flush);
    Stage& next_;
    z_stream z_{};
    std::vector<std::byte> out_;
};

// Takes one or more members (as gzip does); refuses a cut one and garbage after the last.
class GzipDecoder final : public Stage {
public:
    explicit GzipDecoder(Stage& next);  // throws std::bad_alloc
    ~GzipDecoder() override;
    Status write(Bytes bytes) override;
    Status finish() override;

private:
    Stage& next_;
    z_stream z_{};
    std::vector<std::byte> out_;
    bool whole_ = false;
};

}  // namespace bkt::stream
