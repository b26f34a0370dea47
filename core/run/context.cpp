#include "core/run/context.hpp"

#include <thread>

#include "baktainer/abi/kinds/secrets.h"
#include "baktainer/abi/kinds/storage.h"
#include "core/catalog/rescan.hpp"
#include "core/config/secret_ref.hpp"
#include "core/config/split.hpp"
#include "core/run/temp_root.hpp"

namespace bkt::run {

namespace {

constexpr auto kCleanupTime = std::chrono::seconds(30);
constexpr auto kSecretTime = std::chrono::seconds(60);

template <class Blocks>
Error unknown_block(const Blocks& blocks, const char* what, const std::string& name) {
    std::string there;
    for (const auto& [known, block] : blocks) there += (there.empty() ? "" : ", ") + known;
    return {Code::not_found, std::string("no ") + what + " '" + name + "' is configured",
            "there are: " + there};
}

}  // namespace

Context::Context(config::Settings settings, const plugin::Registry& registry,
                 const base::Cancel& cancel, Observer& observer,
                 std::shared_ptr<plugin::Facilities> facilities)
    : settings_(std::move(settings)),
      registry_(registry),
      cancel_(cancel),
      observer_(observer),
      scope_{cancel, scrubber_, std::nullopt, {}, std::move(facilities)} {}

Context::~Context() = default;

std::string Context::temp_root() {
    const std::lock_guard lock(mutex_);
    if (!temp_) temp_ = std::make_unique<TempRoot>(state_dir());
    return temp_->path();
}

stream::Budget Context::budget(std::size_t stores, std::uint64_t parts) const {
    const std::uint64_t at_once = settings_.count("workers") * parts;
    const auto cores = static_cast<unsigned>(std::thread::hardware_concurrency() / parts);
    return stream::Budget::of(settings_.size("memory_budget") / at_once, stores, cores);
}

plugin::CallScope Context::cleanup_scope() {
    static const base::Cancel never;
    static const base::Scrubber nothing;
    return {never, nothing, std::chrono::steady_clock::now() + kCleanupTime, {}};
}

Result<const archive::Store*> Context::store(const std::string& name) {
    const std::lock_guard lock(mutex_);
    if (const auto found = stores_.find(name); found != stores_.end()) return found->second.get();
    const auto block = settings_.stores.find(name);
    if (block == settings_.stores.end()) return unknown_block(settings_.stores, "store", name);
    BKT_LET(const auto* component, registry_.find(BKT_KIND_STORAGE, block->second.type));
    BKT_LET(auto opened,
            archive::Store::open(name, *component, plugin::grants_for(block->second), scope_));
    auto kept = std::make_unique<archive::Store>(std::move(opened));
    return (stores_[name] = std::move(kept)).get();
}

Result<const Source*> Context::source(const std::string& name) {
    const std::lock_guard lock(mutex_);
    if (const auto found = sources_.find(name); found != sources_.end()) return found->second.get();
    const auto block = settings_.discovery.find(name);
    if (block == settings_.discovery.end())
        return unknown_block(settings_.discovery, "discovery source", name);
    BKT_LET(const auto* component, registry_.find(BKT_KIND_DISCOVERY, block->second.type));
    BKT_LET(auto opened, Source::open(name, *component, plugin::grants_for(block->second), scope_));
    auto kept = std::make_unique<Source>(std::move(opened));
    return (sources_[name] = std::move(kept)).get();
}

Result<const Source*> Context::this_machine() {
    const std::lock_guard lock(mutex_);
    if (this_machine_) return this_machine_.get();
    BKT_LET(const auto* component, registry_.find(BKT_KIND_DISCOVERY, "local"));
    BKT_LET(auto opened, Source::open("this machine", *component, {}, scope_));
    this_machine_ = std::make_unique<Source>(std::move(opened));
    return this_machine_.get();
}

Result<const SecretProvider*> Context::secret_provider(const std::string& name) {
    const std::lock_guard lock(mutex_);
    if (const auto found = secret_providers_.find(name); found != secret_providers_.end())
        return found->second.get();
    const auto block = settings_.secrets.find(name);
    // The name is not repeated: it may be the beginning of a secret that was written with a colon in it.
    if (block == settings_.secrets.end())
        return Error{Code::not_found, "no secrets provider of that name is configured",
                     std::string("correct baktainer.db.secret (") + config::kSecretRefForms +
                         "), or name the provider under 'secrets' in the configuration"};
    auto component = registry_.find(BKT_KIND_SECRETS, block->second.type);
    if (!component)
        return std::move(component).error().within(block->second.origin + ": secrets '" + name +
                                                   "'");
    plugin::Grants grants = plugin::grants_for(block->second);
    BKT_LET(const Source* here, this_machine());
    grants.exec = [here](const bkt_call* call, const bkt_exec_request* request,
                         const bkt_exec_report* report) {
        return here->exec(call, request, report);
    };
    BKT_LET(auto opened, SecretProvider::open(name, **component, std::move(grants), scope_));
    auto kept = std::make_unique<SecretProvider>(std::move(opened));
    return (secret_providers_[name] = std::move(kept)).get();
}

Result<ProvidedSecret> Context::provided_secret(const std::string& provider,
                                                const std::string& ref) {
    BKT_LET(const SecretProvider* asked, secret_provider(provider));
    const plugin::CallScope scope{
        cancel_, scrubber_, std::chrono::steady_clock::now() + kSecretTime, {}, scope_.facilities};
    return asked->resolve(scope, ref);
}

Result<catalog::Catalog*> Context::catalog() {
    const std::lock_guard lock(mutex_);
    if (catalog_) return catalog_.get();
    BKT_LET(auto opened, catalog::Catalog::open(state_dir() + "/catalog.db"));
    catalog_ = std::make_unique<catalog::Catalog>(std::move(opened));
    if (catalog_->fresh())
        for (const auto& [name, block] : settings_.stores) {
            // A store that cannot be read now is listed by the next rescan; a command about another
            // store must not fail for it.
            auto there = store(name);
            if (!there) continue;
            if (auto scan = catalog::scan_store(**there, scope_))
                BKT_TRY(catalog_->replace_store(name, scan->entries));
        }
    return catalog_.get();
}

}  // namespace bkt::run
