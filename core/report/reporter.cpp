#include "core/report/reporter.hpp"

#include "baktainer/abi/kinds/notifier.h"
#include "core/base/units.hpp"

namespace bkt::report {

namespace {

using std::chrono::milliseconds;
constexpr milliseconds kMaxTimeout{300'000};
constexpr milliseconds kAfterInterrupt{5'000};
constexpr const char* kOwner = "baktainer/report";  // no component is named so

std::string option(const config::Block& block, const char* key, std::string_view otherwise) {
    const auto found = block.options.find(key);
    return found == block.options.end() ? std::string(otherwise) : found->second.text;
}

// "b.yaml:12: notifier 'ops'": the line of the option, or else of the notifier.
std::string place(const config::Block& block, const char* key, const std::string& name) {
    const auto found = block.options.find(key);
    const auto& origin = found == block.options.end() ? block.origin : found->second.origin;
    return origin + ": notifier '" + name + "'";
}

Result<milliseconds> timeout_of(const config::Block& block) {
    BKT_LET(const auto wish, base::parse_duration(option(block, "timeout", "30s")));
    const auto timeout = std::chrono::duration_cast<milliseconds>(wish);
    if (timeout < milliseconds(1000) || timeout > kMaxTimeout)
        return Error{Code::invalid, "'timeout' is not from 1s to 5m"};
    return timeout;
}

}  // namespace

Result<Notifier> open_notifier(const std::string& name, const config::Block& block,
                               const plugin::Registry& registry, const plugin::CallScope& scope) {
    auto component = registry.find(BKT_KIND_NOTIFIER, block.type);
    if (!component)
        return std::move(component).error().within(block.origin + ": notifier '" + name + "'");
    return Notifier::open(name, **component, plugin::grants_for(block, {"on", "timeout"}), scope);
}

Result<std::shared_ptr<Reporter>> Reporter::create(const config::Settings& settings,
                                                   const plugin::Registry& registry,
                                                   std::shared_ptr<plugin::Facilities> facilities,
                                                   const base::Cancel& interrupt,
                                                   run::Observer& watcher) {
    std::shared_ptr<Reporter> made(
        new Reporter(settings.text("host"), facilities, interrupt, watcher));
    for (const auto& [name, block] : settings.notifiers) {
        auto on = Selection::parse(option(block, "on", kDefaultSelection));
        if (!on) return std::move(on).error().within(place(block, "on", name));
        auto timeout = timeout_of(block);
        if (!timeout) return std::move(timeout).error().within(place(block, "timeout", name));
        DeliveryOptions options;
        options.name = name;
        options.timeout = *timeout;
        options.facilities = facilities;
        options.open = [name = name, block = block, &registry](const plugin::CallScope& scope) {
            return open_notifier(name, block, registry, scope);
        };
        options.failed = [name = name, &watcher](const Message& message, const Error& error) {
            watcher.event({"notify.failed",
                           {{"notifier", name},
                            {"about", message.type},
                            {"reason", error.message},
                            {"hint", error.hint}}});
        };
        made->targets_.push_back(
            {*std::move(on), *timeout, std::make_unique<Delivery>(std::move(options))});
    }
    return made;
}

// Remembers failures across commands, so that the end of a row of them can be told. A memory that fails costs
// only that word.
bool Reporter::recovers(const run::Event& event) {
    const bool failed = event.id == "run.failed";
    if (!failed && event.id != "run.finished") return false;
    const auto key = "failed/" + run::field(event, "target") + "/" + run::field(event, "job");
    if (failed) {
        (void)facilities_->kv.put(kOwner, key, "1");
        return false;
    }
    const auto before = facilities_->kv.get(kOwner, key);
    if (!before || !*before) return false;
    return facilities_->kv.remove(kOwner, key).has_value();
}

void Reporter::event(const run::Event& event) {
    watcher_.event(event);
    if (targets_.empty()) return;
    const bool recovered = recovers(event);
    const auto now =
        std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
    const Message message = message_of(event, host_, recovered, now);
    for (const auto& target : targets_)
        if (target.on.takes(event, recovered)) target.delivery->add(message);
}

void Reporter::plugin_event(const plugin::PluginEvent& said) {
    const auto severity = said.severity >= BKT_SEVERITY_ERROR || said.severity < 0
                              ? run::Severity::error
                          : said.severity == BKT_SEVERITY_WARNING ? run::Severity::warning
                                                                  : run::Severity::info;
    event({"plugin.event",
           {{"plugin", said.plugin}, {"kind", said.kind}, {"name", said.name}, {"text", said.text}},
           severity});
}

// All notifiers have had the same time since the last event, so the longest bounds them all.
void Reporter::settle() {
    const auto began = std::chrono::steady_clock::now();
    for (const auto& target : targets_) {
        const auto bound =
            interrupt_.requested() ? std::min(kAfterInterrupt, target.timeout) : target.timeout;
        const auto used =
            std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - began);
        target.delivery->settle(std::max(milliseconds(0), bound - used));
    }
}

}  // namespace bkt::report
