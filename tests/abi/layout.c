/* Made from the headers by tests/abi/layout.py (UPDATE_GOLDEN=1); do not edit. */
/* The layout every 64-bit machine shares, and the value of every constant. */
#include <assert.h>

#include "baktainer/abi/abi.h"
#include "baktainer/abi/call.h"
#include "baktainer/abi/draft/net.h"
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

static_assert(sizeof(bkt_str) == 16, "bkt_str");
static_assert(offsetof(bkt_str, ptr) == 0, "bkt_str.ptr");
static_assert(offsetof(bkt_str, len) == 8, "bkt_str.len");

static_assert(sizeof(bkt_pair) == 32, "bkt_pair");
static_assert(offsetof(bkt_pair, key) == 0, "bkt_pair.key");
static_assert(offsetof(bkt_pair, value) == 16, "bkt_pair.value");

static_assert(sizeof(bkt_host) == 56, "bkt_host");
static_assert(offsetof(bkt_host, size) == 0, "bkt_host.size");
static_assert(offsetof(bkt_host, abi_minor) == 4, "bkt_host.abi_minor");
static_assert(offsetof(bkt_host, ctx) == 8, "bkt_host.ctx");
static_assert(offsetof(bkt_host, name) == 16, "bkt_host.name");
static_assert(offsetof(bkt_host, version) == 32, "bkt_host.version");
static_assert(offsetof(bkt_host, service) == 48, "bkt_host.service");

static_assert(sizeof(bkt_component) == 48, "bkt_component");
static_assert(offsetof(bkt_component, size) == 0, "bkt_component.size");
static_assert(offsetof(bkt_component, flags) == 4, "bkt_component.flags");
static_assert(offsetof(bkt_component, kind) == 8, "bkt_component.kind");
static_assert(offsetof(bkt_component, name) == 16, "bkt_component.name");
static_assert(offsetof(bkt_component, title) == 24, "bkt_component.title");
static_assert(offsetof(bkt_component, ops) == 32, "bkt_component.ops");
static_assert(offsetof(bkt_component, config_schema) == 40, "bkt_component.config_schema");

static_assert(sizeof(bkt_module) == 96, "bkt_module");
static_assert(offsetof(bkt_module, size) == 0, "bkt_module.size");
static_assert(offsetof(bkt_module, abi_min_minor) == 4, "bkt_module.abi_min_minor");
static_assert(offsetof(bkt_module, id) == 8, "bkt_module.id");
static_assert(offsetof(bkt_module, version) == 16, "bkt_module.version");
static_assert(offsetof(bkt_module, vendor) == 24, "bkt_module.vendor");
static_assert(offsetof(bkt_module, components) == 32, "bkt_module.components");
static_assert(offsetof(bkt_module, component_count) == 40, "bkt_module.component_count");
static_assert(offsetof(bkt_module, needs) == 48, "bkt_module.needs");
static_assert(offsetof(bkt_module, need_count) == 56, "bkt_module.need_count");
static_assert(offsetof(bkt_module, experimental) == 64, "bkt_module.experimental");
static_assert(offsetof(bkt_module, experimental_count) == 72, "bkt_module.experimental_count");
static_assert(offsetof(bkt_module, init) == 80, "bkt_module.init");
static_assert(offsetof(bkt_module, deinit) == 88, "bkt_module.deinit");

static_assert(sizeof(bkt_call) == 64, "bkt_call");
static_assert(offsetof(bkt_call, size) == 0, "bkt_call.size");
static_assert(offsetof(bkt_call, flags) == 4, "bkt_call.flags");
static_assert(offsetof(bkt_call, ctx) == 8, "bkt_call.ctx");
static_assert(offsetof(bkt_call, deadline_ns) == 16, "bkt_call.deadline_ns");
static_assert(offsetof(bkt_call, cancel_fd) == 24, "bkt_call.cancel_fd");
static_assert(offsetof(bkt_call, reserved) == 28, "bkt_call.reserved");
static_assert(offsetof(bkt_call, cancelled) == 32, "bkt_call.cancelled");
static_assert(offsetof(bkt_call, fail) == 40, "bkt_call.fail");
static_assert(offsetof(bkt_call, progress) == 48, "bkt_call.progress");
static_assert(offsetof(bkt_call, alloc) == 56, "bkt_call.alloc");

static_assert(sizeof(bkt_sink) == 40, "bkt_sink");
static_assert(offsetof(bkt_sink, size) == 0, "bkt_sink.size");
static_assert(offsetof(bkt_sink, flags) == 4, "bkt_sink.flags");
static_assert(offsetof(bkt_sink, ctx) == 8, "bkt_sink.ctx");
static_assert(offsetof(bkt_sink, write) == 16, "bkt_sink.write");
static_assert(offsetof(bkt_sink, reserve) == 24, "bkt_sink.reserve");
static_assert(offsetof(bkt_sink, commit) == 32, "bkt_sink.commit");

