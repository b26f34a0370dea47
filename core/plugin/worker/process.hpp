// worker/process.hpp: the process of one isolated plugin instance: started, watched by its pidfd (never by
// a number that may be another's), killed, and its last words kept.
#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "baktainer/result.hpp"
#include "baktainer/unique_fd.hpp"

namespace bkt::plugin::worker {

class Process final {
public:
    // Starts `program` with one argument and `socket` as descriptor 3, an empty input, and an environment of PATH, LANG and
    // TZ only.
    static Result<std::unique_ptr<Process>> start(const std::string& program, std::string argument,
                                                  UniqueFd socket);
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    // Kills what is left and waits for its end; a process that is stuck in the kernel, where no signal reaches
    // it, is waited for by a thread of its own, as long as that takes.
    ~Process();

    void kill() noexcept;
    // Waits at most `ms` for its end. "was killed by signal 11 (Segmentation fault)", "exited with 3";
    // empty while it runs. Any thread.
    std::string end(int ms);
    // What it wrote to stdout and stderr, the last 4 KiB of it; once it ended, all that it wrote (but what
    // holds its outputs open is not waited for longer than a moment). Any thread.
    std::string last_words();
    pid_t pid() const { return pid_; }

private:
    // What must be there until the process ended, which may be later than the end of this object.
    struct Life {
        Life(UniqueFd h, UniqueFd o) : handle(std::move(h)), output(std::move(o)) {}
        std::string end(int ms);
        void read_output();

        const UniqueFd handle;  // pidfd
        const UniqueFd output;
        std::mutex mutex;  // guards what follows
        std::string how_it_ended;
        std::string tail;
        bool output_ended = false;
        std::condition_variable output_end;
    };
    Process(pid_t pid, UniqueFd handle, UniqueFd output);

    const pid_t pid_;
    const std::shared_ptr<Life> life_;
    std::thread reader_;  // last
};

}  // namespace bkt::plugin::worker
