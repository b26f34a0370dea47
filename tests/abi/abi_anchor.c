/* Made from the headers by tests/abi/layout.py (UPDATE_GOLDEN=1); do not edit. */
/* One function for each struct of the contract: what abidw sees of it. Not of draft/, whose shape
 * is promised to nobody. */
#include "baktainer/abi/abi.h"
#include "baktainer/abi/call.h"
#include "baktainer/abi/kinds/discovery.h"
#include "baktainer/abi/kinds/engine.h"
#include "baktainer/abi/kinds/hook.h"
#include "baktainer/abi/kinds/notifier.h"
#include "baktainer/abi/kinds/secrets.h"
#include "baktainer/abi/kinds/storage.h"
#include "baktainer/abi/kinds/transform.h"
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
#include "baktainer/abi/status.h"
#include "baktainer/abi/stream.h"

const bkt_str* anchor_bkt_str(void);
const bkt_str* anchor_bkt_str(void) { return 0; }

const bkt_pair* anchor_bkt_pair(void);
const bkt_pair* anchor_bkt_pair(void) { return 0; }

const bkt_host* anchor_bkt_host(void);
const bkt_host* anchor_bkt_host(void) { return 0; }

const bkt_component* anchor_bkt_component(void);
const bkt_component* anchor_bkt_component(void) { return 0; }

const bkt_module* anchor_bkt_module(void);
const bkt_module* anchor_bkt_module(void) { return 0; }

const bkt_call* anchor_bkt_call(void);
const bkt_call* anchor_bkt_call(void) { return 0; }

const bkt_sink* anchor_bkt_sink(void);
const bkt_sink* anchor_bkt_sink(void) { return 0; }

const bkt_source* anchor_bkt_source(void);
const bkt_source* anchor_bkt_source(void) { return 0; }

const bkt_tap* anchor_bkt_tap(void);
const bkt_tap* anchor_bkt_tap(void) { return 0; }

const bkt_target* anchor_bkt_target(void);
const bkt_target* anchor_bkt_target(void) { return 0; }

const bkt_target_out* anchor_bkt_target_out(void);
const bkt_target_out* anchor_bkt_target_out(void) { return 0; }

const bkt_change_out* anchor_bkt_change_out(void);
const bkt_change_out* anchor_bkt_change_out(void) { return 0; }

const bkt_clone_request* anchor_bkt_clone_request(void);
const bkt_clone_request* anchor_bkt_clone_request(void) { return 0; }

const bkt_discovery_ops* anchor_bkt_discovery_ops(void);
const bkt_discovery_ops* anchor_bkt_discovery_ops(void) { return 0; }

const bkt_recognition* anchor_bkt_recognition(void);
const bkt_recognition* anchor_bkt_recognition(void) { return 0; }

const bkt_plan* anchor_bkt_plan(void);
const bkt_plan* anchor_bkt_plan(void) { return 0; }

const bkt_parts_out* anchor_bkt_parts_out(void);
const bkt_parts_out* anchor_bkt_parts_out(void) { return 0; }

const bkt_parts_in* anchor_bkt_parts_in(void);
const bkt_parts_in* anchor_bkt_parts_in(void) { return 0; }

const bkt_engine_ops* anchor_bkt_engine_ops(void);
const bkt_engine_ops* anchor_bkt_engine_ops(void) { return 0; }

const bkt_hook_event* anchor_bkt_hook_event(void);
const bkt_hook_event* anchor_bkt_hook_event(void) { return 0; }

const bkt_hook_out* anchor_bkt_hook_out(void);
const bkt_hook_out* anchor_bkt_hook_out(void) { return 0; }

const bkt_hook_ops* anchor_bkt_hook_ops(void);
const bkt_hook_ops* anchor_bkt_hook_ops(void) { return 0; }

const bkt_event* anchor_bkt_event(void);
const bkt_event* anchor_bkt_event(void) { return 0; }

const bkt_notifier_ops* anchor_bkt_notifier_ops(void);
const bkt_notifier_ops* anchor_bkt_notifier_ops(void) { return 0; }

const bkt_secret_out* anchor_bkt_secret_out(void);
const bkt_secret_out* anchor_bkt_secret_out(void) { return 0; }

const bkt_secrets_ops* anchor_bkt_secrets_ops(void);
const bkt_secrets_ops* anchor_bkt_secrets_ops(void) { return 0; }

const bkt_object* anchor_bkt_object(void);
const bkt_object* anchor_bkt_object(void) { return 0; }

const bkt_object_out* anchor_bkt_object_out(void);
const bkt_object_out* anchor_bkt_object_out(void) { return 0; }

const bkt_storage_ops* anchor_bkt_storage_ops(void);
const bkt_storage_ops* anchor_bkt_storage_ops(void) { return 0; }

const bkt_header_out* anchor_bkt_header_out(void);
const bkt_header_out* anchor_bkt_header_out(void) { return 0; }

const bkt_transform_ops* anchor_bkt_transform_ops(void);
const bkt_transform_ops* anchor_bkt_transform_ops(void) { return 0; }

const bkt_clock* anchor_bkt_clock(void);
const bkt_clock* anchor_bkt_clock(void) { return 0; }

const bkt_key_out* anchor_bkt_key_out(void);
const bkt_key_out* anchor_bkt_key_out(void) { return 0; }

const bkt_config* anchor_bkt_config(void);
const bkt_config* anchor_bkt_config(void) { return 0; }

const bkt_events* anchor_bkt_events(void);
const bkt_events* anchor_bkt_events(void) { return 0; }

const bkt_exec_request* anchor_bkt_exec_request(void);
const bkt_exec_request* anchor_bkt_exec_request(void) { return 0; }

const bkt_exec_result* anchor_bkt_exec_result(void);
const bkt_exec_result* anchor_bkt_exec_result(void) { return 0; }

const bkt_exec_report* anchor_bkt_exec_report(void);
const bkt_exec_report* anchor_bkt_exec_report(void) { return 0; }

const bkt_exec* anchor_bkt_exec(void);
const bkt_exec* anchor_bkt_exec(void) { return 0; }

const bkt_hash* anchor_bkt_hash(void);
const bkt_hash* anchor_bkt_hash(void) { return 0; }

const bkt_http_request* anchor_bkt_http_request(void);
const bkt_http_request* anchor_bkt_http_request(void) { return 0; }

const bkt_http_report* anchor_bkt_http_report(void);
const bkt_http_report* anchor_bkt_http_report(void) { return 0; }

const bkt_http* anchor_bkt_http(void);
const bkt_http* anchor_bkt_http(void) { return 0; }

const bkt_kv* anchor_bkt_kv(void);
const bkt_kv* anchor_bkt_kv(void) { return 0; }

const bkt_log* anchor_bkt_log(void);
const bkt_log* anchor_bkt_log(void) { return 0; }

const bkt_metrics* anchor_bkt_metrics(void);
const bkt_metrics* anchor_bkt_metrics(void) { return 0; }

const bkt_secret* anchor_bkt_secret(void);
const bkt_secret* anchor_bkt_secret(void) { return 0; }

const bkt_temp* anchor_bkt_temp(void);
const bkt_temp* anchor_bkt_temp(void) { return 0; }

const bkt_thread* anchor_bkt_thread(void);
const bkt_thread* anchor_bkt_thread(void) { return 0; }

const bkt_module* bkt_module_v0(void);
const bkt_module* bkt_module_v0(void) { return 0; }
