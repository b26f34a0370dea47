// A notifier that uses the small services: requests with headers and an answer, state, events, numbers.
#include <baktainer/plugin.hpp>

struct SparseNotifier final : bkt::Notifier {
    std::string url;
    explicit SparseNotifier(bkt::Call& c) : url(c.config("url")) {}

    bkt::Status notify(bkt::Call& c, const bkt::Event& e) override {
        BKT_LET(const auto token, c.secret("token"));
        std::string body;
        BKT_LET(const auto answer, c.http("POST", url + "/where/people/read/what/happened")
                                       .bearer(token)
                                       .header("X-A-Name-Longer-Than-A-String", e.type())
                                       .json(e.json())
                                       .capture(body)
                                       .answer());
        if (!answer.ok()) return bkt::Http::failure(answer);
        // What the server said must be whole: a header that was lost is not one that was not sent.
        if (answer.header("x-delivery") != "a delivery number longer than a string" ||
            body != "an answer of the server that is longer than a string")
            return bkt::Error{bkt::Code::corrupt, "the answer is not whole"};
        BKT_LET(const auto before, c.kv_get("the last delivery of this notifier"));
        if (!before || *before != "a number kept from the time before this one")
            return bkt::Error{bkt::Code::corrupt, "the state is not whole"};
        BKT_TRY(c.kv_put("the last delivery of this notifier", answer.header("x-delivery")));
        c.event(bkt::Severity::info, "told", "told " + std::string(e.title()) + " to somebody");
        c.metric_add("told_total");
        return {};
    }
    bkt::Status digest(bkt::Call& c, std::span<const bkt::Event> events) override {
        for (const auto& event : events) BKT_TRY(notify(c, event));
        return {};
    }
    bkt::Result<std::string> health(bkt::Call&) override { return "POSTs to " + url + ", as told"; }
};

BKT_PLUGIN("test.sparse.notifier", "1.0.0", "sparse-notifier", SparseNotifier)
