// stream/tee.hpp: one stream into several stores. A store that fails is dropped and remembered; the
// stream goes on while one is left.
#pragma once

#include <optional>
#include <vector>

#include "core/stream/ring.hpp"
#include "core/stream/stage.hpp"

namespace bkt::stream {

class Tee final : public Stage {
public:
    // Borrows the rings.
    explicit Tee(std::vector<Ring*> rings) : rings_(std::move(rings)) {}

    Status write(Bytes bytes) override {
        return each([&](Ring& ring) { return ring.write(bytes); });
    }
    Status finish() override {
        return each([](Ring& ring) { return ring.finish(); });
    }

private:
    template <class Action>
    Status each(Action&& action) {
        bool alive = false;
        for (Ring*& ring : rings_) {
            if (!ring) continue;
            if (auto done = action(*ring); done) alive = true;
            else ring = nullptr, last_ = std::move(done).error();
        }
        if (alive) return {};
        return last_.value_or(Error{Code::bug, "no store to write to"});
    }

    std::vector<Ring*> rings_;  // nullptr = dropped
    std::optional<Error> last_;
};

}  // namespace bkt::stream
