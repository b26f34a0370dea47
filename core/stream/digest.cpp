#include "core/stream/digest.hpp"

#include <openssl/evp.h>

#include <new>

namespace bkt::stream {

void Sha256::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
    // Fetching the algorithm by name each time costs a lock and a search in OpenSSL 3.
    static const EVP_MD* const md = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    if (!context_ || !md || EVP_DigestInit_ex(context_.get(), md, nullptr) != 1)
        throw std::bad_alloc();
}

void Sha256::update(Bytes bytes) { EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()); }

std::string Sha256::hex() {
    unsigned char raw[EVP_MAX_MD_SIZE];
    unsigned int len = 0;
    EVP_DigestFinal_ex(context_.get(), raw, &len);
    std::string text;
    for (unsigned int i = 0; i < len; ++i)
        (text += "0123456789abcdef"[raw[i] >> 4]) += "0123456789abcdef"[raw[i] & 15];
    return text;
}

Status DigestStage::write(Bytes bytes) {
    hash_.update(bytes);
    digest_.size_bytes += bytes.size();
    return next_.write(bytes);
}

Status DigestStage::finish() {
    digest_.sha256 = hash_.hex();
    return next_.finish();
}

}  // namespace bkt::stream
