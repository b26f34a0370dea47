#include "core/archive/layers.hpp"

#include "core/stream/gzip.hpp"
#include "core/stream/zstd.hpp"

namespace bkt::archive {

namespace {
using Method = config::Compression::Method;
}

std::vector<Layer> layers_for(const config::Compression& c) {
    switch (c.method) {
        case Method::none: return {};
        case Method::gzip: return {{"compress", "gzip", {{"level", std::to_string(c.level)}}}};
        case Method::zstd: return {{"compress", "zstd", {{"level", std::to_string(c.level)}}}};
    }
    return {};
}

std::string object_name(const std::string& part, const std::vector<Layer>& layers) {
    std::string name = part;
    for (const auto& layer : layers) name += layer.id == "gzip" ? ".gz" : ".zst";
    return name;
}

std::unique_ptr<stream::Stage> make_encoder(stream::Stage& next, const config::Compression& c,
                                            const stream::Budget& budget) {
    switch (c.method) {
        case Method::none: return nullptr;
        case Method::gzip: return std::make_unique<stream::GzipEncoder>(next, c.level);
        case Method::zstd:
            return std::make_unique<stream::ZstdEncoder>(
                next, stream::ZstdOptions{c.level, budget.zstd_workers, budget.zstd_job_bytes});
    }
    return nullptr;
}

Result<DecoderChain> DecoderChain::make(stream::Stage& last, const std::vector<Layer>& layers) {
    DecoderChain chain(last);
    for (const auto& layer : layers) {
        if (layer.id == "zstd")
            chain.stages_.push_back(std::make_unique<stream::ZstdDecoder>(chain.front()));
        else if (layer.id == "gzip")
            chain.stages_.push_back(std::make_unique<stream::GzipDecoder>(chain.front()));
        else
            return Error{Code::unsupported, "this version cannot undo the layer '" + layer.id + "'",
                         "use the version of Baktainer that wrote the backup, or a newer one"};
    }
    return chain;
}

std::string decode_command(const std::string& file, const std::vector<Layer>& layers) {
    if (layers.empty()) return "cat " + file;
    return (layers.back().id == "gzip" ? "gzip -dc " : "zstd -dc ") + file;
}

}  // namespace bkt::archive
