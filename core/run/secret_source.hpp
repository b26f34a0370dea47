// run/secret_source.hpp: resolves a job's secrets at the moment of use.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "core/run/secret_provider.hpp"
#include "core/run/source.hpp"

namespace bkt::run {

// Asks the secrets provider of that name for what a reference says after the colon.
using ProviderFn =
    std::function<Result<ProvidedSecret>(const std::string& provider, const std::string& ref)>;

// For the secret service: "db.password" is the password label's value, else what db.secret (or the
// image's convention under db.password) refers to, else empty. What a provider gave is kept for as long as
// it allows, at most as long as the function. Copies what it needs of `settings`, borrows target and source.
std::function<Result<base::Secret>(const bkt_call*, std::string_view)> secret_source(
    const target::Target& target, const Source& source,
    const std::map<std::string, std::string>& settings, const base::Secret& password,
    ProviderFn provider);

}  // namespace bkt::run
