#include "plugins/discovery/docker/events.hpp"

#include "plugins/discovery/docker/event_lines.hpp"
#include "plugins/discovery/docker/json_read.hpp"

namespace bkt::docker {
namespace {

using nlohmann::json;

constexpr auto kFirstPause = std::chrono::milliseconds(200);
constexpr auto kLongestPause = std::chrono::milliseconds(30'000);

// One connection, to its end.
class Following final {
public:
    Following(Api& api, const ChangeOut& out, const Wait& wait)
        : api_(api), out_(out), wait_(wait) {}

    // Always fails: the stream has no end of its own.
    Error run() {
        const auto status = follow();
        return status ? Error{Code::unavailable, "the container engine ended the stream of events"}
                      : status.error();
    }
    // The listener refused a change: nobody wants more.
    bool is_refused() const { return refused_; }
    bool has_told_anything() const { return told_; }

private:
    Status follow() {
        BKT_LET(auto events,
                api_.open_body("/events?filters=" + encoded(R"({"type":["container"]})"), wait_));
        // Only now is nothing missed any more: a scan made on an earlier word could be too old.
        BKT_TRY(tell(Change::resync, ""));
        EventLines lines;
        for (;;) {
            BKT_LET(const auto more, events.read(wait_));
            if (more.empty()) return {};
            BKT_TRY(lines.add(more));
            while (const auto text = lines.next()) {
                const auto event = json::parse(*text, nullptr, false);
                const auto change = change_of(text_at(event, "Action"));
                if (change) BKT_TRY(tell(*change, text_at(at(event, "Actor"), "ID")));
            }
            told_ = true;
        }
    }

    Status tell(Change change, std::string_view id) {
        auto status = out_(change, id);
        refused_ = !status;
        return status;
    }

    Api& api_;
    const ChangeOut& out_;
    const Wait& wait_;
    bool refused_ = false, told_ = false;
};

}  // namespace

std::optional<Change> change_of(std::string_view action) {
    if (action == "start" || action == "pause" || action == "unpause" || action == "rename" ||
        action == "update")
        return Change::added;
    if (action == "die" || action == "destroy" || action == "remove") return Change::removed;
    return std::nullopt;
}

Status watch_events(Api& api, Call& call, const ChangeOut& out) {
    const Wait wait(call);
    for (auto pause = kFirstPause;;) {
        Following following(api, out, wait);
        auto error = following.run();
        if (following.is_refused()) return error;
        BKT_TRY(wait.check());
        if (error.code != Code::unavailable && error.code != Code::failed) return error;
        // An engine that takes us in and ends at once must not be asked five times a second.
        if (following.has_told_anything()) pause = kFirstPause;
        BKT_TRY(wait.sleep(pause));
        pause = std::min(pause * 2, kLongestPause);
    }
}

}  // namespace bkt::docker
