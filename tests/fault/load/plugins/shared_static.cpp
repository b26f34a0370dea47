// One of two plugins whose code holds an inline static of the same name, built with our link rules or
// (LOOSE) without them.
#include "baktainer/abi/abi.h"

#include <cstdint>

template <class T>
struct Shared {
    static inline int counter = START;
};

namespace {
struct Ops {
    std::uint32_t size, flags;
    int (*count)();
};
const Ops kOps{sizeof kOps, 0, [] { return Shared<long>::counter++; }};
const bkt_component kComponent{sizeof kComponent, 0, "count/0", NAME, NAME, &kOps, nullptr};
const bkt_component* const kComponents[] = {&kComponent};
const bkt_module kModule{sizeof kModule, 0, ID,      "1.0.0", "",      kComponents, 1,
                         nullptr,        0, nullptr, 0,       nullptr, nullptr};
}  // namespace

BKT_EXPORT const bkt_module* bkt_module_v0(void) noexcept;
BKT_EXPORT const bkt_module* bkt_module_v0(void) noexcept { return &kModule; }
