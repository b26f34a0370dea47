// testing/fake_hash.hpp: bkt.hash/1 for a fake host: real digests, by OpenSSL (the one library besides the C++
// library's own that the test kit links), made at the end from everything that was given.
#pragma once

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <memory>

#include "baktainer/hash.hpp"

namespace bkt::testing {

class FakeHash final {
public:
    static const bkt_hash* table() {
        static constexpr bkt_hash kHash = {sizeof kHash, 0, &begin, &update, &finish, &begin_hmac};
        return &kHash;
    }

private:
    std::string algorithm_, key_, bytes_;
    bool keyed_ = false;

    static const EVP_MD* known(std::string_view algorithm) {
        if (algorithm == "sha256") return EVP_sha256();
        if (algorithm == "sha1") return EVP_sha1();
        return algorithm == "md5" ? EVP_md5() : nullptr;
    }
    static void* begin(const bkt_host*, bkt_str algorithm) noexcept {
        if (!known(view(algorithm)) && view(algorithm) != "crc32c") return nullptr;
        auto* made = new FakeHash;
        made->algorithm_ = view(algorithm);
        return made;
    }
    static void* begin_hmac(const bkt_host* host, bkt_str algorithm, const void* key,
                            std::uint64_t key_len) noexcept {
        if (!known(view(algorithm))) return nullptr;
        auto* made = static_cast<FakeHash*>(begin(host, algorithm));
        made->key_.assign(static_cast<const char*>(key), key_len);
        made->keyed_ = true;
        return made;
    }
    static void update(void* digest, const void* bytes, std::uint64_t len) noexcept {
        static_cast<FakeHash*>(digest)->bytes_.append(static_cast<const char*>(bytes), len);
    }
    static void finish(void* digest, std::uint8_t* out) noexcept {
        const std::unique_ptr<FakeHash> self(static_cast<FakeHash*>(digest));
        if (!out) return;
        const auto& text = self->bytes_;
        const auto* md = known(self->algorithm_);
        if (!md) {
            const std::uint32_t sum = crc32c(text);
            for (int i = 0; i < 4; ++i) out[i] = static_cast<std::uint8_t>(sum >> (24 - 8 * i));
        } else if (self->keyed_) {
            HMAC(md, self->key_.data(), static_cast<int>(self->key_.size()),
                 reinterpret_cast<const unsigned char*>(text.data()), text.size(), out, nullptr);
        } else {
            EVP_Digest(text.data(), text.size(), out, nullptr, md, nullptr);
        }
    }
    // A checksum, which OpenSSL has not: Castagnoli's polynomial, reflected.
    static std::uint32_t crc32c(std::string_view text) {
        std::uint32_t sum = 0xffffffffu;
        for (const char c : text) {
            sum ^= static_cast<unsigned char>(c);
            for (int bit = 0; bit < 8; ++bit) sum = sum >> 1 ^ (sum & 1 ? 0x82f63b78u : 0);
        }
        return ~sum;
    }
};

}  // namespace bkt::testing
