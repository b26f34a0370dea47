#include "core/archive/part_writer.hpp"

#include "core/archive/layers.hpp"
#include "core/stream/tee.hpp"

namespace bkt::archive {

PartWriter::PartWriter(PartOptions options, std::unique_ptr<stream::Validator> validator,
                       std::vector<const Store*> stores, const plugin::CallScope& scope)
    : options_(std::move(options)),
      validator_(std::move(validator)),
      stores_(std::move(stores)),
      scope_(scope),
      input_(options_.budget.chunk_bytes, options_.budget.ring_chunks),
      store_errors_(stores_.size()) {
    part_.name = options_.name;
    part_.media_type = options_.media_type;
    part_.layers = layers_for(options_.compression);
    part_.object = object_name(options_.name, part_.layers);
    const std::string key = options_.folder + "/" + part_.object;
    // Every ring is in its place before the first thread looks for its own.
    for (const auto* store : stores_)
        store_rings_.push_back(store ? std::make_unique<stream::Ring>(options_.budget.chunk_bytes,
                                                                      options_.budget.ring_chunks)
                                     : nullptr);
    for (std::size_t i = 0; i < stores_.size(); ++i) {
        if (stores_[i]) putters_.emplace_back([this, i, key] { put(i, key); });
        else store_errors_[i] = Error{Code::unavailable, "the store failed earlier in this run"};
    }
    encoder_ = std::thread([this] { encode(); });
}

PartWriter::~PartWriter() {
    if (encoder_.joinable()) abandon({Code::cancelled, "the part was abandoned"});
}

void PartWriter::put(std::size_t i, const std::string& key) {
    try {
        if (auto done = stores_[i]->put(scope_, key, *store_rings_[i]); !done)
            store_errors_[i] = std::move(done).error();
    } catch (const std::exception& e) {
        store_errors_[i] = Error{Code::bug, std::string("storing failed: ") + e.what()};
        store_rings_[i]->close(*store_errors_[i]);
    }
}

void PartWriter::encode() {
    try {
        if (auto done = encode_all(); !done) encode_error_ = std::move(done).error();
    } catch (const std::exception& e) {
        encode_error_ = Error{Code::bug, std::string("the pipeline failed: ") + e.what()};
    }
    if (!encode_error_) return;
    input_.close(*encode_error_);
    for (auto& ring : store_rings_)
        if (ring) ring->fail(*encode_error_);
}

Status PartWriter::encode_all() {
    std::vector<stream::Ring*> rings;
    for (auto& ring : store_rings_)
        if (ring) rings.push_back(ring.get());
    stream::Tee tee(std::move(rings));
    stream::DigestStage stored(tee);
    const auto compressor = make_encoder(stored, options_.compression, options_.budget);
    stream::DigestStage plain(compressor ? *compressor : static_cast<stream::Stage&>(stored));
    stream::TapStage tap(plain, *validator_);
    std::optional<stream::Throttle> throttle;
    if (options_.rate) throttle.emplace(tap, *options_.rate, scope_.cancel);
    stream::Stage& first = throttle ? static_cast<stream::Stage&>(*throttle) : tap;

    for (;;) {
        BKT_LET(const Bytes bytes, input_.read());
        if (bytes.empty()) break;
        BKT_TRY(first.write(bytes));
        passed_bytes_.store(plain.size_bytes(), std::memory_order_relaxed);
    }
    if (expected_bytes_ != UINT64_MAX && expected_bytes_ != plain.size_bytes())
        return Error{Code::truncated,
                     "the tool gave " + std::to_string(expected_bytes_) + " bytes, " +
                         std::to_string(plain.size_bytes()) + " arrived",
                     "the connection to the container lost data: run the backup again"};
    BKT_TRY(first.finish());
    part_.plain = plain.digest();
    part_.stored = stored.digest();
    return {};
}

Result<PartOutcome> PartWriter::finish(int exit_code, std::uint64_t tool_bytes) {
    if (!encoder_.joinable())
        return Error{Code::bug, "part '" + options_.name + "' was finished twice"};
    if (exit_code != 0) {
        Error error{Code::failed,
                    "the dump tool of '" + options_.name + "' exited " + std::to_string(exit_code)};
        abandon(error);
        return error;
    }
    expected_bytes_ = tool_bytes;
    const auto ended = input_.finish();
    join();
    if (encode_error_) return std::move(*encode_error_).within("part '" + options_.name + "'");
    if (!ended) return ended.error();
    part_.exit_code = exit_code;
    part_.marker_seen = true;
    const Error* last = nullptr;
    for (const auto& error : store_errors_)
        if (error) last = &*error;
        else return PartOutcome{std::move(part_), std::move(store_errors_)};
    return last ? *last : Error{Code::bug, "no store to write to"};
}

void PartWriter::abandon(Error why) {
    input_.fail(std::move(why));
    join();
}

void PartWriter::join() {
    if (encoder_.joinable()) encoder_.join();
    for (auto& putter : putters_)
        if (putter.joinable()) putter.join();
}

}  // namespace bkt::archive
