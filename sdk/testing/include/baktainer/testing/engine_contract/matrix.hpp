// testing/engine_contract/matrix.hpp: which versions of a server are tried each time, and which only when
// the whole matrix is asked for ($BAKTAINER_MATRIX=all).
#pragma once

#include <cstdlib>

#include "baktainer/testing/engine_contract/subject.hpp"

namespace bkt::testing {

inline bool whole_matrix() {
    const char* asked = std::getenv("BAKTAINER_MATRIX");
    return asked && std::string_view(asked) == "all";
}

template <class Make>
std::vector<EngineSubject> matrix(Make make, std::vector<std::string> versions,
                                  const std::vector<std::string>& rest = {}) {
    if (whole_matrix()) versions.insert(versions.end(), rest.begin(), rest.end());
    std::vector<EngineSubject> subjects;
    for (const auto& version : versions) subjects.push_back(make(version));
    return subjects;
}

}  // namespace bkt::testing
