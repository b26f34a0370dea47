// stream/stage.hpp: one step of a pipeline: bytes are pushed in, and pushed on, changed or not.
#pragma once

#include "baktainer/stream.hpp"

namespace bkt::stream {

// A stage borrows the next one. One thread at a time. After a failure only destruction is useful.
class Stage {
public:
    virtual ~Stage() = default;
    virtual Status write(Bytes bytes) = 0;
    // The input is whole and over. Until this returned OK nothing downstream may count.
    virtual Status finish() = 0;
};

}  // namespace bkt::stream
