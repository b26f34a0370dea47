// A plugin that brings an OpenSSL of its own, linked in as an archive.
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <baktainer/plugin.hpp>

// Its recipe: where its EVP_sha256 lies, and the SHA-256 of "abc" by it, in hex.
struct OwnOpenssl final : bkt::Engine {
    explicit OwnOpenssl(bkt::Call&) {}
    bkt::Status plan(bkt::Call&, bkt::Plan& p) override { return p.part("all"); }
    bkt::Status dump(bkt::Call&, bkt::PartsOut&) override { return {}; }
    bkt::Status restore(bkt::Call&, bkt::PartsIn&) override { return {}; }
    bkt::Result<std::string> recipe(bkt::Call&, const std::vector<std::string>&) override {
        unsigned char digest[EVP_MAX_MD_SIZE];
        unsigned len = 0;
        if (EVP_Digest("abc", 3, digest, &len, EVP_sha256(), nullptr) != 1)
            return bkt::Error{bkt::Code::failed, "no digest"};
        static constexpr char kHex[] = "0123456789abcdef";
        std::string text = std::to_string(reinterpret_cast<std::uintptr_t>(&EVP_sha256)) + " ";
        for (unsigned i = 0; i < len; ++i) {
            text += kHex[digest[i] >> 4];
            text += kHex[digest[i] & 15];
        }
        return text;
    }
};

BKT_PLUGIN("test.own-openssl", "1.0.0", "own-openssl", OwnOpenssl)
