// plugin/ops_table.hpp: a component's methods in the shape this host knows.
//
// A plugin built with an older header brings a shorter table, one built with a newer header a longer one. The
// copy made here has every slot of today: one the plugin's header had not is NULL, as if it were there and
// not used, so that callers ask for NULL and never for sizes. Slots a kind cannot do without are there.
#pragma once

#include "baktainer/abi/kinds/engine.h"
#include "baktainer/abi/kinds/hook.h"
#include "baktainer/abi/kinds/notifier.h"
#include "baktainer/abi/kinds/secrets.h"
#include "baktainer/abi/kinds/storage.h"
#include "baktainer/abi/kinds/transform.h"
#include "core/plugin/registry.hpp"

namespace bkt::plugin {

// `Ops` is the table of the component's kind. Code::fault names the plugin and the method it lacks.
template <class Ops>
Result<Ops> read_ops(const Component& component);

template <>
Result<bkt_engine_ops> read_ops(const Component& component);
template <>
Result<bkt_storage_ops> read_ops(const Component& component);
template <>
Result<bkt_discovery_ops> read_ops(const Component& component);
template <>
Result<bkt_notifier_ops> read_ops(const Component& component);
template <>
Result<bkt_hook_ops> read_ops(const Component& component);
template <>
Result<bkt_secrets_ops> read_ops(const Component& component);
template <>
Result<bkt_transform_ops> read_ops(const Component& component);

}  // namespace bkt::plugin
