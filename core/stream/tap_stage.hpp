// stream/tap_stage.hpp: shows every byte to a validator on the way through.
#pragma once

#include "core/stream/stage.hpp"

namespace bkt::stream {

// What validates a part; implemented over an engine plugin's tap.
class Validator {
public:
    virtual ~Validator() = default;
    virtual Status feed(Bytes bytes) = 0;
    virtual Status finish() = 0;
};

class TapStage final : public Stage {
public:
    TapStage(Stage& next, Validator& validator) : next_(next), validator_(validator) {}
    Status write(Bytes bytes) override {
        BKT_TRY(validator_.feed(bytes));
        return next_.write(bytes);
    }
    // The validator speaks first: what it refuses must not reach a store's commit.
    Status finish() override {
        BKT_TRY(validator_.finish());
        return next_.finish();
    }

private:
    Stage& next_;
    Validator& validator_;
};

// Where a verified stream ends.
class NullStage final : public Stage {
public:
    Status write(Bytes) override { return {}; }
    Status finish() override { return {}; }
};

}  // namespace bkt::stream
