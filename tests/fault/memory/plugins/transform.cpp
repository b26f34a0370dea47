// A transform that holds all it reads.
#include <baktainer/plugin.hpp>

struct SparseTransform final : bkt::Transform {
    explicit SparseTransform(bkt::Call&) {}

    bkt::Status encode(bkt::Call&, const bkt::Source& source, const bkt::Sink& sink,
                       const bkt::HeaderOut& header) override {
        std::string text = "a header that is longer than a string";
        BKT_TRY(header.header(bkt::as_bytes(text)));
        return carry(source, sink);
    }
    bkt::Status decode(bkt::Call&, bkt::Bytes header, const bkt::Source& source,
                       const bkt::Sink& sink) override {
        if (std::string(bkt::as_text(header)) != "a header that is longer than a string")
            return bkt::Error{bkt::Code::corrupt, "a header of somebody else's"};
        return carry(source, sink);
    }
    static bkt::Status carry(const bkt::Source& source, const bkt::Sink& sink) {
        std::vector<std::byte> all(256);
        BKT_LET(const std::size_t n, source.read(all));
        return sink.write(bkt::Bytes(all).first(n));
    }
};

BKT_PLUGIN("test.sparse.transform", "1.0.0", "sparse-transform", SparseTransform)
