// stream/digest.hpp: counts and hashes what passes, changes nothing.
#pragma once

#include <memory>
#include <string>

#include "core/stream/stage.hpp"

struct evp_md_ctx_st;

namespace bkt::stream {

// SHA-256, fed in pieces.
class Sha256 final {
public:
    Sha256();
    void update(Bytes bytes);
    // 64 lower-case hex digits. Call once, last.
    std::string hex();

private:
    struct Free {
        void operator()(evp_md_ctx_st* context) const;
    };
    std::unique_ptr<evp_md_ctx_st, Free> context_;
};

struct Digest {
    std::uint64_t size_bytes = 0;
    std::string sha256;  // hex
    bool operator==(const Digest&) const = default;
};

class DigestStage final : public Stage {
public:
    explicit DigestStage(Stage& next) : next_(next) {}
    Status write(Bytes bytes) override;
    Status finish() override;
    std::uint64_t size_bytes() const { return digest_.size_bytes; }
    // Complete after finish().
    const Digest& digest() const { return digest_; }

private:
    Stage& next_;
    Sha256 hash_;
    Digest digest_;
};

}  // namespace bkt::stream
