#include "plugins/discovery/docker/exec_run.hpp"

#include <sys/random.h>

#include <algorithm>

#include "plugins/discovery/docker/exec_end.hpp"
#include "plugins/discovery/docker/frame_parser.hpp"
#include "plugins/discovery/docker/json_read.hpp"

namespace bkt::docker {
namespace {

using nlohmann::json;

constexpr std::size_t kReadBytes = 256 * 1024;
constexpr std::size_t kStdinBytes = 256 * 1024;
constexpr std::size_t kHeadBytes = 512;  // of stdout, kept to recognise the engine's own words
// After the stream's end: GNU tools close their outputs a moment before they exit, and the engine hears of
// an exit a moment later.
constexpr auto kExitingLimit = std::chrono::milliseconds(300);
constexpr auto kExitLimit = std::chrono::seconds(5);
constexpr auto kAnswerLimit = std::chrono::seconds(10);  // for one question of it

std::string random_mark() {
    unsigned char bytes[16];
    if (::getrandom(bytes, sizeof bytes, 0) != sizeof bytes)
        throw Error{Code::bug, "no random bytes"};
    std::string mark;
    for (const unsigned char b : bytes)
        (mark += "0123456789abcdef"[b >> 4]) += "0123456789abcdef"[b & 15];
    return mark;
}

Status check_words(const ExecRequest& request) {
    if (request.argv.empty()) return Error{Code::invalid, "no tool to run"};
    for (const auto* words : {&request.argv, &request.env})
        for (const auto& word : *words)
            if (word.find('\0') != word.npos)
                return Error{Code::invalid,
                             "an argument of '" + request.argv.front() + "' holds a NUL byte"};
    return {};
}

// The bytes of one run, both ways at once: stdout and stderr must drain while stdin is written.
class Traffic final {
public:
    Traffic(Api::Stream stream, const ExecRequest& request, const Wait& wait)
        : connection_(std::move(stream.connection)),
          begun_(std::move(stream.begun)),
          request_(request),
          wait_(wait) {
        if (!request.in) stdin_ = Stdin::closed;
    }

    Status run() {
        BKT_TRY(take(begun_));
        std::vector<std::byte> buffer(kReadBytes);
        for (;;) {
            if (stdin_ != Stdin::closed) BKT_TRY(give());
            BKT_LET(const auto n, connection_.try_read(buffer));
            if (n && *n == 0) return parser_.finish();
            if (n) BKT_TRY(take(Bytes(buffer).first(*n)));
            else BKT_TRY(pause());
        }
    }

    ExecOutcome outcome{};
    std::string head;  // first bytes of stdout

private:
    enum class Stdin { open, ending, closed };

    Status take(Bytes bytes) {
        while (!bytes.empty()) {
            BKT_LET(const auto slice, parser_.next(bytes));
            if (!slice) return {};
            switch (slice->frame) {
                case Frame::out: BKT_TRY(deliver(slice->bytes)); break;
                case Frame::err: keep_stderr(slice->bytes); break;
                case Frame::engine:
                    return Error{Code::failed,
                                 "the container engine broke the tool's stream off: " +
                                     std::string(as_text(slice->bytes).substr(0, 500))};
            }
        }
        return {};
    }

    Status deliver(Bytes bytes) {
        if (head.size() < kHeadBytes)
            head += as_text(bytes.first(std::min(bytes.size(), kHeadBytes - head.size())));
        if (request_.out) BKT_TRY(request_.out->write(bytes));
        outcome.stdout_bytes += bytes.size();
        return {};
    }

    void keep_stderr(Bytes bytes) {
        auto& tail = outcome.stderr_tail;
        tail += as_text(bytes);
        if (tail.size() > 2 * kStderrTailBytes) tail.erase(0, tail.size() - kStderrTailBytes);
    }

    // Writes what the engine takes now. A tool that stopped reading is not an error here: its exit status
    // says whether it had enough.
    Status give() {
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
        outcome.stdin_bytes += *written;
        left_ = left_.subspan(*written);
        return {};
    }

    Status pause() {
        if (connection_.has_pending()) return {};
        // With room for stdin and nothing to read, go round again at once.
        if (stdin_ == Stdin::open && left_.empty()) return wait_.check();
        pollfd ready{connection_.fd(),
                     static_cast<short>(stdin_ == Stdin::closed ? POLLIN : POLLIN | POLLOUT), 0};
        return wait_.until_ready({&ready, 1});
    }

