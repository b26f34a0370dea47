#include "core/archive/part_reader.hpp"

#include <thread>

#include "core/archive/layers.hpp"
#include "core/stream/ring_stage.hpp"

namespace bkt::archive {

namespace {

// Lets the end through only when what passed is what the manifest promises.
class DigestGate final : public stream::Stage {
public:
    DigestGate(stream::Stage& next, const Part& part) : next_(next), part_(part) {}
    const stream::DigestStage* stored = nullptr;
    const stream::DigestStage* plain = nullptr;

    Status write(Bytes bytes) override { return next_.write(bytes); }
    Status finish() override {
        if (stored->digest() != part_.stored)
            return differs("stored", stored->digest(), part_.stored);
        if (plain->digest() != part_.plain) return differs("plain", plain->digest(), part_.plain);
        return next_.finish();
    }

private:
    Error differs(const char* which, const stream::Digest& is, const stream::Digest& should) const {
        const std::string what = is.size_bytes != should.size_bytes
                                     ? "are " + std::to_string(is.size_bytes) + ", not " +
                                           std::to_string(should.size_bytes)
                                     : "have another SHA-256";
        return {Code::corrupt,
                std::string("its ") + which + " bytes " + what + " than the manifest says",
                "the part was changed after it was stored: restore another backup and check the "
                "store's disk"};
    }

    stream::Stage& next_;
    const Part& part_;
};

}  // namespace

Status read_part(const Store& store, const std::string& folder, const Part& part, stream::Stage& to,
                 const stream::Budget& budget, const plugin::CallScope& scope) {
    stream::Ring ring(budget.chunk_bytes, budget.ring_chunks);
    std::thread getter([&] {
        try {
            stream::RingStage into(ring);
            if (auto done = store.get(scope, folder + "/" + part.object, into); !done)
                ring.fail(std::move(done).error());
        } catch (const std::exception& e) {
            ring.fail({Code::bug, std::string("reading failed: ") + e.what()});
        }
    });
    const auto pump = [&]() -> Status {
        DigestGate gate(to, part);
        stream::DigestStage plain(gate);
        BKT_LET(auto decoders, DecoderChain::make(plain, part.layers));
        stream::DigestStage stored(decoders.front());
        gate.plain = &plain;
        gate.stored = &stored;
        for (;;) {
            BKT_LET(const Bytes bytes, ring.read());
            if (bytes.empty()) return stored.finish();
            BKT_TRY(stored.write(bytes));
        }
    };
    auto done = pump();
    ring.close({Code::cancelled, "the reader stopped"});
    getter.join();
    if (done) return done;
    return std::move(done).error().within("part '" + part.name + "'");
}

}  // namespace bkt::archive
