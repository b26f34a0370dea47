// detail/common_ops.hpp: the methods every kind's table has, found without knowing the kind.
#pragma once

#include <string_view>

#include "baktainer/abi/kinds/engine.h"
#include "baktainer/abi/kinds/hook.h"
#include "baktainer/abi/kinds/notifier.h"
#include "baktainer/abi/kinds/secrets.h"
#include "baktainer/abi/kinds/storage.h"
#include "baktainer/abi/kinds/transform.h"

namespace bkt::detail {

struct CommonOps {
    decltype(bkt_storage_ops::open) open = nullptr;
    decltype(bkt_storage_ops::close) close = nullptr;
    decltype(bkt_storage_ops::health) health = nullptr;  // may be NULL
};

template <class Ops>
CommonOps common_ops(const void* ops) {
    const auto* table = static_cast<const Ops*>(ops);
    CommonOps common{table->open, table->close, nullptr};
    if constexpr (requires { table->health; })
        if (BKT_HAS(table, Ops, health)) common.health = table->health;
    return common;
}

// All NULL for a kind this SDK does not know.
inline CommonOps common_ops(const bkt_component& c) {
    const std::string_view kind = c.kind;
    if (kind == BKT_KIND_ENGINE) return common_ops<bkt_engine_ops>(c.ops);
    if (kind == BKT_KIND_STORAGE) return common_ops<bkt_storage_ops>(c.ops);
    if (kind == BKT_KIND_DISCOVERY) return common_ops<bkt_discovery_ops>(c.ops);
    if (kind == BKT_KIND_NOTIFIER) return common_ops<bkt_notifier_ops>(c.ops);
    if (kind == BKT_KIND_HOOK) return common_ops<bkt_hook_ops>(c.ops);
    if (kind == BKT_KIND_SECRETS) return common_ops<bkt_secrets_ops>(c.ops);
    if (kind == BKT_KIND_TRANSFORM) return common_ops<bkt_transform_ops>(c.ops);
    return {};
}

}  // namespace bkt::detail
