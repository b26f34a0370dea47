// target/slug.hpp: a name as one folder.
#pragma once

#include <string>
#include <string_view>

namespace bkt::target {

// '/' becomes '.', anything outside [A-Za-z0-9._-] becomes '-'; 1-64 bytes, never "." or "..".
std::string slug_of(std::string_view name);

}  // namespace bkt::target
