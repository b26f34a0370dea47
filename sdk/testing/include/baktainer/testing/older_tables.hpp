// testing/older_tables.hpp: services as a host of the first days of this contract offers them: without those
// that came later, and with shorter tables. What lies beyond a table's size is poison, not NULL: a plugin
// that uses a method without asking BKT_HAS dies of it.
#pragma once

#include <cstring>
#include <map>
#include <memory>
#include <string_view>

#include "baktainer/abi/services/clock.h"
#include "baktainer/abi/services/config.h"
#include "baktainer/abi/services/exec.h"
#include "baktainer/abi/services/hash.h"
#include "baktainer/abi/services/log.h"
#include "baktainer/abi/services/secret.h"
#include "baktainer/abi/services/temp.h"
#include "baktainer/call.hpp"

namespace bkt::testing {

class OlderTables final {
public:
    // `table` as it was, or nullptr when its service was not there yet. Valid as long as this object.
    const void* age(std::string_view id, const void* table) {
        const std::uint32_t size = size_then(id);
        if (size == 0 || !table) return nullptr;
        auto& kept = tables_[std::string(id)];
        if (kept) return kept.get();
        std::uint32_t now = 0;
        std::memcpy(&now, table, sizeof now);
        kept = std::make_unique<unsigned char[]>(now);
        std::memset(kept.get(), 0xa5, now);
        std::memcpy(kept.get(), table, size);
        std::memcpy(kept.get(), &size, sizeof size);
        return kept.get();
    }

private:
    // Of the first complete host; 0 = not there yet.
    static constexpr std::uint32_t size_then(std::string_view id) {
        if (id == BKT_SERVICE_LOG) return sizeof(bkt_log);
        if (id == BKT_SERVICE_CONFIG) return offsetof(bkt_config, keys);
        if (id == BKT_SERVICE_SECRET) return sizeof(bkt_secret);
        if (id == BKT_SERVICE_EXEC) return sizeof(bkt_exec);
        if (id == BKT_SERVICE_HASH) return offsetof(bkt_hash, begin_hmac);
        if (id == BKT_SERVICE_TEMP) return sizeof(bkt_temp);
        if (id == BKT_SERVICE_CLOCK) return offsetof(bkt_clock, random);
        return 0;
    }
    std::map<std::string, std::unique_ptr<unsigned char[]>> tables_;
};

}  // namespace bkt::testing
