#include "core/plugin/shape.hpp"

#include <deque>
#include <initializer_list>
#include <memory>
#include <variant>
#include <vector>

#include "baktainer/abi/kinds/engine.h"
#include "baktainer/abi/kinds/hook.h"
#include "baktainer/abi/kinds/notifier.h"
#include "baktainer/abi/kinds/secrets.h"
#include "baktainer/abi/kinds/storage.h"
#include "baktainer/abi/kinds/transform.h"
#include "baktainer/abi/services/secret.h"
#include "baktainer/abi/services/temp.h"
#include "core/plugin/read_struct.hpp"

namespace bkt::plugin {

namespace {

using Ops = std::variant<std::monostate, bkt_engine_ops, bkt_storage_ops, bkt_notifier_ops,
                         bkt_discovery_ops, bkt_hook_ops, bkt_secrets_ops, bkt_transform_ops>;

// A table from the future may be larger; one of this size is a number that is no size.
constexpr std::uint32_t kMaxTableBytes = 1 << 16;

struct Slot {
    const char* name;
    std::size_t offset;
};

Error misshapen(const std::string& rule) {
    return {Code::fault, "it misshapen a rule: " + rule, "report it to the plugin's author"};
}

template <class Table>
Status read(const bkt_component& component, std::initializer_list<Slot> required, Ops& into) {
    const auto* theirs = static_cast<const Table*>(component.ops);
    if (theirs->size < sizeof theirs->size || theirs->size > kMaxTableBytes)
        return misshapen("the table of '" + std::string(component.name) + "' has the size " +
                         std::to_string(theirs->size));
    const Table ours = read_struct(theirs);
    for (const Slot& slot : required) {
        void* method = nullptr;
        std::memcpy(&method, reinterpret_cast<const char*>(&ours) + slot.offset, sizeof method);
        if (!method)
            return misshapen("'" + std::string(component.name) + "' has no method '" + slot.name +
                             "'");
    }
    into = ours;
    return {};
}

#define SLOT(table, name) \
    { #name, offsetof(table, name) }

// What each kind cannot do without, as its header says.
Status read_ops(const bkt_component& c, Ops& into) {
    const std::string_view kind = c.kind;
    if (kind == BKT_KIND_ENGINE) {
        using T = bkt_engine_ops;
        return read<T>(c,
                       {SLOT(T, recognise), SLOT(T, open), SLOT(T, close), SLOT(T, plan),
                        SLOT(T, dump), SLOT(T, validator), SLOT(T, restore), SLOT(T, recipe)},
                       into);
    }
    if (kind == BKT_KIND_STORAGE) {
        using T = bkt_storage_ops;
        return read<T>(
            c,
            {SLOT(T, open), SLOT(T, close), SLOT(T, put), SLOT(T, get), SLOT(T, stat),
             SLOT(T, list), SLOT(T, remove), SLOT(T, sweep), SLOT(T, free_bytes), SLOT(T, health)},
            into);
    }
    if (kind == BKT_KIND_DISCOVERY) {
        using T = bkt_discovery_ops;
        return read<T>(
            c, {SLOT(T, open), SLOT(T, close), SLOT(T, scan), SLOT(T, exec), SLOT(T, health)},
            into);
    }
    if (kind == BKT_KIND_NOTIFIER) {
        using T = bkt_notifier_ops;
        return read<T>(c, {SLOT(T, open), SLOT(T, close), SLOT(T, notify), SLOT(T, health)}, into);
    }
    if (kind == BKT_KIND_HOOK) {
        using T = bkt_hook_ops;
        return read<T>(c, {SLOT(T, open), SLOT(T, close), SLOT(T, health)}, into);
    }
    if (kind == BKT_KIND_SECRETS) {
        using T = bkt_secrets_ops;
        return read<T>(c, {SLOT(T, open), SLOT(T, close), SLOT(T, resolve), SLOT(T, health)}, into);
    }
    if (kind == BKT_KIND_TRANSFORM) {
        using T = bkt_transform_ops;
        return read<T>(
            c, {SLOT(T, open), SLOT(T, close), SLOT(T, caps), SLOT(T, encode), SLOT(T, decode)},
            into);
    }
    return {};
}

#undef SLOT

const void* address_of(const Ops& ops) {
    return std::visit([](const auto& table) -> const void* { return &table; }, ops);
}

// What a module could use before it had a place to say so.
constexpr const char* kNeedsOfOld[] = {BKT_SERVICE_EXEC, BKT_SERVICE_SECRET, BKT_SERVICE_TEMP};

// A module and all it points to; never moved.
struct Shaped {
    bkt_module module{};
    std::vector<bkt_component> components;
    std::vector<Ops> ops;
    std::vector<const bkt_component*> pointers;
};

// The list is what a leak checker finds the copies by.
const bkt_module* keep(std::unique_ptr<Shaped> shaped) {
    static auto* const kept = new std::deque<std::unique_ptr<Shaped>>;
    kept->push_back(std::move(shaped));
    return &kept->back()->module;
}

}  // namespace

Result<const bkt_module*> in_our_shape(const bkt_module& theirs) {
    auto shaped = std::make_unique<Shaped>();
    shaped->module = read_struct(&theirs);
    if (!BKT_HAS(&theirs, bkt_module, need_count)) {
        shaped->module.needs = kNeedsOfOld;
        shaped->module.need_count = std::size(kNeedsOfOld);
    }
    shaped->ops.resize(theirs.component_count);
    for (std::uint64_t i = 0; i < theirs.component_count; ++i) {
        shaped->components.push_back(read_struct(theirs.components[i]));
        auto& component = shaped->components.back();
        BKT_TRY(read_ops(component, shaped->ops[i]));
        if (shaped->ops[i].index() != 0) component.ops = address_of(shaped->ops[i]);
    }
    for (const auto& component : shaped->components) shaped->pointers.push_back(&component);
    shaped->module.components = shaped->pointers.data();
    return keep(std::move(shaped));
}

}  // namespace bkt::plugin
