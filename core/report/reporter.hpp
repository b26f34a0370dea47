// report/reporter.hpp: passes a command's events on to who watches it and to the configured notifiers. A
// notifier that cannot be told is a warning, never a failure of what it was to be told of.
#pragma once

#include <memory>
#include <vector>

#include "core/base/cancel.hpp"
#include "core/config/settings.hpp"
#include "core/plugin/facilities.hpp"
#include "core/plugin/registry.hpp"
#include "core/report/delivery.hpp"
#include "core/report/selection.hpp"
#include "core/run/observer.hpp"

namespace bkt::report {

// Opens the notifier `name` of `settings`. Code::not_found when its plugin is not there.
Result<Notifier> open_notifier(const std::string& name, const config::Block& block,
                               const plugin::Registry& registry, const plugin::CallScope& scope);

class Reporter final : public run::Observer {
public:
    // Borrows all but `facilities`. Code::invalid for a bad `on` or `timeout`; a notifier whose plugin is
    // missing or refuses is told of when it is needed. Opens nothing yet.
    static Result<std::shared_ptr<Reporter>> create(const config::Settings& settings,
                                                    const plugin::Registry& registry,
                                                    std::shared_ptr<plugin::Facilities> facilities,
                                                    const base::Cancel& interrupt,
                                                    run::Observer& watcher);

    void event(const run::Event& event) override;
    void progress(const run::Progress& progress) override { watcher_.progress(progress); }
    void settle() override;
    // What a plugin said through bkt.events/1.
    void plugin_event(const plugin::PluginEvent& event);

private:
    struct Target {
        Selection on;
        std::chrono::milliseconds timeout;
        std::unique_ptr<Delivery> delivery;
    };
    Reporter(std::string host, std::shared_ptr<plugin::Facilities> facilities,
             const base::Cancel& interrupt, run::Observer& watcher)
        : host_(std::move(host)),
          facilities_(std::move(facilities)),
          interrupt_(interrupt),
          watcher_(watcher) {}
    bool recovers(const run::Event& event);

    const std::string host_;
    const std::shared_ptr<plugin::Facilities> facilities_;
    const base::Cancel& interrupt_;
    run::Observer& watcher_;
    std::vector<Target> targets_;
};

}  // namespace bkt::report
