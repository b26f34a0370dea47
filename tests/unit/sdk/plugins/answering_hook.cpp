// Skips what is called "idle", aborts what is called "bad", annotates the rest; silent afterwards.
#include <baktainer/plugin.hpp>

struct AnsweringHook final : bkt::Hook {
    static constexpr std::array needs{BKT_SERVICE_METRICS};
    explicit AnsweringHook(bkt::Call&) {}

    bkt::Status before(bkt::Call& c, const bkt::HookEvent& e, bkt::HookOut& out) override {
        c.metric_add("asked_total");
        if (e.target() == "idle") out.skip("nothing changed");
        else if (e.target() == "bad") out.abort("not today");
        else out.annotate("asked", e.job());
        return {};
    }
};

BKT_PLUGIN("com.acme.answering", "1.0.0", "answering", AnsweringHook)