    Connection connection_;
    std::vector<std::byte> begun_;
    const ExecRequest& request_;
    const Wait& wait_;
    FrameParser parser_;
    Stdin stdin_ = Stdin::open;
    std::vector<std::byte> stdin_buffer_;
    Bytes left_{};
};

// A conflict: the container is stopped or paused.
Error refusal(Error error) {
    if (error.code != Code::conflict) return error;
    return {Code::unavailable, std::move(error.message), "start or unpause the container"};
}

Result<std::string> create(Api& api, const ExecRequest& request, const std::string& mark,
                           const Wait& wait) {
    json env = request.env;
    env.push_back(std::string(kMarkVariable) + "=" + mark);
    json body = {{"AttachStdin", request.in.has_value()},
                 {"AttachStdout", true},
                 {"AttachStderr", true},
                 {"Tty", false},
                 {"Cmd", request.argv},
                 {"Env", env}};
    if (!request.user.empty()) body["User"] = request.user;
    auto made = api.post("/containers/" + encoded(request.target) + "/exec", body, wait);
    if (!made) return refusal(std::move(made).error());
    auto id = text_at(*made, "Id");
    if (id.empty())
        return Error{Code::unavailable, "the container engine made no exec and did not say why",
                     "see whether something else listens there"};
    return id;
}

// The engine could not start the tool; `text` is what it says of that.
Error not_started(const ExecRequest& request, std::string_view text) {
    const auto has = [&](std::string_view words) { return text.find(words) != text.npos; };
    const auto& tool = request.argv.front();
    const bool names_tool = has("exec: \"");
    if (has("not found in $PATH") || has("command that was not found") ||
        (names_tool && (has("no such file or directory") || has("permission denied"))))
        return {Code::not_found, "there is no '" + tool + "' in the container",
                "use an image that has the database's own tools, as the official ones do"};
    text = text.substr(0, std::min(text.find_last_not_of("\r\n") + 1, kHeadBytes));
    return {Code::failed,
            "the container engine could not start '" + tool + "': " + std::string(text),
            "run it with docker exec to see more"};
}

bool is_engines_complaint(std::string_view text) {
    return text.starts_with("OCI runtime exec failed") || text.starts_with("OCI runtime error") ||
           text.starts_with("Error: crun") || text.starts_with("Error: runc") ||
           text.starts_with("unable to find user ") || text.starts_with("unable to find group ");
}

// Docker writes its own complaint where the tool's stdout belongs, Podman where its stderr does.
std::string_view first_words(const Traffic& traffic) {
    return traffic.outcome.stdout_bytes ? traffic.head : traffic.outcome.stderr_tail;
}

Error cut() {
    return {Code::truncated, "the tool's output ended while the tool was still running",
            "the connection to the container engine was cut: run it again"};
}

// Asks until the engine knows the end. A stream that ended while the tool runs was cut, and the tool may
// yet end well, its last bytes lost: where its process can be seen, that is judged by the process, else by
// how long the engine needs to hear of its end.
Result<int> exit_code_of(Api& api, const RunningExec& exec, const Wait& wait) {
    const Wait grace = wait.within(kExitingLimit), limited = wait.within(kExitLimit);
    const bool was_running = is_running_here(exec);
    for (auto pause = std::chrono::milliseconds(2);;
         pause = std::min(pause * 2, std::chrono::milliseconds(200))) {
        auto state = api.get("/exec/" + encoded(exec.id) + "/json", wait.within(kAnswerLimit));
        if (!state) {
            auto error = std::move(state).error();
            if (error.code != Code::not_found && error.code != Code::unavailable) return error;
            return Error{
                Code::unavailable,
                "the container or its engine went away before the tool's exit status was known (" +
                    error.message + ")",
                "see whether the container was removed or the engine stopped during the run"};
        }
        const auto running = flag_at(*state, "Running");
        if (!running.value_or(false)) {
            const auto& code = at(*state, "ExitCode");
            if (running && code.is_number_integer()) return code.get<int>();
            return Error{Code::unavailable, "the container engine does not know how the tool ended",
                         "see whether the engine was restarted during the run"};
        }
        BKT_TRY(wait.check());
        if (!limited.check() || (was_running && !grace.check() && is_running_here(exec)))
            return cut();
        BKT_TRY(wait.sleep(pause));
    }
}

void end(Api& api, Call& call, const RunningExec& exec, const ExecRequest& request) {
    if (!end_exec(api, exec))
        call.log_warning("'" + request.argv.front() +
                         "' could not be ended in its container; it may still run there");
}

}  // namespace

Result<ExecOutcome> run_exec(Api& api, Call& call, const ExecRequest& request) {
    BKT_TRY(check_words(request));
    const Wait wait(call);
    RunningExec exec{"", request.target, request.user, random_mark()};
    BKT_LET(exec.id, create(api, request, exec.mark, wait));
    auto stream = api.open_stream("POST", "/exec/" + encoded(exec.id) + "/start",
                                  R"({"Detach":false,"Tty":false})", true, wait);
    if (!stream) {
        auto error = std::move(stream).error();
        // Newer engines refuse the start instead of writing into the stream.
        if (const auto at = error.message.find("OCI runtime exec failed"); at != std::string::npos)
            return not_started(request, std::string_view(error.message).substr(at));
        // Without an answer nobody knows whether the tool was started.
        if (error.code == Code::cancelled || error.code == Code::timeout ||
            error.code == Code::unavailable)
            end(api, call, exec, request);
        return refusal(std::move(error));
    }
    Traffic traffic(*std::move(stream), request, wait);
    auto done = traffic.run();
    auto exit_code = done ? exit_code_of(api, exec, wait) : Result<int>(done.error());
    if (!exit_code) {
        end(api, call, exec, request);
        return std::move(exit_code).error();
    }
    if ((*exit_code == 126 || *exit_code == 127) && is_engines_complaint(first_words(traffic)))
        return not_started(request, first_words(traffic));
    auto& tail = traffic.outcome.stderr_tail;
    if (tail.size() > kStderrTailBytes) tail.erase(0, tail.size() - kStderrTailBytes);
    traffic.outcome.exit_code = *exit_code;
    traffic.outcome.how = BKT_EXIT_INSPECTED;
    return std::move(traffic.outcome);
}

}  // namespace bkt::docker