static_assert(sizeof(bkt_source) == 32, "bkt_source");
static_assert(offsetof(bkt_source, size) == 0, "bkt_source.size");
static_assert(offsetof(bkt_source, flags) == 4, "bkt_source.flags");
static_assert(offsetof(bkt_source, ctx) == 8, "bkt_source.ctx");
static_assert(offsetof(bkt_source, read) == 16, "bkt_source.read");
static_assert(offsetof(bkt_source, size_bytes) == 24, "bkt_source.size_bytes");

static_assert(sizeof(bkt_tap) == 48, "bkt_tap");
static_assert(offsetof(bkt_tap, size) == 0, "bkt_tap.size");
static_assert(offsetof(bkt_tap, flags) == 4, "bkt_tap.flags");
static_assert(offsetof(bkt_tap, ctx) == 8, "bkt_tap.ctx");
static_assert(offsetof(bkt_tap, feed) == 16, "bkt_tap.feed");
static_assert(offsetof(bkt_tap, finish) == 24, "bkt_tap.finish");
static_assert(offsetof(bkt_tap, release) == 32, "bkt_tap.release");
static_assert(offsetof(bkt_tap, tail_bytes) == 40, "bkt_tap.tail_bytes");

static_assert(sizeof(bkt_target) == 192, "bkt_target");
static_assert(offsetof(bkt_target, size) == 0, "bkt_target.size");
static_assert(offsetof(bkt_target, flags) == 4, "bkt_target.flags");
static_assert(offsetof(bkt_target, id) == 8, "bkt_target.id");
static_assert(offsetof(bkt_target, name) == 24, "bkt_target.name");
static_assert(offsetof(bkt_target, image) == 40, "bkt_target.image");
static_assert(offsetof(bkt_target, image_digest) == 56, "bkt_target.image_digest");
static_assert(offsetof(bkt_target, state) == 72, "bkt_target.state");
static_assert(offsetof(bkt_target, labels) == 88, "bkt_target.labels");
static_assert(offsetof(bkt_target, label_count) == 96, "bkt_target.label_count");
static_assert(offsetof(bkt_target, env) == 104, "bkt_target.env");
static_assert(offsetof(bkt_target, env_count) == 112, "bkt_target.env_count");
static_assert(offsetof(bkt_target, memory_limit_bytes) == 120, "bkt_target.memory_limit_bytes");
static_assert(offsetof(bkt_target, address) == 128, "bkt_target.address");
static_assert(offsetof(bkt_target, programs) == 144, "bkt_target.programs");
static_assert(offsetof(bkt_target, program_count) == 152, "bkt_target.program_count");
static_assert(offsetof(bkt_target, transport) == 160, "bkt_target.transport");
static_assert(offsetof(bkt_target, transport_reason) == 176, "bkt_target.transport_reason");

static_assert(sizeof(bkt_target_out) == 24, "bkt_target_out");
static_assert(offsetof(bkt_target_out, size) == 0, "bkt_target_out.size");
static_assert(offsetof(bkt_target_out, flags) == 4, "bkt_target_out.flags");
static_assert(offsetof(bkt_target_out, ctx) == 8, "bkt_target_out.ctx");
static_assert(offsetof(bkt_target_out, target) == 16, "bkt_target_out.target");

static_assert(sizeof(bkt_change_out) == 24, "bkt_change_out");
static_assert(offsetof(bkt_change_out, size) == 0, "bkt_change_out.size");
static_assert(offsetof(bkt_change_out, flags) == 4, "bkt_change_out.flags");
static_assert(offsetof(bkt_change_out, ctx) == 8, "bkt_change_out.ctx");
static_assert(offsetof(bkt_change_out, changed) == 16, "bkt_change_out.changed");

static_assert(sizeof(bkt_clone_request) == 40, "bkt_clone_request");
static_assert(offsetof(bkt_clone_request, size) == 0, "bkt_clone_request.size");
static_assert(offsetof(bkt_clone_request, flags) == 4, "bkt_clone_request.flags");
static_assert(offsetof(bkt_clone_request, id) == 8, "bkt_clone_request.id");
static_assert(offsetof(bkt_clone_request, name) == 24, "bkt_clone_request.name");

static_assert(sizeof(bkt_discovery_ops) == 80, "bkt_discovery_ops");
static_assert(offsetof(bkt_discovery_ops, size) == 0, "bkt_discovery_ops.size");
static_assert(offsetof(bkt_discovery_ops, flags) == 4, "bkt_discovery_ops.flags");
static_assert(offsetof(bkt_discovery_ops, open) == 8, "bkt_discovery_ops.open");
static_assert(offsetof(bkt_discovery_ops, close) == 16, "bkt_discovery_ops.close");
static_assert(offsetof(bkt_discovery_ops, scan) == 24, "bkt_discovery_ops.scan");
static_assert(offsetof(bkt_discovery_ops, watch) == 32, "bkt_discovery_ops.watch");
static_assert(offsetof(bkt_discovery_ops, exec) == 40, "bkt_discovery_ops.exec");
static_assert(offsetof(bkt_discovery_ops, clone) == 48, "bkt_discovery_ops.clone");
static_assert(offsetof(bkt_discovery_ops, remove_clone) == 56, "bkt_discovery_ops.remove_clone");
static_assert(offsetof(bkt_discovery_ops, health) == 64, "bkt_discovery_ops.health");
static_assert(offsetof(bkt_discovery_ops, extension) == 72, "bkt_discovery_ops.extension");

