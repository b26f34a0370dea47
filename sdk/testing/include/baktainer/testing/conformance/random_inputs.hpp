// testing/conformance/random_inputs.hpp: texts, bytes and faults out of a seed: the same seed gives the same ones
// on every machine and with every C++ library.
#pragma once

#include <cstdint>
#include <iterator>
#include <random>
#include <string>

#include "baktainer/result.hpp"

namespace bkt::testing::conformance {

class RandomInputs final {
public:
    RandomInputs(std::uint64_t seed, std::uint64_t round)
        : engine_(seed ^ (round + 1) * 0x9e3779b97f4a7c15u) {}

    // The standard fixes this engine's numbers, but not what its distributions make of them.
    std::uint64_t below(std::uint64_t n) { return engine_() % n; }
    bool one_in(std::uint64_t n) { return below(n) == 0; }

    std::string bytes(std::size_t at_most) {
        std::string made(below(at_most + 1), '\0');
        for (auto& c : made) c = static_cast<char>(engine_());
        return made;
    }
    // What people, labels and tools write, and what nobody should.
    std::string text() {
        static constexpr const char* kOdd[] = {"",
                                               "0",
                                               "-1",
                                               "18446744073709551616",
                                               "true",
                                               "null",
                                               "{}",
                                               "[",
                                               "%s%n",
                                               "../../etc",
                                               "$(id)",
                                               "'",
                                               "\"",
                                               "\\",
                                               "\r\n",
                                               "\t",
                                               "\xff\xfe",
                                               "\xF0\x9F\x90\x98",
                                               "\xE2\x80\xAE",
                                               "http://",
                                               "https://example.org:99999/",
                                               "localhost:5432",
                                               "a=b",
                                               "--help"};
        switch (below(5)) {
            case 0: return kOdd[below(std::size(kOdd))];
            case 1: return bytes(64);
            case 2: return std::string(below(100'000), static_cast<char>(below(256)));
            case 3: return mutated(kOdd[below(std::size(kOdd))]);
            default: return word(below(40)) + kOdd[below(std::size(kOdd))] + word(below(40));
        }
    }
    std::string word(std::size_t letters) {
        static constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789_.-";
        std::string made;
        while (made.size() < letters) made += kLetters[below(kLetters.size())];
        return made;
    }
    // `text` with some of it turned, taken out, doubled or put in.
    std::string mutated(std::string text) {
        for (auto times = 1 + below(4); times > 0; --times) {
            const auto at = below(text.size() + 1);
            switch (below(4)) {
                case 0:
                    if (at < text.size()) text[at] = static_cast<char>(text[at] ^ 1 << below(8));
                    break;
                case 1: text.erase(at, 1 + below(8)); break;
                case 2: text.insert(at, text.substr(at, 1 + below(64))); break;
                default: text.insert(at, bytes(4)); break;
            }
        }
        return text;
    }
    // How something around the plugin fails.
    Error fault() {
        static constexpr Code kCodes[] = {Code::unavailable, Code::denied,    Code::timeout,
                                          Code::cancelled,   Code::not_found, Code::truncated,
                                          Code::corrupt,     Code::no_space,  Code::unsupported};
        return {kCodes[below(std::size(kCodes))], "scripted"};
    }

private:
    std::mt19937_64 engine_;
};

}  // namespace bkt::testing::conformance
