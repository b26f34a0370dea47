#include "plugins/engines/custom/end_marker.hpp"

namespace bkt::custom {
namespace {

// Looked at beyond the marker's length, to tell what is wrong with a dump that goes on after it.
constexpr std::size_t kLineEndBytes = 2;

class EndMarker final : public Tap {
public:
    EndMarker(std::string marker, bool deep) : marker_(std::move(marker)), deep_(deep) {}

    std::uint64_t tail_bytes() const override { return marker_.size() + kLineEndBytes; }

    Status feed(Call&, Bytes bytes) override {
        tail_.append(as_text(bytes.last(std::min<std::size_t>(bytes.size(), tail_bytes()))));
        if (tail_.size() > tail_bytes()) tail_.erase(0, tail_.size() - tail_bytes());
        return {};
    }

    Status finish(Call& call) override {
        if (tail_.empty())
            return Error{Code::truncated, "the command wrote nothing",
                         "run it where the database is to see why"};
        if (!tail_.ends_with(marker_)) return without_marker();
        if (marker_.empty() && deep_)
            call.log_warning(
                "the stored bytes are those that 'command.validate' accepted when the backup was "
                "made; it was not run again, for that needs the target");
        return {};
    }

private:
    Error without_marker() const {
        std::string_view before = tail_;
        for (const char* line_end : {"\r\n", "\n"}) {
            if (!before.ends_with(line_end)) continue;
            before.remove_suffix(std::string_view(line_end).size());
            if (before.ends_with(marker_))
                return {Code::truncated, "the dump ends with a line end after its end marker",
                        R"(if that is right, add \n (or \r\n) to 'command.end-marker')"};
            break;
        }
        return {Code::truncated, "the dump does not end with its end marker",
                "the command was probably killed: read its stderr in this run's log; or correct "
                "'command.end-marker'"};
    }

    std::string marker_;
    bool deep_;
    std::string tail_;
};

}  // namespace

std::unique_ptr<Tap> end_marker_tap(std::string marker, bool deep) {
    return std::make_unique<EndMarker>(std::move(marker), deep);
}

}  // namespace bkt::custom
