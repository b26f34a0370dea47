#include "plugins/engines/redis/recipe.hpp"

#include <algorithm>

#include "plugins/engines/redis/acl_format.hpp"
#include "plugins/engines/redis/rdb_format.hpp"

namespace bkt::redis {

std::string restore_recipe(const std::vector<std::string>& parts) {
    const auto has = [&](std::string_view part) {
        return std::find(parts.begin(), parts.end(), part) != parts.end();
    };
    std::string text;
    if (has(kRdbPart))
        text +=
            "# Says 'RDB looks OK' if this version of the server can read the file (with Valkey it "
            "is\n"
            "# valkey-check-rdb). An older server than the one of the backup may not.\n"
            "redis-check-rdb dump.rdb\n"
            "# With the server stopped: into its data folder (CONFIG GET dir), under the name "
            "that\n"
            "# CONFIG GET dbfilename says. It replaces what is there.\n"
            "cp dump.rdb \"${DATA:-/data}/dump.rdb\"\n"
            "# A server with 'appendonly yes' does not look at it. Start that one once with\n"
            "#   --appendonly no\n"
            "# and then switch it on again: redis-cli CONFIG SET appendonly yes\n";
    if (has(kAclPart))
        text +=
            "# The users, as an ACL file: start the server with --aclfile and this file's path.\n"
            "# It holds hashes of passwords.\n"
            "(umask 077; grep '^user ' acl.txt >users.acl)\n";
    return text;
}

}  // namespace bkt::redis
