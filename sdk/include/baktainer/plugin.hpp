// plugin.hpp: the one include and the one line that make a class a plugin.
//
//     BKT_PLUGIN("com.acme.mini", "1.0.0", "mini-mysql", Mini)
//
// The kind follows from the class Mini derives from, what it needs of the host from that base or from its
// own `needs`, what it can be set to from its config(). Exceptions stop in detail/wall.hpp.
#pragma once

#include "baktainer/detail/module.hpp"
#include "baktainer/hash.hpp"

#define BKT_PLUGIN(id, version, name, Class)                       \
    BKT_EXPORT const bkt_module* bkt_module_v0(void) noexcept;     \
    BKT_EXPORT const bkt_module* bkt_module_v0(void) noexcept {    \
        static const bkt_module* const module =                    \
            ::bkt::detail::Module<Class>::make(id, version, name); \
        return module;                                             \
    }