static_assert(sizeof(bkt_recognition) == 40, "bkt_recognition");
static_assert(offsetof(bkt_recognition, size) == 0, "bkt_recognition.size");
static_assert(offsetof(bkt_recognition, flags) == 4, "bkt_recognition.flags");
static_assert(offsetof(bkt_recognition, ctx) == 8, "bkt_recognition.ctx");
static_assert(offsetof(bkt_recognition, score) == 16, "bkt_recognition.score");
static_assert(offsetof(bkt_recognition, setting) == 24, "bkt_recognition.setting");
static_assert(offsetof(bkt_recognition, modes) == 32, "bkt_recognition.modes");

static_assert(sizeof(bkt_plan) == 48, "bkt_plan");
static_assert(offsetof(bkt_plan, size) == 0, "bkt_plan.size");
static_assert(offsetof(bkt_plan, flags) == 4, "bkt_plan.flags");
static_assert(offsetof(bkt_plan, ctx) == 8, "bkt_plan.ctx");
static_assert(offsetof(bkt_plan, part) == 16, "bkt_plan.part");
static_assert(offsetof(bkt_plan, consistency) == 24, "bkt_plan.consistency");
static_assert(offsetof(bkt_plan, note) == 32, "bkt_plan.note");
static_assert(offsetof(bkt_plan, gone) == 40, "bkt_plan.gone");

static_assert(sizeof(bkt_parts_out) == 40, "bkt_parts_out");
static_assert(offsetof(bkt_parts_out, size) == 0, "bkt_parts_out.size");
static_assert(offsetof(bkt_parts_out, flags) == 4, "bkt_parts_out.flags");
static_assert(offsetof(bkt_parts_out, ctx) == 8, "bkt_parts_out.ctx");
static_assert(offsetof(bkt_parts_out, begin) == 16, "bkt_parts_out.begin");
static_assert(offsetof(bkt_parts_out, finish) == 24, "bkt_parts_out.finish");
static_assert(offsetof(bkt_parts_out, fact) == 32, "bkt_parts_out.fact");

static_assert(sizeof(bkt_parts_in) == 40, "bkt_parts_in");
static_assert(offsetof(bkt_parts_in, size) == 0, "bkt_parts_in.size");
static_assert(offsetof(bkt_parts_in, flags) == 4, "bkt_parts_in.flags");
static_assert(offsetof(bkt_parts_in, ctx) == 8, "bkt_parts_in.ctx");
static_assert(offsetof(bkt_parts_in, count) == 16, "bkt_parts_in.count");
static_assert(offsetof(bkt_parts_in, name) == 24, "bkt_parts_in.name");
static_assert(offsetof(bkt_parts_in, open) == 32, "bkt_parts_in.open");

static_assert(sizeof(bkt_engine_ops) == 80, "bkt_engine_ops");
static_assert(offsetof(bkt_engine_ops, size) == 0, "bkt_engine_ops.size");
static_assert(offsetof(bkt_engine_ops, flags) == 4, "bkt_engine_ops.flags");
static_assert(offsetof(bkt_engine_ops, recognise) == 8, "bkt_engine_ops.recognise");
static_assert(offsetof(bkt_engine_ops, open) == 16, "bkt_engine_ops.open");
static_assert(offsetof(bkt_engine_ops, close) == 24, "bkt_engine_ops.close");
static_assert(offsetof(bkt_engine_ops, plan) == 32, "bkt_engine_ops.plan");
static_assert(offsetof(bkt_engine_ops, dump) == 40, "bkt_engine_ops.dump");
static_assert(offsetof(bkt_engine_ops, validator) == 48, "bkt_engine_ops.validator");
static_assert(offsetof(bkt_engine_ops, restore) == 56, "bkt_engine_ops.restore");
static_assert(offsetof(bkt_engine_ops, recipe) == 64, "bkt_engine_ops.recipe");
static_assert(offsetof(bkt_engine_ops, extension) == 72, "bkt_engine_ops.extension");

