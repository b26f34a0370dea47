// A hook that annotates at length.
#include <baktainer/plugin.hpp>

struct SparseHook final : bkt::Hook {
    std::vector<std::string> seen;
    explicit SparseHook(bkt::Call&) {}

    bkt::Status before(bkt::Call&, const bkt::HookEvent& e, bkt::HookOut& out) override {
        seen.emplace_back(std::string(e.target()) + " of " + std::string(e.job()) + ", before it");
        out.annotate("what was seen by this hook so far", seen.back());
        return {};
    }
    bkt::Status after(bkt::Call&, const bkt::HookEvent& e, bkt::HookOut& out) override {
        std::string reason = "not this one: '" + std::string(e.target()) + "' is of no use to us";
        out.annotate("the reason, which is long as reasons are", reason);
        return {};
    }
    bkt::Result<std::string> health(bkt::Call&) override {
        return std::string("has seen some, and will tell of them");
    }
};

BKT_PLUGIN("test.sparse.hook", "1.0.0", "sparse-hook", SparseHook)
