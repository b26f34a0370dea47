// An engine as a stranger may write it. What it does wrong is the "db.name" of its job; with "x" it ends
// its process in the middle of a dump.
#include <cstdlib>
#include <vector>

#include "baktainer/plugin.hpp"

struct Crash final : bkt::Engine {
    explicit Crash(bkt::Call& call) : name_(call.config("db.name")) {}

    // half: says OK after one of the two parts it planned. vague: plans to save nothing before a restore, without a
    // word; told: with one. hasty: says the word in a backup.
    bkt::Status plan(bkt::Call& call, bkt::Plan& plan) override {
        const bool safety = bkt::Plan::is_safety(call);
        if ((name_ == "told" && safety) || name_ == "hasty") plan.gone("database 'told'");
        if (safety) return {};
        BKT_TRY(plan.part("all.sql"));
        return name_ == "half" ? plan.part("roles.sql") : bkt::Status{};
    }
    bkt::Status dump(bkt::Call&, bkt::PartsOut& out) override {
        const auto part = out.begin("all.sql");
        BKT_TRY(part.opened());
        BKT_TRY(part.sink().write(
            bkt::as_bytes(std::string(3'000'000, 'x') + "\n-- Dump completed\n")));
        if (name_ == "x") std::abort();
        return part.finish(0);
    }
    bkt::Status restore(bkt::Call& call, bkt::PartsIn& in) override {
        call.log_warning("the restore began");
        BKT_LET(const auto source, in.open("all.sql"));
        std::vector<std::byte> buffer(1 << 20);
        for (;;) {
            BKT_LET(const auto n, source.read(buffer));
            if (n == 0) return {};
        }
    }
    std::unique_ptr<bkt::Tap> validator(std::string_view) override {
        return bkt::ends_with("-- Dump completed");
    }

private:
    const std::string name_;
};

BKT_PLUGIN("test.crash", "1.0.0", "crash", Crash)
