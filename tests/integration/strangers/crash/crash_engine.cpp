// An engine that ends its process in the middle of a dump, as a stranger's may; with "db.name" of "half" it says OK
// after one of the two parts it planned.
#include <cstdlib>

#include "baktainer/plugin.hpp"

struct Crash final : bkt::Engine {
    explicit Crash(bkt::Call&) {}
    static bool is_half(const bkt::Call& call) { return call.config("db.name") == "half"; }
    bkt::Status plan(bkt::Call& call, bkt::Plan& plan) override {
        BKT_TRY(plan.part("all.sql"));
        return is_half(call) ? plan.part("roles.sql") : bkt::Status{};
    }
    bkt::Status dump(bkt::Call& call, bkt::PartsOut& out) override {
        const auto part = out.begin("all.sql");
        BKT_TRY(part.opened());
        BKT_TRY(part.sink().write(
            bkt::as_bytes(std::string(3'000'000, 'x') + "\n-- Dump completed\n")));
        if (is_half(call)) return part.finish(0);
        std::abort();
    }
    bkt::Status restore(bkt::Call&, bkt::PartsIn&) override { return {}; }
    std::unique_ptr<bkt::Tap> validator(std::string_view) override {
        return bkt::ends_with("-- Dump completed");
    }
};

BKT_PLUGIN("test.crash", "1.0.0", "crash", Crash)
