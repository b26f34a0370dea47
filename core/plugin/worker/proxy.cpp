#include "core/plugin/worker/proxy.hpp"

#include <algorithm>

#include "baktainer/abi/services/config.h"
#include "baktainer/abi/services/events.h"
#include "baktainer/abi/services/log.h"
#include "baktainer/abi/services/metrics.h"
#include "baktainer/abi/services/temp.h"
#include "baktainer/call.hpp"
#include "core/plugin/call_context.hpp"

namespace bkt::plugin::worker {

using wire::json;

namespace {

json settings_of(const bkt_host* host) {
    json settings = json::object();
    const auto* service = service_of<bkt_config>(host, BKT_SERVICE_CONFIG);
    if (!service || !BKT_HAS(service, bkt_config, keys) || !service->keys) return settings;
    std::vector<std::string> keys;
    const bkt_key_out out{
        sizeof out, 0, &keys, [](const bkt_key_out* o, bkt_str key) noexcept -> bkt_rc {
            try {
                static_cast<std::vector<std::string>*>(o->ctx)->emplace_back(view(key));
                return BKT_OK;
            } catch (...) {
                return BKT_BUG;
            }
        }};
    service->keys(host, &out);
    for (const auto& key : keys) settings[key] = view(service->get(host, str(key)));
    return settings;
}

// Log lines, events and metrics of an instance.
void pass_on(const bkt_host* host, const wire::Message& notice) {
    const json& body = notice.body;
    const auto level = static_cast<std::int32_t>(wire::integer(body, "level"));
    const auto name = wire::text(body, "name"), text = wire::text(body, "text");
    const auto& value = wire::at(body, "value");
    const double amount = value.is_number() ? value.get<double>() : 0;
    if (notice.method == "log") {
        if (const auto* s = service_of<bkt_log>(host, BKT_SERVICE_LOG))
            s->log(host, level, str(text));
    } else if (notice.method == "event") {
        if (const auto* s = service_of<bkt_events>(host, BKT_SERVICE_EVENTS))
            s->emit(host, level, str(name), str(text));
    } else if (notice.method == "metric.add") {
        if (const auto* s = service_of<bkt_metrics>(host, BKT_SERVICE_METRICS))
            s->add(host, str(name), amount);
    } else if (notice.method == "metric.set") {
        if (const auto* s = service_of<bkt_metrics>(host, BKT_SERVICE_METRICS))
            s->set(host, str(name), amount);
    }
}

Result<std::string> temp_dir(const Image& image, const bkt_host* host, const bkt_call* call) {
    if (std::find(image.needs.begin(), image.needs.end(), BKT_SERVICE_TEMP) == image.needs.end())
        return std::string();
    const auto* service = service_of<bkt_temp>(host, BKT_SERVICE_TEMP);
    if (!service) return std::string();
    bkt_str path{nullptr, 0};
    const bkt_rc rc = service->dir(host, call, &path);
    // A need is what may be used, not what must be there: without a folder its use fails, not the plugin.
    if (rc == BKT_UNSUPPORTED) return std::string();
    if (rc != BKT_OK) return Error{static_cast<Code>(rc), {}};
    return std::string(view(path));
}

Status open(const Isolated& component, const bkt_host* host, const bkt_call* call, void** self) {
    auto instance = std::make_unique<Instance>();
    instance->host = host;
    BKT_LET(const std::string temp, temp_dir(component.image, host, call));
    BKT_LET(instance->worker, Worker::start(component.image, temp));
    instance->worker->listen([host](wire::Message& notice) { pass_on(host, notice); });
    if (const auto* s = service_of<bkt_log>(host, BKT_SERVICE_LOG))
        s->log(host, BKT_LOG_DEBUG,
               str("runs in a process of its own, kept in by " + instance->worker->sandbox()));
    json out;
    Op op(*instance->worker, host, call);
    const bkt_rc rc = op.run("open",
                             {{"kind", component.kind},
                              {"name", component.name},
                              {"host_version", view(host->version)},
                              {"settings", settings_of(host)}},
                             &out, {}, component.image.limits.start);
    if (rc != BKT_OK) return Error{static_cast<Code>(rc), {}};
    instance->id = wire::number(out, "instance");
    *self = instance.release();
    return {};
}

}  // namespace

bkt_rc open_instance(Isolated& component, const bkt_host* host, const bkt_call* call,
                     void** self) noexcept {
    try {
        const Status opened = open(component, host, call, self);
        if (opened) return BKT_OK;
        if (!opened.error().message.empty()) return fail_call(call, opened.error());
        return static_cast<bkt_rc>(opened.error().code);
    } catch (...) {
        return BKT_BUG;
    }
}

void close_instance(void* self) noexcept {
    const std::unique_ptr<Instance> instance(static_cast<Instance*>(self));
    const auto until = std::chrono::steady_clock::now() + instance->worker->image().limits.start;
    try {
        const auto closed = instance->worker->peer().call(
            "close", {{"args", {{"instance", instance->id}}}}, {}, [&]() -> Status {
                if (std::chrono::steady_clock::now() < until) return {};
                instance->worker->break_off("did not close");
                return Error{Code::fault, {}};
            });
        // A plugin that ends its process in close() did not close.
        if (!closed) static_cast<void>(instance->worker->fault());
    } catch (...) {
        // It ends with its worker.
    }
    instance->worker->listen({});
}

bkt_rc give_text(const bkt_call* call, const std::string& text, bkt_str* into) noexcept {
    auto* memory = static_cast<char*>(call->alloc(call, text.size() + 1));
    if (!memory) return BKT_BUG;
    std::copy(text.begin(), text.end(), memory);
    *into = {memory, text.size()};
    return BKT_OK;
}

bkt_rc health(void* self, const bkt_call* call, bkt_str* text) noexcept {
    return on(self, call, [&](Instance& instance, Op& op) {
        json out;
        const bkt_rc rc = op.run("health", {{"instance", instance.id}}, &out);
        return rc == BKT_OK ? give_text(call, wire::text(out, "text"), text) : rc;
    });
}

}  // namespace bkt::plugin::worker
