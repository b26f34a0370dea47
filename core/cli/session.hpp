// cli/session.hpp: one command's working set: settings, log, plugins, Ctrl-C, context.
#pragma once

#include <memory>

#include "core/base/cancel.hpp"
#include "core/cli/console.hpp"
#include "core/config/settings.hpp"
#include "core/plugin/facilities.hpp"
#include "core/plugin/registry.hpp"
#include "core/report/reporter.hpp"
#include "core/run/context.hpp"

namespace bkt::cli {

class Session final {
public:
    Session(const Options& options, Console& console) : options_(options), console_(console) {}
    ~Session();

    Console& console() { return console_; }
    const Options& options() const { return options_; }
    // Reads the configuration and starts the log. Cheap; the rest is made on first use.
    Result<config::Settings> settings();
    // BAKTAINER_PLUGIN_PATH under --dev.
    Result<std::string> dev_path();
    // Loads plugins, installs the signal handlers.
    Result<run::Context*> context();

private:
    const Options& options_;
    Console& console_;
    plugin::Registry registry_;
    std::shared_ptr<plugin::Facilities> facilities_;
    std::shared_ptr<report::Reporter> reporter_;
    std::unique_ptr<run::Context> context_;
};

}  // namespace bkt::cli
