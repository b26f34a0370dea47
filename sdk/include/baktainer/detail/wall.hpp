// detail/wall.hpp: the one place where exceptions stop. Nothing thrown inside a plugin gets past it.
//
// Built with -fno-exceptions there is nothing to stop: what would throw ends the process, as everywhere
// in such a program, and the host sees a dead worker.
#pragma once

#include <exception>
#include <new>

#include "baktainer/result.hpp"

namespace bkt::detail {

inline Error out_of_memory() { return {Code::bug, "out of memory"}; }

// Runs `body` and returns its code; for what it throws, the code of `said(error)`, and BKT_BUG when not
// even that could be made.
template <class Body, class Said>
bkt_rc walled(Body&& body, [[maybe_unused]] Said&& said) noexcept {
#if defined(__cpp_exceptions)
    try {
        try {
            return body();
        } catch (const Error& e) {
            return said(e);
        } catch (const std::bad_alloc&) {
            return said(out_of_memory());
        } catch (const std::exception& e) {
            return said(Error{Code::bug, std::string("unexpected exception: ") + e.what()});
        } catch (...) {
            return said(Error{Code::bug, "unexpected exception of unknown type"});
        }
    } catch (...) {
        return BKT_BUG;
    }
#else
    return body();
#endif
}

// The same where nobody is told more than the code.
template <class Body>
bkt_rc walled(Body&& body) noexcept {
    return walled(static_cast<Body&&>(body), [](const Error&) { return bkt_rc{BKT_BUG}; });
}

}  // namespace bkt::detail
