#include "core/plugin/ops_table.hpp"

#include <cstring>
#include <initializer_list>

#include "core/plugin/read_struct.hpp"

namespace bkt::plugin {

namespace {

struct Slot {
    const char* name;
    std::size_t offset;
};

// A longer table is from the future; one of this size is a number that is no size.
constexpr std::uint32_t kMaxTableBytes = 1 << 16;

template <class Ops>
Result<Ops> read(const Component& component, std::initializer_list<Slot> required) {
    const auto broke = [&](const std::string& rule) {
        return Error{Code::fault, "plugin '" + component.module + "' broke a rule: " + rule,
                     "report it to its author"};
    };
    const auto* theirs = static_cast<const Ops*>(component.ops);
    const std::uint32_t size = theirs->size;
    if (size < sizeof(std::uint32_t) || size > kMaxTableBytes)
        return broke("the table of '" + component.name + "' has the size " + std::to_string(size));
    const Ops ours = read_struct(theirs);
    for (const Slot& slot : required) {
        void* method = nullptr;
        std::memcpy(&method, reinterpret_cast<const char*>(&ours) + slot.offset, sizeof method);
        if (!method) return broke("'" + component.name + "' has no method '" + slot.name + "'");
    }
    return ours;
}

}  // namespace

// What each kind cannot do without, as its header says.
#define SLOT(ops, name) \
    { #name, offsetof(ops, name) }

template <>
Result<bkt_engine_ops> read_ops(const Component& component) {
    using Ops = bkt_engine_ops;
    return read<Ops>(
        component, {SLOT(Ops, recognise), SLOT(Ops, open), SLOT(Ops, close), SLOT(Ops, plan),
                    SLOT(Ops, dump), SLOT(Ops, validator), SLOT(Ops, restore), SLOT(Ops, recipe)});
}

template <>
Result<bkt_storage_ops> read_ops(const Component& component) {
    using Ops = bkt_storage_ops;
    return read<Ops>(component, {SLOT(Ops, open), SLOT(Ops, close), SLOT(Ops, put), SLOT(Ops, get),
                                 SLOT(Ops, stat), SLOT(Ops, list), SLOT(Ops, remove),
                                 SLOT(Ops, sweep), SLOT(Ops, free_bytes), SLOT(Ops, health)});
}

template <>
Result<bkt_discovery_ops> read_ops(const Component& component) {
    using Ops = bkt_discovery_ops;
    return read<Ops>(component, {SLOT(Ops, open), SLOT(Ops, close), SLOT(Ops, scan),
                                 SLOT(Ops, exec), SLOT(Ops, health)});
}

template <>
Result<bkt_notifier_ops> read_ops(const Component& component) {
    using Ops = bkt_notifier_ops;
    return read<Ops>(component,
                     {SLOT(Ops, open), SLOT(Ops, close), SLOT(Ops, notify), SLOT(Ops, health)});
}

template <>
Result<bkt_hook_ops> read_ops(const Component& component) {
    using Ops = bkt_hook_ops;
    return read<Ops>(component, {SLOT(Ops, open), SLOT(Ops, close), SLOT(Ops, health)});
}

template <>
Result<bkt_secrets_ops> read_ops(const Component& component) {
    using Ops = bkt_secrets_ops;
    return read<Ops>(component,
                     {SLOT(Ops, open), SLOT(Ops, close), SLOT(Ops, resolve), SLOT(Ops, health)});
}

template <>
Result<bkt_transform_ops> read_ops(const Component& component) {
    using Ops = bkt_transform_ops;
    return read<Ops>(component, {SLOT(Ops, open), SLOT(Ops, close), SLOT(Ops, caps),
                                 SLOT(Ops, encode), SLOT(Ops, decode)});
}

#undef SLOT

}  // namespace bkt::plugin
