// tests/support/stages.hpp: ends and feeds of pipelines for tests.
#pragma once

#include <string>

#include "core/stream/stage.hpp"

namespace bkt::test {

// Keeps what it is given; fails at a byte when told to.
class CollectingStage final : public stream::Stage {
public:
    std::string text;
    bool finished = false;
    std::size_t fail_after_bytes = SIZE_MAX;

    Status write(Bytes bytes) override {
        if (text.size() + bytes.size() > fail_after_bytes) return Error{Code::no_space, "full"};
        text += as_text(bytes);
        return {};
    }
    Status finish() override {
        finished = true;
        return {};
    }
};

inline Status feed(stream::Stage& stage, std::string_view text, std::size_t chunk_bytes) {
    while (!text.empty()) {
        const auto head = text.substr(0, chunk_bytes);
        BKT_TRY(stage.write(as_bytes(head)));
        text.remove_prefix(head.size());
    }
    return {};
}

// Compressible, but not trivially.
inline std::string sample(std::size_t bytes, unsigned seed = 1) {
    std::string text;
    text.reserve(bytes);
    while (text.size() < bytes) {
        seed = seed * 1103515245 + 12345;
        text += std::to_string(seed >> 8) + ",row\n";
    }
    text.resize(bytes);
    return text;
}

}  // namespace bkt::test
