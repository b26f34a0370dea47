// An engine that ends its process in the middle of a dump, as a stranger's may.
#include <cstdlib>

#include "baktainer/plugin.hpp"

struct Crash final : bkt::Engine {
    explicit Crash(bkt::Call&) {}
    bkt::Status plan(bkt::Call&, bkt::Plan& plan) override { return plan.part("all.sql"); }
    bkt::Status dump(bkt::Call&, bkt::PartsOut& out) override {
        const auto part = out.begin("all.sql");
        BKT_TRY(part.opened());
        BKT_TRY(part.sink().write(
            bkt::as_bytes(std::string(3'000'000, 'x') + "\n-- Dump completed\n")));
        std::abort();
    }
    bkt::Status restore(bkt::Call&, bkt::PartsIn&) override { return {}; }
    std::unique_ptr<bkt::Tap> validator(std::string_view) override {
        return bkt::ends_with("-- Dump completed");
    }
};

BKT_PLUGIN("test.crash", "1.0.0", "crash", Crash)
