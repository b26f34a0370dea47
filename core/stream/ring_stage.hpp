// stream/ring_stage.hpp: the end of one thread's pipeline: into a ring another thread reads.
#pragma once

#include "core/stream/ring.hpp"
#include "core/stream/stage.hpp"

namespace bkt::stream {

class RingStage final : public Stage {
public:
    explicit RingStage(Ring& ring) : ring_(ring) {}
    Status write(Bytes bytes) override { return ring_.write(bytes); }
    Status finish() override { return ring_.finish(); }

private:
    Ring& ring_;
};

}  // namespace bkt::stream
