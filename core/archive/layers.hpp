// archive/layers.hpp: what stands between a part's plain bytes and its stored ones, both ways. Only
// standard formats, so that every backup opens without Baktainer. Encryption joins here.
#pragma once

#include <memory>

#include "core/archive/manifest.hpp"
#include "core/config/label_value.hpp"
#include "core/stream/budget.hpp"
#include "core/stream/stage.hpp"

namespace bkt::archive {

std::vector<Layer> layers_for(const config::Compression& compression);
// "orders.dump" + zstd -> "orders.dump.zst".
std::string object_name(const std::string& part, const std::vector<Layer>& layers);
// nullptr = nothing to do.
std::unique_ptr<stream::Stage> make_encoder(stream::Stage& next,
                                            const config::Compression& compression,
                                            const stream::Budget& budget);
// The stages that undo `layers`, outermost first in use; keeps them alive. An empty chain's front is
// `last` itself.
class DecoderChain final {
public:
    // Code::unsupported for a layer this version does not know.
    static Result<DecoderChain> make(stream::Stage& last, const std::vector<Layer>& layers);
    stream::Stage& front() { return stages_.empty() ? *last_ : *stages_.back(); }

private:
    explicit DecoderChain(stream::Stage& last) : last_(&last) {}
    stream::Stage* last_;
    std::vector<std::unique_ptr<stream::Stage>> stages_;
};
// A shell command that undoes `layers`, reading a file: "zstd -dc FILE"; "cat FILE" when none.
std::string decode_command(const std::string& file, const std::vector<Layer>& layers);

}  // namespace bkt::archive
