// hash.hpp: a digest made by the host, so that a plugin needs no crypto library.
#pragma once

#include <array>
#include <utility>

#include "baktainer/abi/services/hash.h"
#include "baktainer/stream.hpp"

namespace bkt {

// Made by Call::hash() or Call::hmac(). Used by one thread at a time.
class Digest final {
public:
    Digest(const bkt_hash* service, void* state, std::size_t size_bytes)
        : service_(service), state_(state), size_bytes_(size_bytes) {}
    Digest(Digest&& other) noexcept
        : service_(other.service_),
          state_(std::exchange(other.state_, nullptr)),
          size_bytes_(other.size_bytes_) {}
    Digest& operator=(Digest&&) = delete;
    ~Digest() {
        if (state_) service_->finish(state_, nullptr);
    }

    Digest& add(Bytes bytes) {
        service_->update(state_, bytes.data(), bytes.size());
        return *this;
    }
    Digest& add(std::string_view text) { return add(as_bytes(text)); }

    // The digest, raw or in lower-case hexadecimal digits. Call one of them, once, last.
    std::string bytes() {
        std::array<std::uint8_t, 64> out{};
        service_->finish(std::exchange(state_, nullptr), out.data());
        return {reinterpret_cast<const char*>(out.data()), size_bytes_};
    }
    std::string hex() {
        static constexpr char kHex[] = "0123456789abcdef";
        std::string text;
        for (const char c : bytes()) {
            const auto u = static_cast<unsigned char>(c);
            (text += kHex[u >> 4]) += kHex[u & 15];
        }
        return text;
    }

    // 0 = unknown algorithm.
    static constexpr std::size_t size_of(std::string_view algorithm) {
        if (algorithm == "sha256") return 32;
        if (algorithm == "sha1") return 20;
        if (algorithm == "md5") return 16;
        return algorithm == "crc32c" ? 4 : 0;
    }

private:
    const bkt_hash* service_;
    void* state_;
    std::size_t size_bytes_;
};

inline Result<Digest> Call::hash(std::string_view algorithm) const {
    const auto* s = service<bkt_hash>(BKT_SERVICE_HASH);
    if (!s) return not_granted(BKT_SERVICE_HASH);
    const std::size_t size = Digest::size_of(algorithm);
    if (void* state = size ? s->begin(host_, str(algorithm)) : nullptr)
        return Digest(s, state, size);
    return Error{Code::unsupported, "no digest '" + std::string(algorithm) + "' here"};
}

inline Result<Digest> Call::hmac(std::string_view algorithm, std::string_view key) const {
    const auto* s = service<bkt_hash>(BKT_SERVICE_HASH);
    if (!s) return not_granted(BKT_SERVICE_HASH);
    const std::size_t size = Digest::size_of(algorithm);
    if (size && BKT_HAS(s, bkt_hash, begin_hmac) && s->begin_hmac)
        if (void* state = s->begin_hmac(host_, str(algorithm), key.data(), key.size()))
            return Digest(s, state, size);
    return Error{Code::unsupported, "no keyed digest '" + std::string(algorithm) + "' here"};
}

}  // namespace bkt
