// run/secret_source.hpp: resolves a job's secrets at the moment of use; nothing is kept.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "core/run/source.hpp"

namespace bkt::run {

// For the secret service: "db.password" is the password label's value, else what db.secret (or the
// image's convention under db.password) refers to, else empty. Copies what it needs of `settings`,
// borrows target and source.
std::function<Result<base::Secret>(const bkt_call*, std::string_view)> secret_source(
    const target::Target& target, const Source& source,
    const std::map<std::string, std::string>& settings, const base::Secret& password);

}  // namespace bkt::run