static_assert(sizeof(bkt_hook_event) == 80, "bkt_hook_event");
static_assert(offsetof(bkt_hook_event, size) == 0, "bkt_hook_event.size");
static_assert(offsetof(bkt_hook_event, flags) == 4, "bkt_hook_event.flags");
static_assert(offsetof(bkt_hook_event, phase) == 8, "bkt_hook_event.phase");
static_assert(offsetof(bkt_hook_event, outcome) == 12, "bkt_hook_event.outcome");
static_assert(offsetof(bkt_hook_event, target) == 16, "bkt_hook_event.target");
static_assert(offsetof(bkt_hook_event, job) == 32, "bkt_hook_event.job");
static_assert(offsetof(bkt_hook_event, backup) == 48, "bkt_hook_event.backup");
static_assert(offsetof(bkt_hook_event, json) == 64, "bkt_hook_event.json");

static_assert(sizeof(bkt_hook_out) == 32, "bkt_hook_out");
static_assert(offsetof(bkt_hook_out, size) == 0, "bkt_hook_out.size");
static_assert(offsetof(bkt_hook_out, flags) == 4, "bkt_hook_out.flags");
static_assert(offsetof(bkt_hook_out, ctx) == 8, "bkt_hook_out.ctx");
static_assert(offsetof(bkt_hook_out, decide) == 16, "bkt_hook_out.decide");
static_assert(offsetof(bkt_hook_out, annotate) == 24, "bkt_hook_out.annotate");

static_assert(sizeof(bkt_hook_ops) == 56, "bkt_hook_ops");
static_assert(offsetof(bkt_hook_ops, size) == 0, "bkt_hook_ops.size");
static_assert(offsetof(bkt_hook_ops, flags) == 4, "bkt_hook_ops.flags");
static_assert(offsetof(bkt_hook_ops, open) == 8, "bkt_hook_ops.open");
static_assert(offsetof(bkt_hook_ops, close) == 16, "bkt_hook_ops.close");
static_assert(offsetof(bkt_hook_ops, before) == 24, "bkt_hook_ops.before");
static_assert(offsetof(bkt_hook_ops, after) == 32, "bkt_hook_ops.after");
static_assert(offsetof(bkt_hook_ops, health) == 40, "bkt_hook_ops.health");
static_assert(offsetof(bkt_hook_ops, extension) == 48, "bkt_hook_ops.extension");

static_assert(sizeof(bkt_event) == 104, "bkt_event");
static_assert(offsetof(bkt_event, size) == 0, "bkt_event.size");
static_assert(offsetof(bkt_event, flags) == 4, "bkt_event.flags");
static_assert(offsetof(bkt_event, severity) == 8, "bkt_event.severity");
static_assert(offsetof(bkt_event, reserved) == 12, "bkt_event.reserved");
static_assert(offsetof(bkt_event, time_ns) == 16, "bkt_event.time_ns");
static_assert(offsetof(bkt_event, key) == 24, "bkt_event.key");
static_assert(offsetof(bkt_event, type) == 40, "bkt_event.type");
static_assert(offsetof(bkt_event, title) == 56, "bkt_event.title");
static_assert(offsetof(bkt_event, text) == 72, "bkt_event.text");
static_assert(offsetof(bkt_event, json) == 88, "bkt_event.json");

static_assert(sizeof(bkt_notifier_ops) == 56, "bkt_notifier_ops");
static_assert(offsetof(bkt_notifier_ops, size) == 0, "bkt_notifier_ops.size");
static_assert(offsetof(bkt_notifier_ops, flags) == 4, "bkt_notifier_ops.flags");
static_assert(offsetof(bkt_notifier_ops, open) == 8, "bkt_notifier_ops.open");
static_assert(offsetof(bkt_notifier_ops, close) == 16, "bkt_notifier_ops.close");
static_assert(offsetof(bkt_notifier_ops, notify) == 24, "bkt_notifier_ops.notify");
static_assert(offsetof(bkt_notifier_ops, digest) == 32, "bkt_notifier_ops.digest");
static_assert(offsetof(bkt_notifier_ops, health) == 40, "bkt_notifier_ops.health");
static_assert(offsetof(bkt_notifier_ops, extension) == 48, "bkt_notifier_ops.extension");

static_assert(sizeof(bkt_secret_out) == 24, "bkt_secret_out");
static_assert(offsetof(bkt_secret_out, size) == 0, "bkt_secret_out.size");
static_assert(offsetof(bkt_secret_out, flags) == 4, "bkt_secret_out.flags");
static_assert(offsetof(bkt_secret_out, ctx) == 8, "bkt_secret_out.ctx");
static_assert(offsetof(bkt_secret_out, value) == 16, "bkt_secret_out.value");

static_assert(sizeof(bkt_secrets_ops) == 48, "bkt_secrets_ops");
static_assert(offsetof(bkt_secrets_ops, size) == 0, "bkt_secrets_ops.size");
static_assert(offsetof(bkt_secrets_ops, flags) == 4, "bkt_secrets_ops.flags");
static_assert(offsetof(bkt_secrets_ops, open) == 8, "bkt_secrets_ops.open");
static_assert(offsetof(bkt_secrets_ops, close) == 16, "bkt_secrets_ops.close");
static_assert(offsetof(bkt_secrets_ops, resolve) == 24, "bkt_secrets_ops.resolve");
static_assert(offsetof(bkt_secrets_ops, health) == 32, "bkt_secrets_ops.health");
static_assert(offsetof(bkt_secrets_ops, extension) == 40, "bkt_secrets_ops.extension");

