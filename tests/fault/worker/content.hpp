// Bytes enough for several pipes full, no two of which follow each other alike.
#pragma once

#include <string>

namespace bkt::test {

constexpr std::size_t kBytes = 10'000'000;

inline std::string content() {
    std::string text(kBytes, '\0');
    for (std::size_t i = 0; i < text.size(); ++i)
        text[i] = static_cast<char>(i * 2'654'435'761u >> 24);
    return text;
}

}  // namespace bkt::test
