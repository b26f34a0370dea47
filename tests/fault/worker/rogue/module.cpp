// The rogue plugin's module: one misbehaving component of each of three kinds.
#include "baktainer/abi/services/secret.h"
#include "baktainer/abi/services/temp.h"
#include "tests/fault/worker/rogue/instance.hpp"

namespace {

const bkt_component kComponents[] = {
    {sizeof(bkt_component), 0, BKT_KIND_ENGINE, "rogue", "misbehaves", &rogue::kEngine, nullptr},
    {sizeof(bkt_component), 0, BKT_KIND_NOTIFIER, "rogue", "misbehaves", &rogue::kNotifier,
     nullptr},
    {sizeof(bkt_component), 0, BKT_KIND_STORAGE, "rogue", "misbehaves", &rogue::kStorage, nullptr},
};
const bkt_component* const kAll[] = {&kComponents[0], &kComponents[1], &kComponents[2]};
const char* const kNeeds[] = {BKT_SERVICE_SECRET, BKT_SERVICE_TEMP};
const bkt_module kModule = {sizeof kModule, 0, "test.rogue",  "1.0.0",    "", kAll, 3, kNeeds, 2,
                            nullptr,        0, &rogue::start, &rogue::end};

}  // namespace

BKT_EXPORT const bkt_module* bkt_module_v0(void) noexcept;
BKT_EXPORT const bkt_module* bkt_module_v0(void) noexcept { return &kModule; }
