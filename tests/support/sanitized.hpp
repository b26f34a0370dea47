// sanitized.hpp: whether this build watches itself, and so cannot be confined or measured as a user's.
#pragma once

namespace bkt::test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

}  // namespace bkt::test
