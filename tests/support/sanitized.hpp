// sanitized.hpp: whether this build watches itself, and so cannot be confined or measured as a user's.
#pragma once

namespace bkt::test {

#ifdef BAKTAINER_SANITIZED
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

}  // namespace bkt::test
