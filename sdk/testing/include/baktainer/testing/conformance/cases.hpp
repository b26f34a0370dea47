// testing/conformance/cases.hpp: every case of the contract, for `baktainer plugin check`, for this project's
// own plugins, and for yours (baktainer_add_conformance_test).
#pragma once

#include "baktainer/testing/conformance/engine_kind.hpp"
#include "baktainer/testing/conformance/every_kind.hpp"
#include "baktainer/testing/conformance/notifier_kind.hpp"
#include "baktainer/testing/conformance/random_kind.hpp"
#include "baktainer/testing/conformance/small_kinds.hpp"
#include "baktainer/testing/conformance/storage_faults.hpp"
#include "baktainer/testing/conformance/storage_kind.hpp"

namespace bkt::testing::conformance {

// Those of `kind`, in the order of their levels.
inline std::vector<Case> cases_of(std::string_view kind) {
    std::vector<Case> all;
    const auto add = [&](const auto& cases) {
        for (const auto& c : cases)
            if (*c.kind == '\0' || kind == c.kind) all.push_back(c);
    };
    add(kEveryKind), add(kStorageKind), add(kStorageFaults), add(kNotifierKind), add(kEngineKind),
        add(kSmallKinds);
    add(kRandomKind);
    std::stable_sort(all.begin(), all.end(),
                     [](const Case& a, const Case& b) { return a.level < b.level; });
    return all;
}

}  // namespace bkt::testing::conformance
