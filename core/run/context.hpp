// run/context.hpp: what every operation works with. Made by main's verbs, one a process.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "core/archive/store.hpp"
#include "core/base/cancel.hpp"
#include "core/catalog/catalog.hpp"
#include "core/config/settings.hpp"
#include "core/plugin/registry.hpp"
#include "core/run/observer.hpp"
#include "core/run/secret_provider.hpp"
#include "core/run/source.hpp"
#include "core/stream/budget.hpp"

namespace bkt::run {

class Context final {
public:
    // Borrows everything given; takes the settings. `facilities`: for the plugins it opens.
    Context(config::Settings settings, const plugin::Registry& registry, const base::Cancel& cancel,
            Observer& observer, std::shared_ptr<plugin::Facilities> facilities);

    const config::Settings& settings() const { return settings_; }
    const plugin::Registry& registry() const { return registry_; }
    const base::Cancel& cancel() const { return cancel_; }
    Observer& observer() const { return observer_; }
    const std::string& state_dir() const { return settings_.text("state_dir"); }
    // This process's own folder for temporary files, removed at the end or by the next process.
    std::string temp_root();
    // For a job that writes to `stores` stores and fills `parts` parts at once.
    stream::Budget budget(std::size_t stores, std::uint64_t parts) const;

    // Calls outside any run: cancelled by Ctrl-C, no deadline.
    const plugin::CallScope& scope() const { return scope_; }
    // For cleaning up after a cancelled run: Ctrl-C does not stop it, a deadline does.
    static plugin::CallScope cleanup_scope();

    // Opened on first use and kept. Thread-safe.
    Result<const archive::Store*> store(const std::string& name);
    Result<const Source*> source(const std::string& name);
    // Runs tools here, for targets reached over the network. Opened on first use and kept. Thread-safe.
    Result<const Source*> this_machine();
    // The provider of a reference "NAME:..." (a block of `secrets`). Opened on first use and kept.
    // Thread-safe.
    Result<const SecretProvider*> secret_provider(const std::string& name);
    // Asks it, on behalf of a run: ended by Ctrl-C, and after a minute.
    Result<ProvidedSecret> provided_secret(const std::string& provider, const std::string& ref);
    // The catalogue, filled from the stores when it was just made. Thread-safe to call, not to use:
    // hold catalog_mutex() while using it.
    Result<catalog::Catalog*> catalog();
    std::mutex& catalog_mutex() { return catalog_mutex_; }

private:
    config::Settings settings_;
    const plugin::Registry& registry_;
    const base::Cancel& cancel_;
    Observer& observer_;
    base::Scrubber scrubber_;
    plugin::CallScope scope_;
    std::recursive_mutex mutex_;
    std::mutex catalog_mutex_;
    std::map<std::string, std::unique_ptr<archive::Store>> stores_;
    std::map<std::string, std::unique_ptr<Source>> sources_;
    std::map<std::string, std::unique_ptr<SecretProvider>> secret_providers_;
    std::unique_ptr<Source> this_machine_;
    std::unique_ptr<catalog::Catalog> catalog_;
    std::unique_ptr<class TempRoot> temp_;

public:
    ~Context();
};

}  // namespace bkt::run