static_assert(sizeof(bkt_object) == 40, "bkt_object");
static_assert(offsetof(bkt_object, size) == 0, "bkt_object.size");
static_assert(offsetof(bkt_object, flags) == 4, "bkt_object.flags");
static_assert(offsetof(bkt_object, key) == 8, "bkt_object.key");
static_assert(offsetof(bkt_object, size_bytes) == 24, "bkt_object.size_bytes");
static_assert(offsetof(bkt_object, modified_ns) == 32, "bkt_object.modified_ns");

static_assert(sizeof(bkt_object_out) == 24, "bkt_object_out");
static_assert(offsetof(bkt_object_out, size) == 0, "bkt_object_out.size");
static_assert(offsetof(bkt_object_out, flags) == 4, "bkt_object_out.flags");
static_assert(offsetof(bkt_object_out, ctx) == 8, "bkt_object_out.ctx");
static_assert(offsetof(bkt_object_out, object) == 16, "bkt_object_out.object");

static_assert(sizeof(bkt_storage_ops) == 96, "bkt_storage_ops");
static_assert(offsetof(bkt_storage_ops, size) == 0, "bkt_storage_ops.size");
static_assert(offsetof(bkt_storage_ops, flags) == 4, "bkt_storage_ops.flags");
static_assert(offsetof(bkt_storage_ops, open) == 8, "bkt_storage_ops.open");
static_assert(offsetof(bkt_storage_ops, close) == 16, "bkt_storage_ops.close");
static_assert(offsetof(bkt_storage_ops, put) == 24, "bkt_storage_ops.put");
static_assert(offsetof(bkt_storage_ops, get) == 32, "bkt_storage_ops.get");
static_assert(offsetof(bkt_storage_ops, stat) == 40, "bkt_storage_ops.stat");
static_assert(offsetof(bkt_storage_ops, list) == 48, "bkt_storage_ops.list");
static_assert(offsetof(bkt_storage_ops, remove) == 56, "bkt_storage_ops.remove");
static_assert(offsetof(bkt_storage_ops, sweep) == 64, "bkt_storage_ops.sweep");
static_assert(offsetof(bkt_storage_ops, free_bytes) == 72, "bkt_storage_ops.free_bytes");
static_assert(offsetof(bkt_storage_ops, health) == 80, "bkt_storage_ops.health");
static_assert(offsetof(bkt_storage_ops, extension) == 88, "bkt_storage_ops.extension");

static_assert(sizeof(bkt_header_out) == 24, "bkt_header_out");
static_assert(offsetof(bkt_header_out, size) == 0, "bkt_header_out.size");
static_assert(offsetof(bkt_header_out, flags) == 4, "bkt_header_out.flags");
static_assert(offsetof(bkt_header_out, ctx) == 8, "bkt_header_out.ctx");
static_assert(offsetof(bkt_header_out, header) == 16, "bkt_header_out.header");

static_assert(sizeof(bkt_transform_ops) == 56, "bkt_transform_ops");
static_assert(offsetof(bkt_transform_ops, size) == 0, "bkt_transform_ops.size");
static_assert(offsetof(bkt_transform_ops, flags) == 4, "bkt_transform_ops.flags");
static_assert(offsetof(bkt_transform_ops, open) == 8, "bkt_transform_ops.open");
static_assert(offsetof(bkt_transform_ops, close) == 16, "bkt_transform_ops.close");
static_assert(offsetof(bkt_transform_ops, caps) == 24, "bkt_transform_ops.caps");
static_assert(offsetof(bkt_transform_ops, encode) == 32, "bkt_transform_ops.encode");
static_assert(offsetof(bkt_transform_ops, decode) == 40, "bkt_transform_ops.decode");
static_assert(offsetof(bkt_transform_ops, extension) == 48, "bkt_transform_ops.extension");

static_assert(sizeof(bkt_clock) == 40, "bkt_clock");
static_assert(offsetof(bkt_clock, size) == 0, "bkt_clock.size");
static_assert(offsetof(bkt_clock, flags) == 4, "bkt_clock.flags");
static_assert(offsetof(bkt_clock, wall_ns) == 8, "bkt_clock.wall_ns");
static_assert(offsetof(bkt_clock, monotonic_ns) == 16, "bkt_clock.monotonic_ns");
static_assert(offsetof(bkt_clock, sleep_ns) == 24, "bkt_clock.sleep_ns");
static_assert(offsetof(bkt_clock, random) == 32, "bkt_clock.random");

