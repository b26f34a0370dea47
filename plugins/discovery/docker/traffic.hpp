// traffic.hpp: the bytes of one tool between the engine's attached stream and the caller's sink and source.
#pragma once

#include "baktainer/discovery.hpp"
#include "plugins/discovery/docker/api.hpp"
#include "plugins/discovery/docker/fifo.hpp"
#include "plugins/discovery/docker/frame_parser.hpp"
#include "plugins/discovery/docker/tail_keeper.hpp"

namespace bkt::docker {

// Code::invalid for words no engine takes.
Status check_words(const ExecRequest& request);

// Both ways at once: stdout and stderr must drain while stdin is written.
class Traffic final {
public:
    // Borrows all but the stream. `has_ended`: whether the tool is known to have ended; any thread. `fifo`: where
    // its output may come instead.
    Traffic(Api::Stream stream, const ExecRequest& request, const Wait& wait,
            std::function<bool()> has_ended, Fifo* fifo = nullptr);

    // Until the stream ends; Code::truncated when that was inside a frame.
    Status run();
    // Takes what the FIFO still holds of a tool that has ended.
    Status empty_fifo();

    // What it saw, with the exit code the caller found out. Once.
    ExecOutcome ended(int exit_code);
    // What came first: of stdout, else of stderr. Engines write their own complaints there.
    std::string_view first_words() const;

private:
    enum class Stdin { open, ending, closed };

    Status take(Bytes bytes);
    Status take_output(Bytes bytes);
    Status deliver(Bytes bytes);
    Result<std::optional<std::size_t>> take_fifo();
    void keep_stderr(Bytes bytes);
    Status give();
    Status pause();

    ExecOutcome outcome_{};
    std::string head_;  // first bytes of stdout
    Connection connection_;
    std::optional<TailKeeper> keeper_;
    std::vector<std::byte> begun_;
    const ExecRequest& request_;
    const Wait& wait_;
    Fifo* const fifo_;
    bool fifo_is_over_ = false;
    std::uint64_t fifo_bytes_ = 0;
    std::vector<std::byte> buffer_;
    FrameParser parser_;
    Stdin stdin_ = Stdin::open;
    std::vector<std::byte> stdin_buffer_;
    Bytes left_{};
};

Error no_such_tool(const ExecRequest& request);
// The engine could not start the tool; `text` is what it says of that.
Error not_started(const ExecRequest& request, std::string_view text);
// The stream ended while the tool still ran.
Error cut();

}  // namespace bkt::docker
