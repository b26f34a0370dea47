// base/secret.hpp: a text that must not be seen. It has no stream operator, no JSON conversion and no
// implicit conversion, so it cannot reach a log by accident; its bytes are wiped when it dies.
#pragma once

#include <openssl/crypto.h>

#include <string>
#include <string_view>
#include <utility>

namespace bkt::base {

class Secret final {
public:
    Secret() = default;
    explicit Secret(std::string text) : text_(std::move(text)) {}
    Secret(const Secret&) = default;
    Secret(Secret&& other) noexcept : text_(std::move(other.text_)) { other.wipe(); }
    Secret& operator=(const Secret& other) {
        if (this != &other) {
            wipe();
            text_ = other.text_;
        }
        return *this;
    }
    Secret& operator=(Secret&& other) noexcept {
        if (this != &other) {
            wipe();
            text_ = std::move(other.text_);
            other.wipe();
        }
        return *this;
    }
    ~Secret() { wipe(); }

    bool empty() const { return text_.empty(); }
    // The one way to the bytes; valid while this object lives. Grep for it in a review.
    std::string_view reveal() const { return text_; }

private:
    // To its capacity: a text that was moved away is empty, and a short one leaves its bytes in the object.
    void wipe() {
        text_.resize(text_.capacity());
        OPENSSL_cleanse(text_.data(), text_.size());
        text_.clear();
    }

    std::string text_;
};

}  // namespace bkt::base
