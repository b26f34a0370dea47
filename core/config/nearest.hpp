// config/nearest.hpp: "did you mean": the known word closest to an unknown one.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace bkt::config {

// The nearest of `known` by edit distance, empty when none is near (more than two letters and a third would change).
std::string nearest(std::string_view word, std::span<const std::string_view> known);

}  // namespace bkt::config