static_assert(sizeof(bkt_key_out) == 24, "bkt_key_out");
static_assert(offsetof(bkt_key_out, size) == 0, "bkt_key_out.size");
static_assert(offsetof(bkt_key_out, flags) == 4, "bkt_key_out.flags");
static_assert(offsetof(bkt_key_out, ctx) == 8, "bkt_key_out.ctx");
static_assert(offsetof(bkt_key_out, key) == 16, "bkt_key_out.key");

static_assert(sizeof(bkt_config) == 24, "bkt_config");
static_assert(offsetof(bkt_config, size) == 0, "bkt_config.size");
static_assert(offsetof(bkt_config, flags) == 4, "bkt_config.flags");
static_assert(offsetof(bkt_config, get) == 8, "bkt_config.get");
static_assert(offsetof(bkt_config, keys) == 16, "bkt_config.keys");

static_assert(sizeof(bkt_events) == 16, "bkt_events");
static_assert(offsetof(bkt_events, size) == 0, "bkt_events.size");
static_assert(offsetof(bkt_events, flags) == 4, "bkt_events.flags");
static_assert(offsetof(bkt_events, emit) == 8, "bkt_events.emit");

static_assert(sizeof(bkt_exec_request) == 104, "bkt_exec_request");
static_assert(offsetof(bkt_exec_request, size) == 0, "bkt_exec_request.size");
static_assert(offsetof(bkt_exec_request, flags) == 4, "bkt_exec_request.flags");
static_assert(offsetof(bkt_exec_request, target) == 8, "bkt_exec_request.target");
static_assert(offsetof(bkt_exec_request, argv) == 24, "bkt_exec_request.argv");
static_assert(offsetof(bkt_exec_request, argc) == 32, "bkt_exec_request.argc");
static_assert(offsetof(bkt_exec_request, env) == 40, "bkt_exec_request.env");
static_assert(offsetof(bkt_exec_request, env_count) == 48, "bkt_exec_request.env_count");
static_assert(offsetof(bkt_exec_request, user) == 56, "bkt_exec_request.user");
static_assert(offsetof(bkt_exec_request, in) == 72, "bkt_exec_request.in");
static_assert(offsetof(bkt_exec_request, out) == 80, "bkt_exec_request.out");
static_assert(offsetof(bkt_exec_request, program) == 88, "bkt_exec_request.program");

static_assert(sizeof(bkt_exec_result) == 48, "bkt_exec_result");
static_assert(offsetof(bkt_exec_result, size) == 0, "bkt_exec_result.size");
static_assert(offsetof(bkt_exec_result, exit_code) == 4, "bkt_exec_result.exit_code");
static_assert(offsetof(bkt_exec_result, how) == 8, "bkt_exec_result.how");
static_assert(offsetof(bkt_exec_result, reserved) == 12, "bkt_exec_result.reserved");
static_assert(offsetof(bkt_exec_result, stdin_bytes) == 16, "bkt_exec_result.stdin_bytes");
static_assert(offsetof(bkt_exec_result, stdout_bytes) == 24, "bkt_exec_result.stdout_bytes");
static_assert(offsetof(bkt_exec_result, stderr_tail) == 32, "bkt_exec_result.stderr_tail");

static_assert(sizeof(bkt_exec_report) == 24, "bkt_exec_report");
static_assert(offsetof(bkt_exec_report, size) == 0, "bkt_exec_report.size");
static_assert(offsetof(bkt_exec_report, flags) == 4, "bkt_exec_report.flags");
static_assert(offsetof(bkt_exec_report, ctx) == 8, "bkt_exec_report.ctx");
static_assert(offsetof(bkt_exec_report, exited) == 16, "bkt_exec_report.exited");

static_assert(sizeof(bkt_exec) == 16, "bkt_exec");
static_assert(offsetof(bkt_exec, size) == 0, "bkt_exec.size");
static_assert(offsetof(bkt_exec, flags) == 4, "bkt_exec.flags");
static_assert(offsetof(bkt_exec, run) == 8, "bkt_exec.run");

static_assert(sizeof(bkt_hash) == 40, "bkt_hash");
static_assert(offsetof(bkt_hash, size) == 0, "bkt_hash.size");
static_assert(offsetof(bkt_hash, flags) == 4, "bkt_hash.flags");
static_assert(offsetof(bkt_hash, begin) == 8, "bkt_hash.begin");
static_assert(offsetof(bkt_hash, update) == 16, "bkt_hash.update");
static_assert(offsetof(bkt_hash, finish) == 24, "bkt_hash.finish");
static_assert(offsetof(bkt_hash, begin_hmac) == 32, "bkt_hash.begin_hmac");

