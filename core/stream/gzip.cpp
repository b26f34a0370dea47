#include "core/stream/gzip.hpp"

#include <algorithm>
#include <limits>
#include <new>

namespace bkt::stream {

namespace {

constexpr int kGzipWindow = 15 + 16;  // zlib's way to ask for a gzip header
constexpr std::size_t kGzipOutBytes = 256 * 1024;

void feed(z_stream& z, Bytes bytes) {
    z.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(bytes.data()));
    z.avail_in = static_cast<uInt>(bytes.size());
}

// zlib counts in 32 bits.
Bytes take(Bytes& bytes) {
    const auto n = std::min<std::size_t>(bytes.size(), std::numeric_limits<int>::max());
    const Bytes head = bytes.first(n);
    bytes = bytes.subspan(n);
    return head;
}

}  // namespace

GzipEncoder::GzipEncoder(Stage& next, int level) : next_(next), out_(kGzipOutBytes) {
    if (deflateInit2(&z_, level, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::bad_alloc();
}

GzipEncoder::~GzipEncoder() { deflateEnd(&z_); }

Status GzipEncoder::pump(Bytes bytes, int flush) {
    do {
        feed(z_, take(bytes));
        int rc = Z_OK;
        do {
            z_.next_out = reinterpret_cast<Bytef*>(out_.data());
            z_.avail_out = static_cast<uInt>(out_.size());
            rc = deflate(&z_, flush);
            const std::size_t made = out_.size() - z_.avail_out;
            if (made > 0) BKT_TRY(next_.write(Bytes(out_).first(made)));
        } while (z_.avail_out == 0 || (flush == Z_FINISH && rc != Z_STREAM_END));
    } while (!bytes.empty());
    return {};
}

Status GzipEncoder::finish() {
    BKT_TRY(pump({}, Z_FINISH));
    return next_.finish();
}

GzipDecoder::GzipDecoder(Stage& next) : next_(next), out_(kGzipOutBytes) {
    if (inflateInit2(&z_, kGzipWindow) != Z_OK) throw std::bad_alloc();
}

GzipDecoder::~GzipDecoder() { inflateEnd(&z_); }

Status GzipDecoder::write(Bytes bytes) {
    while (!bytes.empty()) {
        feed(z_, take(bytes));
        do {
            if (whole_ && z_.avail_in > 0) {  // another member follows
                inflateReset(&z_);
                whole_ = false;
            }
            z_.next_out = reinterpret_cast<Bytef*>(out_.data());
            z_.avail_out = static_cast<uInt>(out_.size());
            const int rc = inflate(&z_, Z_NO_FLUSH);
            if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR)
                return Error{Code::corrupt, "the gzip data is damaged",
                             "restore another backup; this one was changed after it was stored"};
            whole_ = rc == Z_STREAM_END;
            const std::size_t made = out_.size() - z_.avail_out;
            if (made > 0) BKT_TRY(next_.write(Bytes(out_).first(made)));
        } while (z_.avail_in > 0 || z_.avail_out == 0);
    }
    return {};
}

Status GzipDecoder::finish() {
    if (!whole_) return Error{Code::truncated, "the gzip data ends before its end"};
    return next_.finish();
}

}  // namespace bkt::stream
