// acl_format.hpp: the server's users as a part: the lines of ACL LIST, and how many they are.
//
// An RDB holds no users. The lines are those of an ACL file ("user name on #hash ~* +@all"): passwords are in
// them as SHA-256 without salt, so whoever reads the part can try words against them. A last line of ours,
// "# 3 users", is what a cut list lacks; Redis reads the list again without it (see the recipe).
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "baktainer/stream.hpp"

namespace bkt::redis {

inline constexpr std::string_view kAclPart = "acl.txt";
inline constexpr std::string_view kAclMedia = "text/x-redis-acl";
inline constexpr std::size_t kMaxAclBytes = 8 << 20;

// The part's text of the answer to ACL LIST. Code::corrupt when a line is none of a user.
Result<std::string> acl_text(std::string_view list);
// Code::truncated, Code::corrupt unless `text` is such a part, whole.
Status check_acl(std::string_view text);

std::unique_ptr<Tap> acl_tap();

}  // namespace bkt::redis
