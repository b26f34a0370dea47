#include "plugins/discovery/docker/traffic.hpp"

#include <algorithm>

namespace bkt::docker {
namespace {

constexpr std::size_t kStdoutBytes = 256 * 1024;
// How long a FIFO is read on that a child of a tool which has ended still holds: as long as an engine waits.
constexpr auto kChildLimit = std::chrono::seconds(2);
constexpr std::size_t kStdinBytes = 256 * 1024;
constexpr std::size_t kHeadBytes = 512;  // kept to recognise the engine's own words

}  // namespace

Status check_words(const ExecRequest& request) {
    if (request.argv.empty()) return Error{Code::invalid, "no tool to run"};
    for (const auto* words : {&request.argv, &request.env})
        for (const auto& word : *words)
            if (word.find('\0') != word.npos)
                return Error{Code::invalid,
                             "an argument of '" + request.argv.front() + "' holds a NUL byte"};
    return {};
}

Traffic::Traffic(Api::Stream stream, const ExecRequest& request, const Wait& wait,
                 std::function<bool()> has_ended, Fifo* fifo)
    : connection_(std::move(stream.connection)),
      begun_(std::move(stream.begun)),
      request_(request),
      wait_(wait),
      fifo_(fifo),
      buffer_(kStdoutBytes) {
    if (!request.in) stdin_ = Stdin::closed;
    keeper_.emplace(connection_, std::move(has_ended));
}

Status Traffic::run() {
    BKT_TRY(take(begun_));
    for (;;) {
        if (stdin_ != Stdin::closed) BKT_TRY(give());
        std::optional<std::size_t> came;
        if (fifo_ && !fifo_is_over_) {
            BKT_LET(came, take_fifo());
            if (came && *came == 0) fifo_is_over_ = fifo_->is_over();
        }
        const auto n = keeper_->try_read(buffer_);
        // The tool ended without reading all it was given: that is an end like any other.
        const bool left_unread = !n && request_.in && connection_.left_input_unread();
        if (!n && !left_unread) return n.error();
        if (left_unread || (*n && **n == 0)) break;
        if (*n) BKT_TRY(take(Bytes(buffer_).first(**n)));
        else if (came.value_or(0) == 0) BKT_TRY(pause());
    }
    return parser_.finish();
}

// As Fifo::try_read(), and what came is delivered.
Result<std::optional<std::size_t>> Traffic::take_fifo() {
    BKT_LET(const auto n, fifo_->try_read(buffer_));
    if (!n || *n == 0) return n;
    fifo_bytes_ += *n;
    BKT_TRY(deliver(Bytes(buffer_).first(*n)));
    return n;
}

Status Traffic::empty_fifo() {
    while (fifo_) {
        BKT_LET(const auto n, take_fifo());
        if (n && *n == 0) return {};
        if (n) continue;
        pollfd ready{fifo_->fd(), POLLIN, 0};
        const Wait limited = wait_.within(kChildLimit);
        if (!limited.until_ready({&ready, 1})) return wait_.check();
    }
    return {};
}

Status Traffic::take(Bytes bytes) {
    while (!bytes.empty()) {
        BKT_LET(const auto slice, parser_.next(bytes));
        if (!slice) return {};
        switch (slice->frame) {
            case Frame::out: BKT_TRY(take_output(slice->bytes)); break;
            case Frame::err: keep_stderr(slice->bytes); break;
            case Frame::engine:
                return Error{Code::failed, "the container engine broke the tool's stream off: " +
                                               std::string(as_text(slice->bytes).substr(0, 500))};
        }
    }
    return {};
}

// What comes here of a tool whose output is a FIFO is not the tool's.
Status Traffic::take_output(Bytes bytes) {
    if (fifo_bytes_ == 0) return deliver(bytes);
    return Error{Code::failed, "the container engine broke in on the tool's output: " +
                                   std::string(as_text(bytes).substr(0, kHeadBytes))};
}

Status Traffic::deliver(Bytes bytes) {
    if (head_.size() < kHeadBytes)
        head_ += as_text(bytes.first(std::min(bytes.size(), kHeadBytes - head_.size())));
    if (request_.out) BKT_TRY(keeper_->while_blocked([&] { return request_.out->write(bytes); }));
    outcome_.stdout_bytes += bytes.size();
    return {};
}

void Traffic::keep_stderr(Bytes bytes) {
    auto& tail = outcome_.stderr_tail;
    tail += as_text(bytes);
    if (tail.size() > 2 * kStderrTailBytes) tail.erase(0, tail.size() - kStderrTailBytes);
}

// Writes what the engine takes now. A tool that stopped reading is not an error here: its exit status
// says whether it had enough.
Status Traffic::give() {
    if (stdin_ == Stdin::open && left_.empty()) {
        stdin_buffer_.resize(kStdinBytes);
        BKT_LET(const std::size_t n, request_.in->read(stdin_buffer_));
        left_ = Bytes(stdin_buffer_).first(n);
        if (n == 0) stdin_ = Stdin::ending;
    }
    if (stdin_ == Stdin::ending) {
        const auto said = connection_.try_finish_writing();
        if (!said || *said) stdin_ = Stdin::closed;
        return {};
    }
    auto written = connection_.try_write(left_);
    if (!written) {
        stdin_ = Stdin::closed;
        return {};
    }
    outcome_.stdin_bytes += *written;
    left_ = left_.subspan(*written);
    return {};
}

Status Traffic::pause() {
    if (keeper_->has_pending()) return {};
    // With room for stdin and nothing to read, go round again at once.
    if (stdin_ == Stdin::open && left_.empty()) return wait_.check();
    pollfd ready[] = {{connection_.fd(),
                       static_cast<short>(stdin_ == Stdin::closed ? POLLIN : POLLIN | POLLOUT), 0},
                      {fifo_ ? fifo_->fd() : -1, POLLIN, 0}};
    return wait_.until_ready({ready, fifo_ && !fifo_is_over_ ? 2u : 1u});
}

ExecOutcome Traffic::ended(int exit_code) {
    auto& tail = outcome_.stderr_tail;
    if (tail.size() > kStderrTailBytes) tail.erase(0, tail.size() - kStderrTailBytes);
    outcome_.exit_code = exit_code;
    outcome_.how = BKT_EXIT_INSPECTED;
    return std::move(outcome_);
}

std::string_view Traffic::first_words() const {
    return outcome_.stdout_bytes ? head_ : outcome_.stderr_tail;
}

Error no_such_tool(const ExecRequest& request) {
    return {Code::not_found, "there is no '" + request.argv.front() + "' in the container",
            "use an image that has the database's own tools, as the official ones do"};
}

Error not_started(const ExecRequest& request, std::string_view text) {
    const auto has = [&](std::string_view words) { return text.find(words) != text.npos; };
    const auto& tool = request.argv.front();
    const bool names_tool = has("exec: \"");
    if (has("not found in $PATH") || has("command that was not found") ||
        (names_tool && (has("no such file or directory") || has("permission denied"))))
        return no_such_tool(request);
    text = text.substr(0, std::min(text.find_last_not_of("\r\n") + 1, kHeadBytes));
    return {Code::failed,
            "the container engine could not start '" + tool + "': " + std::string(text),
            "run it with docker exec to see more"};
}

Error cut() {
    return {Code::truncated, "the tool's output ended while the tool was still running",
            "the connection to the container engine was cut: run it again"};
}

}  // namespace bkt::docker
