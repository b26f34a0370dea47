#include "plugins/discovery/docker/events.hpp"

#include <nlohmann/json.hpp>

namespace bkt::docker {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxEventBytes = 1 << 20;
constexpr auto kFirstPause = std::chrono::milliseconds(200);
constexpr auto kLongestPause = std::chrono::milliseconds(30'000);

// The engine writes one JSON object a line.
class Lines final {
public:
    Status add(std::string_view more) {
        text_ += more;
        if (text_.size() > kMaxEventBytes)
            return Error{Code::unavailable,
                         "an event of the container engine is larger than 1 MiB"};
        return {};
    }
    std::optional<std::string> next() {
        const auto end = text_.find('\n');
        if (end == text_.npos) return std::nullopt;
        auto line = text_.substr(0, end);
        text_.erase(0, end + 1);
        return line;
    }

private:
    std::string text_;
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
    auto pause = kFirstPause;
    for (bool first = true;; first = false) {
        if (!first) BKT_TRY(out(Change::resync, ""));
        const auto follow = [&]() -> Status {
            BKT_LET(auto events,
                    api.open_body("/events?filters=" + encoded(R"({"type":["container"]})"), wait));
            pause = kFirstPause;
            Lines lines;
            for (;;) {
                BKT_LET(const auto more, events.read(wait));
                if (more.empty())
                    return Error{Code::unavailable,
                                 "the container engine ended the stream of events"};
                BKT_TRY(lines.add(more));
                while (const auto text = lines.next()) {
                    const auto event = json::parse(*text, nullptr, false);
                    if (!event.is_object()) continue;
                    const auto change = change_of(event.value("Action", ""));
                    if (change)
                        BKT_TRY(out(*change, event.value("Actor", json::object()).value("ID", "")));
                }
            }
        };
        const auto ended = follow();
        BKT_TRY(wait.check());
        if (ended.error().code != Code::unavailable && ended.error().code != Code::failed)
            return ended;
        BKT_TRY(wait.sleep(pause));
        pause = std::min(pause * 2, kLongestPause);
    }
}

}  // namespace bkt::docker
