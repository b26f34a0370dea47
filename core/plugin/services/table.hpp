// plugin/services/table.hpp: the one table of host services, by id. Each table of functions is in a file of
// its own beside this one.
#pragma once

#include <string_view>

#include "baktainer/abi/draft/net.h"
#include "baktainer/abi/services/clock.h"
#include "baktainer/abi/services/config.h"
#include "baktainer/abi/services/events.h"
#include "baktainer/abi/services/exec.h"
#include "baktainer/abi/services/hash.h"
#include "baktainer/abi/services/http.h"
#include "baktainer/abi/services/kv.h"
#include "baktainer/abi/services/log.h"
#include "baktainer/abi/services/metrics.h"
#include "baktainer/abi/services/secret.h"
#include "baktainer/abi/services/temp.h"
#include "baktainer/abi/services/thread.h"

namespace bkt::plugin {

namespace services {
extern const bkt_clock kClock;
extern const bkt_config kConfig;
extern const bkt_events kEvents;
extern const bkt_exec kExec;
extern const bkt_hash kHash;
extern const bkt_http kHttp;
extern const bkt_kv kKv;
extern const bkt_log kLog;
extern const bkt_metrics kMetrics;
extern const bkt_net kNet;
extern const bkt_secret kSecret;
extern const bkt_temp kTemp;
extern const bkt_thread kThread;
}  // namespace services

enum class Granted {
    always,        // needs no listing: it reaches nothing outside the plugin
    when_listed,   // among the module's needs
    experimental,  // among its needs and its experiments, and allowed by the operator
};

struct ServiceRow {
    std::string_view id;
    const void* table;  // the bkt_* struct of abi/services/
    Granted granted;
};

// NULL-terminated by an empty id; in no order.
extern const ServiceRow kServices[];

}  // namespace bkt::plugin
