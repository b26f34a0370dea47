#include "core/plugin/worker/tables.hpp"

#include <array>
#include <utility>
#include <variant>

namespace bkt::plugin::worker {

namespace {

using AnyTable = std::variant<std::monostate, bkt_engine_ops, bkt_storage_ops, bkt_discovery_ops,
                              bkt_notifier_ops, bkt_hook_ops, bkt_secrets_ops, bkt_transform_ops>;

struct Slot {
    std::unique_ptr<Isolated> component;
    AnyTable table;
};

// Never emptied: a table that was handed out stays good.
std::array<Slot, kMaxIsolated>& slots() {
    static auto* const kept = new std::array<Slot, kMaxIsolated>;
    return *kept;
}

template <std::size_t N>
bkt_rc open_in(const bkt_host* host, const bkt_call* call, void** self) noexcept {
    return open_instance(*slots()[N].component, host, call, self);
}
template <std::size_t N>
bkt_rc recognise_in(const bkt_call* call, const bkt_target* target,
                    const bkt_recognition* out) noexcept {
    return recognise_by(*slots()[N].component, call, target, out);
}
template <std::size_t... N>
constexpr auto opens(std::index_sequence<N...>) {
    return std::array<OpenFn, sizeof...(N)>{&open_in<N>...};
}
template <std::size_t... N>
constexpr auto recognises(std::index_sequence<N...>) {
    return std::array<RecogniseFn, sizeof...(N)>{&recognise_in<N>...};
}
constexpr auto kOpens = opens(std::make_index_sequence<kMaxIsolated>());
constexpr auto kRecognises = recognises(std::make_index_sequence<kMaxIsolated>());

AnyTable table_of(const std::string& kind, std::size_t n) {
    if (kind == BKT_KIND_ENGINE) return engine_table(kOpens[n], kRecognises[n]);
    if (kind == BKT_KIND_STORAGE) return storage_table(kOpens[n]);
    if (kind == BKT_KIND_DISCOVERY) return discovery_table(kOpens[n]);
    if (kind == BKT_KIND_NOTIFIER) return notifier_table(kOpens[n]);
    if (kind == BKT_KIND_HOOK) return hook_table(kOpens[n]);
    if (kind == BKT_KIND_SECRETS) return secrets_table(kOpens[n]);
    if (kind == BKT_KIND_TRANSFORM) return transform_table(kOpens[n]);
    return std::monostate();
}

struct AddressOf {
    const void* operator()(const std::monostate&) const { return nullptr; }
    template <class Table>
    const void* operator()(const Table& table) const {
        return &table;
    }
};

}  // namespace

Result<const void*> make_table(std::unique_ptr<Isolated> component) {
    for (std::size_t n = 0; n < kMaxIsolated; ++n) {
        Slot& slot = slots()[n];
        if (slot.component) continue;
        slot.table = table_of(component->kind, n);
        const void* made = std::visit(AddressOf(), slot.table);
        if (!made)
            return Error{Code::unsupported,
                         "plugins of kind '" + component->kind + "' cannot be isolated",
                         "update Baktainer"};
        slot.component = std::move(component);
        return made;
    }
    return Error{Code::unsupported,
                 "more than " + std::to_string(kMaxIsolated) + " isolated components",
                 "take plugins out of plugins.use"};
}

}  // namespace bkt::plugin::worker