static_assert(sizeof(bkt_http_request) == 80, "bkt_http_request");
static_assert(offsetof(bkt_http_request, size) == 0, "bkt_http_request.size");
static_assert(offsetof(bkt_http_request, flags) == 4, "bkt_http_request.flags");
static_assert(offsetof(bkt_http_request, method) == 8, "bkt_http_request.method");
static_assert(offsetof(bkt_http_request, url) == 24, "bkt_http_request.url");
static_assert(offsetof(bkt_http_request, headers) == 40, "bkt_http_request.headers");
static_assert(offsetof(bkt_http_request, header_count) == 48, "bkt_http_request.header_count");
static_assert(offsetof(bkt_http_request, body) == 56, "bkt_http_request.body");
static_assert(offsetof(bkt_http_request, out) == 64, "bkt_http_request.out");
static_assert(offsetof(bkt_http_request, timeout_ms) == 72, "bkt_http_request.timeout_ms");

static_assert(sizeof(bkt_http_report) == 32, "bkt_http_report");
static_assert(offsetof(bkt_http_report, size) == 0, "bkt_http_report.size");
static_assert(offsetof(bkt_http_report, flags) == 4, "bkt_http_report.flags");
static_assert(offsetof(bkt_http_report, ctx) == 8, "bkt_http_report.ctx");
static_assert(offsetof(bkt_http_report, status) == 16, "bkt_http_report.status");
static_assert(offsetof(bkt_http_report, header) == 24, "bkt_http_report.header");

static_assert(sizeof(bkt_http) == 16, "bkt_http");
static_assert(offsetof(bkt_http, size) == 0, "bkt_http.size");
static_assert(offsetof(bkt_http, flags) == 4, "bkt_http.flags");
static_assert(offsetof(bkt_http, run) == 8, "bkt_http.run");

static_assert(sizeof(bkt_kv) == 40, "bkt_kv");
static_assert(offsetof(bkt_kv, size) == 0, "bkt_kv.size");
static_assert(offsetof(bkt_kv, flags) == 4, "bkt_kv.flags");
static_assert(offsetof(bkt_kv, get) == 8, "bkt_kv.get");
static_assert(offsetof(bkt_kv, put) == 16, "bkt_kv.put");
static_assert(offsetof(bkt_kv, swap) == 24, "bkt_kv.swap");
static_assert(offsetof(bkt_kv, remove) == 32, "bkt_kv.remove");

static_assert(sizeof(bkt_log) == 16, "bkt_log");
static_assert(offsetof(bkt_log, size) == 0, "bkt_log.size");
static_assert(offsetof(bkt_log, flags) == 4, "bkt_log.flags");
static_assert(offsetof(bkt_log, log) == 8, "bkt_log.log");

static_assert(sizeof(bkt_metrics) == 24, "bkt_metrics");
static_assert(offsetof(bkt_metrics, size) == 0, "bkt_metrics.size");
static_assert(offsetof(bkt_metrics, flags) == 4, "bkt_metrics.flags");
static_assert(offsetof(bkt_metrics, add) == 8, "bkt_metrics.add");
static_assert(offsetof(bkt_metrics, set) == 16, "bkt_metrics.set");

static_assert(sizeof(bkt_secret) == 16, "bkt_secret");
static_assert(offsetof(bkt_secret, size) == 0, "bkt_secret.size");
static_assert(offsetof(bkt_secret, flags) == 4, "bkt_secret.flags");
static_assert(offsetof(bkt_secret, resolve) == 8, "bkt_secret.resolve");

static_assert(sizeof(bkt_temp) == 16, "bkt_temp");
static_assert(offsetof(bkt_temp, size) == 0, "bkt_temp.size");
static_assert(offsetof(bkt_temp, flags) == 4, "bkt_temp.flags");
static_assert(offsetof(bkt_temp, dir) == 8, "bkt_temp.dir");

static_assert(sizeof(bkt_thread) == 16, "bkt_thread");
static_assert(offsetof(bkt_thread, size) == 0, "bkt_thread.size");
static_assert(offsetof(bkt_thread, flags) == 4, "bkt_thread.flags");
static_assert(offsetof(bkt_thread, current) == 8, "bkt_thread.current");

static_assert(sizeof(bkt_net) == 16, "bkt_net");
static_assert(offsetof(bkt_net, size) == 0, "bkt_net.size");
static_assert(offsetof(bkt_net, flags) == 4, "bkt_net.flags");
static_assert(offsetof(bkt_net, dial) == 8, "bkt_net.dial");

