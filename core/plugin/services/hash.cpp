// bkt.hash/1: digests by OpenSSL, crc32c by Boost.CRC.
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <boost/crc.hpp>
#include <memory>
#include <variant>

#include "core/plugin/services/guarded.hpp"
#include "core/plugin/services/table.hpp"

namespace bkt::plugin::services {

namespace {

// Castagnoli's polynomial, reflected (RFC 3720, 12.1).
using Crc32c = boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true>;

struct FreeMd {
    void operator()(EVP_MD_CTX* p) const { EVP_MD_CTX_free(p); }
};
struct FreeMac {
    void operator()(EVP_MAC_CTX* p) const { EVP_MAC_CTX_free(p); }  // cleanses the key
};
using Md = std::unique_ptr<EVP_MD_CTX, FreeMd>;
using Mac = std::unique_ptr<EVP_MAC_CTX, FreeMac>;
using Digest = std::variant<Md, Mac, Crc32c>;

const char* openssl_name(std::string_view algorithm) {
    if (algorithm == "sha256") return "SHA256";
    if (algorithm == "sha1") return "SHA1";
    return algorithm == "md5" ? "MD5" : nullptr;
}

void* kept(Digest digest) { return new Digest(std::move(digest)); }

void* begin(const bkt_host*, bkt_str algorithm) noexcept {
    void* digest = nullptr;
    quietly([&] {
        if (view(algorithm) == "crc32c") return void(digest = kept(Crc32c()));
        const char* name = openssl_name(view(algorithm));
        Md md(name ? EVP_MD_CTX_new() : nullptr);
        if (md && EVP_DigestInit_ex(md.get(), EVP_get_digestbyname(name), nullptr) == 1)
            digest = kept(std::move(md));
    });
    return digest;
}

void* begin_hmac(const bkt_host*, bkt_str algorithm, const void* key,
                 std::uint64_t key_len) noexcept {
    void* digest = nullptr;
    quietly([&] {
        const char* name = openssl_name(view(algorithm));
        if (!name) return;
        EVP_MAC* hmac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
        Mac mac(hmac ? EVP_MAC_CTX_new(hmac) : nullptr);
        EVP_MAC_free(hmac);  // the context holds a reference of its own
        const OSSL_PARAM params[] = {
            OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, const_cast<char*>(name), 0),
            OSSL_PARAM_construct_end()};
        static constexpr unsigned char kNone = 0;  // NULL would mean "the key set before"
        const auto* bytes = key_len ? static_cast<const unsigned char*>(key) : &kNone;
        if (mac && EVP_MAC_init(mac.get(), bytes, key_len, params) == 1)
            digest = kept(std::move(mac));
    });
    return digest;
}

void update(void* digest, const void* bytes, std::uint64_t len) noexcept {
    auto& state = *static_cast<Digest*>(digest);
    if (auto* md = std::get_if<Md>(&state)) EVP_DigestUpdate(md->get(), bytes, len);
    else if (auto* mac = std::get_if<Mac>(&state))
        EVP_MAC_update(mac->get(), static_cast<const unsigned char*>(bytes), len);
    else std::get_if<Crc32c>(&state)->process_bytes(bytes, len);
}

void finish(void* digest, std::uint8_t* out) noexcept {
    const std::unique_ptr<Digest> state(static_cast<Digest*>(digest));
    if (!out) return;
    if (auto* md = std::get_if<Md>(state.get())) EVP_DigestFinal_ex(md->get(), out, nullptr);
    else if (auto* mac = std::get_if<Mac>(state.get())) {
        std::size_t written = 0;
        EVP_MAC_final(mac->get(), out, &written, EVP_MAX_MD_SIZE);
    } else {
        const std::uint32_t sum = std::get_if<Crc32c>(state.get())->checksum();
        for (int i = 0; i < 4; ++i) out[i] = static_cast<std::uint8_t>(sum >> (24 - 8 * i));
    }
}

}  // namespace

const bkt_hash kHash = {sizeof kHash, 0, &begin, &update, &finish, &begin_hmac};

}  // namespace bkt::plugin::services
