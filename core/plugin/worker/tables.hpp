// worker/tables.hpp: the proxy table of each kind.
#pragma once

#include "baktainer/abi/kinds/discovery.h"
#include "baktainer/abi/kinds/engine.h"
#include "baktainer/abi/kinds/hook.h"
#include "baktainer/abi/kinds/notifier.h"
#include "baktainer/abi/kinds/secrets.h"
#include "baktainer/abi/kinds/storage.h"
#include "baktainer/abi/kinds/transform.h"
#include "core/plugin/worker/proxy.hpp"

namespace bkt::plugin::worker {

using OpenFn = decltype(bkt_storage_ops::open);
using RecogniseFn = decltype(bkt_engine_ops::recognise);

bkt_engine_ops engine_table(OpenFn open, RecogniseFn recognise);
bkt_storage_ops storage_table(OpenFn open);
bkt_discovery_ops discovery_table(OpenFn open);
bkt_notifier_ops notifier_table(OpenFn open);
bkt_hook_ops hook_table(OpenFn open);
bkt_secrets_ops secrets_table(OpenFn open);
bkt_transform_ops transform_table(OpenFn open);

bkt_rc recognise_by(Isolated& component, const bkt_call* call, const bkt_target* target,
                    const bkt_recognition* out) noexcept;

}  // namespace bkt::plugin::worker
