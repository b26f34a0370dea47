#include "core/stream/zstd.hpp"

#include <zstd.h>

#include <new>

namespace bkt::stream {

namespace {

// A dump's window never needs more than level 19's 8 MiB; a larger one is a hostile or foreign frame
// that would break the memory bound.
constexpr int kWindowLogMax = 27;
constexpr std::size_t kZstdOutBytes = 256 * 1024;

Error encoder_error(std::size_t code) {
    return {Code::bug, std::string("zstd cannot compress: ") + ZSTD_getErrorName(code)};
}

}  // namespace

void ZstdEncoder::Free::operator()(ZSTD_CCtx_s* context) const { ZSTD_freeCCtx(context); }
void ZstdDecoder::Free::operator()(ZSTD_DCtx_s* context) const { ZSTD_freeDCtx(context); }

ZstdEncoder::ZstdEncoder(Stage& next, const ZstdOptions& options)
    : next_(next), context_(ZSTD_createCCtx()), out_(kZstdOutBytes) {
    if (!context_) throw std::bad_alloc();
    auto* c = context_.get();
    ZSTD_CCtx_setParameter(c, ZSTD_c_compressionLevel, options.level);
    ZSTD_CCtx_setParameter(c, ZSTD_c_checksumFlag, 1);
    // A libzstd without threads refuses nbWorkers; compressing in this thread is then right.
    if (options.workers > 0 && !ZSTD_isError(ZSTD_CCtx_setParameter(
                                   c, ZSTD_c_nbWorkers, static_cast<int>(options.workers))))
        ZSTD_CCtx_setParameter(c, ZSTD_c_jobSize, static_cast<int>(options.job_bytes));
}

Status ZstdEncoder::write(Bytes bytes) {
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    while (in.pos < in.size) {
        ZSTD_outBuffer out{out_.data(), out_.size(), 0};
        const std::size_t left = ZSTD_compressStream2(context_.get(), &out, &in, ZSTD_e_continue);
        if (ZSTD_isError(left)) return encoder_error(left);
        if (out.pos > 0) BKT_TRY(next_.write(Bytes(out_).first(out.pos)));
    }
    return {};
}

Status ZstdEncoder::finish() {
    ZSTD_inBuffer none{nullptr, 0, 0};
    for (;;) {
        ZSTD_outBuffer out{out_.data(), out_.size(), 0};
        const std::size_t left = ZSTD_compressStream2(context_.get(), &out, &none, ZSTD_e_end);
        if (ZSTD_isError(left)) return encoder_error(left);
        if (out.pos > 0) BKT_TRY(next_.write(Bytes(out_).first(out.pos)));
        if (left == 0) return next_.finish();
    }
}

ZstdDecoder::ZstdDecoder(Stage& next)
    : next_(next), context_(ZSTD_createDCtx()), out_(ZSTD_DStreamOutSize() * 4) {
    if (!context_) throw std::bad_alloc();
    ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, kWindowLogMax);
}

Status ZstdDecoder::write(Bytes bytes) {
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    while (in.pos < in.size) {
        ZSTD_outBuffer out{out_.data(), out_.size(), 0};
        const std::size_t left = ZSTD_decompressStream(context_.get(), &out, &in);
        if (ZSTD_isError(left))
            return Error{Code::corrupt,
                         std::string("the zstd data is damaged: ") + ZSTD_getErrorName(left),
                         "restore another backup; this one was changed after it was stored"};
        whole_ = left == 0;
        if (out.pos > 0) BKT_TRY(next_.write(Bytes(out_).first(out.pos)));
        // Output may still be waiting inside although the input is used up.
        while (in.pos == in.size && out.pos == out.size) {
            out.pos = 0;
            const std::size_t rest = ZSTD_decompressStream(context_.get(), &out, &in);
            if (ZSTD_isError(rest)) return Error{Code::corrupt, "the zstd data is damaged"};
            if (out.pos == 0) break;
            whole_ = rest == 0;
            BKT_TRY(next_.write(Bytes(out_).first(out.pos)));
        }
    }
    return {};
}

Status ZstdDecoder::finish() {
    if (!whole_) return Error{Code::truncated, "the zstd data ends before its end"};
    return next_.finish();
}

}  // namespace bkt::stream
