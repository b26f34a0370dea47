// Uses what a notifier may use: a digest of many events, state, an event of its own, an extension.
#include <baktainer/plugin.hpp>

struct CountingNotifier final : bkt::Notifier {
    static constexpr const char* kTitle = "Counts what it is told";
    static constexpr std::array needs{BKT_SERVICE_KV, BKT_SERVICE_EVENTS};
    static constexpr std::array experimental{"com.acme.peek/1"};
    static auto config() {
        return std::vector{
            bkt::integer("step", "How much each event counts").range(1, 9).or_else(2),
            bkt::boolean("loud").or_else(false),
            bkt::text("unit", "Of \"what\"\n").one_of({"a", "b"}).or_else("a"),
            bkt::secret("token", "Of the service")};
    }
    explicit CountingNotifier(bkt::Call&) {}

    bkt::Status notify(bkt::Call& c, const bkt::Event& e) override { return count(c, 1, e.type()); }
    bkt::Status digest(bkt::Call& c, std::span<const bkt::Event> all) override {
        return count(c, all.size(), all.front().type());
    }
    const void* extension(std::string_view id) override {
        return id == "com.acme.peek/1" ? this : nullptr;
    }
    static bkt::Status count(bkt::Call& c, std::size_t more, std::string_view type) {
        BKT_LET(const auto before, c.kv_get("count"));
        const auto sum = std::to_string((before ? std::stoul(*before) : 0) + more);
        BKT_TRY(c.kv_swap("count", before, sum));
        c.event(bkt::Severity::info, "counted", type);
        return {};
    }
};

BKT_PLUGIN("com.acme.counting", "1.0.0", "counting", CountingNotifier)
