// storage.hpp: derive from bkt::Storage to keep backups somewhere new.
#pragma once

#include <array>
#include <functional>
#include <span>

#include "baktainer/abi/kinds/storage.h"
#include "baktainer/abi/services/events.h"
#include "baktainer/abi/services/kv.h"
#include "baktainer/abi/services/metrics.h"
#include "baktainer/abi/services/secret.h"
#include "baktainer/abi/services/temp.h"
#include "baktainer/http.hpp"
#include "baktainer/stream.hpp"

namespace bkt {

struct Object {
    std::string key;
    std::uint64_t size_bytes = 0;
    std::int64_t modified_ns = 0;  // since 1970, UTC; 0 = unknown
};
using ObjectOut = std::function<Status(const Object&)>;

// The contract of each method is that of bkt_storage_ops (abi/kinds/storage.h). Methods may run on
// several threads at once. A derived class has a constructor taking Call& (which may throw bkt::Error).
class Storage {
public:
    static constexpr std::array needs{BKT_SERVICE_HTTP, BKT_SERVICE_SECRET,  BKT_SERVICE_TEMP,
                                      BKT_SERVICE_KV,   BKT_SERVICE_METRICS, BKT_SERVICE_EVENTS};
    static constexpr std::span<const char* const> experimental{};

    virtual ~Storage() = default;
    virtual Status put(Call& call, const std::string& key, bool replace, const Source& source) = 0;
    virtual Status get(Call& call, const std::string& key, std::uint64_t offset,
                       std::uint64_t length, const Sink& sink) = 0;
    virtual Status stat(Call& call, const std::string& key, const ObjectOut& out) = 0;
    virtual Status list(Call& call, const std::string& prefix, const ObjectOut& out) = 0;
    virtual Status remove(Call& call, const std::string& key) = 0;
    virtual Result<std::uint64_t> sweep(Call& call, const std::string& prefix) = 0;
    virtual Result<std::uint64_t> free_bytes(Call&) { return UINT64_MAX; }
    virtual Result<std::string> health(Call& call) = 0;
    virtual const void* extension(std::string_view) { return nullptr; }
};

}  // namespace bkt
