#include "core/run/find_jobs.hpp"

#include <algorithm>

#include "baktainer/abi/kinds/engine.h"
#include "core/config/nearest.hpp"
#include "core/run/engine.hpp"

namespace bkt::run {

namespace {

Status scan_source(Context& context, const std::string& name, std::vector<target::Job>& jobs) {
    BKT_LET(const Source* source, context.source(name));
    BKT_LET(auto targets, source->scan(context.scope()));
    const auto rules = rules_of(context, source->opt_in());
    for (auto& found : targets) {
        auto shared = std::make_shared<const target::Target>(std::move(found));
        auto resolved =
            target::resolve(shared, recognise(context.registry(), *shared, context.scope()), rules);
        std::move(resolved.begin(), resolved.end(), std::back_inserter(jobs));
    }
    return {};
}

}  // namespace

target::Rules rules_of(const Context& context, bool opt_in) {
    target::Rules rules;
    rules.defaults = context.settings().defaults;
    for (const auto* engine : context.registry().all(BKT_KIND_ENGINE))
        rules.engines.push_back(engine->name);
    for (const auto& [name, block] : context.settings().stores) rules.stores.push_back(name);
    for (const auto& [name, block] : context.settings().secrets)
        rules.secret_providers.push_back(name);
    rules.opt_in = opt_in;
    return rules;
}

FoundJobs find_jobs(Context& context) {
    FoundJobs found;
    for (const auto& [name, block] : context.settings().discovery)
        if (auto done = scan_source(context, name, found.jobs); !done) {
            found.source_failed = true;
            context.observer().event({"source.unreachable",
                                      {{"source", name},
                                       {"reason", done.error().message},
                                       {"hint", done.error().hint}}});
        }
    std::stable_sort(found.jobs.begin(), found.jobs.end(),
                     [](const auto& a, const auto& b) { return a.full_name() < b.full_name(); });
    target::block_twins(found.jobs);
    return found;
}

Result<std::vector<target::Job>> pick_jobs(const std::vector<target::Job>& jobs,
                                           const std::vector<std::string>& words) {
    std::vector<target::Job> picked;
    for (const auto& word : words) {
        bool any = false;
        for (const auto& job : jobs) {
            const bool id = word.size() >= 6 && job.target->id.starts_with(word);
            if (job.name != word && job.full_name() != word && job.target->name != word && !id)
                continue;
            any = true;
            const auto twice = std::any_of(picked.begin(), picked.end(), [&](const auto& p) {
                return p.full_name() == job.full_name() && p.target == job.target;
            });
            if (!twice) picked.push_back(job);
        }
        if (any) continue;
        std::vector<std::string_view> known;
        for (const auto& job : jobs) known.push_back(job.name);
        const auto near = config::nearest(word, known);
        return Error{Code::not_found, "no target '" + word + "'",
                     near.empty() ? "`baktainer targets` lists what was found; a container needs "
                                    "the label baktainer.backup=true"
                                  : "did you mean '" + near + "'?"};
    }
    return picked;
}

}  // namespace bkt::run
