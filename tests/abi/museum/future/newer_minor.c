/* A plugin from tomorrow: it needs a minor that this program does not have, and its tables are longer. */
#include "baktainer/abi/kinds/notifier.h"

static const struct {
    bkt_module today;
    void* tomorrow[4];
} kModule = {{.size = sizeof kModule,
              .abi_min_minor = BKT_ABI_MINOR + 7,
              .id = "museum.future.notifier",
              .version = "9.0.0",
              .vendor = "museum"},
             {0}};

BKT_EXPORT const bkt_module* bkt_module_v0(void);
const bkt_module* bkt_module_v0(void) { return &kModule.today; }
