// Turns every bit over, and names how in its header.
#include <baktainer/plugin.hpp>

struct ReversingTransform final : bkt::Transform {
    explicit ReversingTransform(bkt::Call&) {}

    std::uint64_t caps() const override { return BKT_TRANSFORM_DETERMINISTIC; }
    bkt::Status encode(bkt::Call&, const bkt::Source& source, const bkt::Sink& sink,
                       const bkt::HeaderOut& header) override {
        BKT_TRY(header.header(bkt::as_bytes("xor")));
        return turn(source, sink);
    }
    bkt::Status decode(bkt::Call&, bkt::Bytes header, const bkt::Source& source,
                       const bkt::Sink& sink) override {
        if (bkt::as_text(header) != "xor")
            return bkt::Error{bkt::Code::corrupt, "the header is not ours"};
        return turn(source, sink);
    }
    static bkt::Status turn(const bkt::Source& source, const bkt::Sink& sink) {
        std::array<std::byte, 7> chunk;  // odd on purpose: ends never fit
        for (;;) {
            BKT_LET(const std::size_t n, source.read(chunk));
            if (n == 0) return {};
            for (std::byte& b : chunk) b ^= std::byte{0xff};
            BKT_TRY(sink.write(bkt::Bytes(chunk).first(n)));
        }
    }
};

BKT_PLUGIN("com.acme.reversing", "1.0.0", "reversing", ReversingTransform)