static_assert((int)BKT_OK == 0, "BKT_OK");
static_assert((int)BKT_CANCELLED == -1, "BKT_CANCELLED");
static_assert((int)BKT_TIMEOUT == -2, "BKT_TIMEOUT");
static_assert((int)BKT_INVALID == -3, "BKT_INVALID");
static_assert((int)BKT_NOT_FOUND == -4, "BKT_NOT_FOUND");
static_assert((int)BKT_EXISTS == -5, "BKT_EXISTS");
static_assert((int)BKT_DENIED == -6, "BKT_DENIED");
static_assert((int)BKT_UNAVAILABLE == -7, "BKT_UNAVAILABLE");
static_assert((int)BKT_NO_SPACE == -8, "BKT_NO_SPACE");
static_assert((int)BKT_TRUNCATED == -9, "BKT_TRUNCATED");
static_assert((int)BKT_CORRUPT == -10, "BKT_CORRUPT");
static_assert((int)BKT_UNSUPPORTED == -11, "BKT_UNSUPPORTED");
static_assert((int)BKT_CONFLICT == -12, "BKT_CONFLICT");
static_assert((int)BKT_FAILED == -13, "BKT_FAILED");
static_assert((int)BKT_BUG == -14, "BKT_BUG");
static_assert((int)BKT_FAULT == -15, "BKT_FAULT");
static_assert((int)BKT_TARGET_HOST_FILES == 1, "BKT_TARGET_HOST_FILES");
static_assert((int)BKT_CHANGE_ADDED == 1, "BKT_CHANGE_ADDED");
static_assert((int)BKT_CHANGE_REMOVED == 2, "BKT_CHANGE_REMOVED");
static_assert((int)BKT_CHANGE_RESYNC == 3, "BKT_CHANGE_RESYNC");
static_assert((int)BKT_MODE_EXEC == 1, "BKT_MODE_EXEC");
static_assert((int)BKT_MODE_SIDECAR == 2, "BKT_MODE_SIDECAR");
static_assert((int)BKT_MODE_REMOTE == 4, "BKT_MODE_REMOTE");
static_assert((int)BKT_CONSISTENCY_NONE == 0, "BKT_CONSISTENCY_NONE");
static_assert((int)BKT_CONSISTENCY_CRASH == 1, "BKT_CONSISTENCY_CRASH");
static_assert((int)BKT_CONSISTENCY_SNAPSHOT == 2, "BKT_CONSISTENCY_SNAPSHOT");
static_assert((int)BKT_CONSISTENCY_TRANSACTIONAL == 3, "BKT_CONSISTENCY_TRANSACTIONAL");
static_assert((int)BKT_VALIDATE_DEEP == 1, "BKT_VALIDATE_DEEP");
static_assert((int)BKT_PHASE_BACKUP == 1, "BKT_PHASE_BACKUP");
static_assert((int)BKT_PHASE_VERIFY == 2, "BKT_PHASE_VERIFY");
static_assert((int)BKT_PHASE_RESTORE == 3, "BKT_PHASE_RESTORE");
static_assert((int)BKT_DECISION_CONTINUE == 0, "BKT_DECISION_CONTINUE");
static_assert((int)BKT_DECISION_SKIP == 1, "BKT_DECISION_SKIP");
static_assert((int)BKT_DECISION_ABORT == 2, "BKT_DECISION_ABORT");
static_assert((int)BKT_SEVERITY_DEBUG == 0, "BKT_SEVERITY_DEBUG");
static_assert((int)BKT_SEVERITY_INFO == 1, "BKT_SEVERITY_INFO");
static_assert((int)BKT_SEVERITY_WARNING == 2, "BKT_SEVERITY_WARNING");
static_assert((int)BKT_SEVERITY_ERROR == 3, "BKT_SEVERITY_ERROR");
static_assert((int)BKT_PUT_REPLACE == 1, "BKT_PUT_REPLACE");
static_assert((int)BKT_TRANSFORM_DETERMINISTIC == 1, "BKT_TRANSFORM_DETERMINISTIC");
static_assert((int)BKT_TRANSFORM_AUTHENTICATED == 2, "BKT_TRANSFORM_AUTHENTICATED");
static_assert((int)BKT_EXEC_BESIDE == 1, "BKT_EXEC_BESIDE");
static_assert((int)BKT_EXIT_WAITED == 1, "BKT_EXIT_WAITED");
static_assert((int)BKT_EXIT_INSPECTED == 2, "BKT_EXIT_INSPECTED");
static_assert((int)BKT_HTTP_OUT_OF_SUCCESS == 1, "BKT_HTTP_OUT_OF_SUCCESS");
static_assert((int)BKT_LOG_DEBUG == 0, "BKT_LOG_DEBUG");
static_assert((int)BKT_LOG_INFO == 1, "BKT_LOG_INFO");
static_assert((int)BKT_LOG_WARNING == 2, "BKT_LOG_WARNING");
static_assert((int)BKT_LOG_ERROR == 3, "BKT_LOG_ERROR");
static_assert((int)BKT_THREAD_OTHER == 0, "BKT_THREAD_OTHER");
static_assert((int)BKT_THREAD_CONTROL == 1, "BKT_THREAD_CONTROL");
static_assert((int)BKT_THREAD_OP == 2, "BKT_THREAD_OP");
static_assert((int)BKT_THREAD_PIPELINE == 3, "BKT_THREAD_PIPELINE");
extern int baktainer_layout_holds;
