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
    ~Process();  // kills what is left

    void kill() noexcept;
    // Waits at most `ms` for its end. "was killed by signal 11 (Segmentation fault)", "exited with 3";
    // empty while it runs. Any thread.
    std::string end(int ms);
    // What it wrote to stdout and stderr, the last 4 KiB of it; once it ended, all that it wrote (but what
    // holds its outputs open is not waited for longer than a moment). Any thread.
    std::string last_words();
    pid_t pid() const { return pid_; }

private:
    Process(pid_t pid, UniqueFd handle, UniqueFd output);
    void read_output();

    const pid_t pid_;
    const UniqueFd handle_;  // pidfd
    const UniqueFd output_;
    std::mutex mutex_;  // guards what follows
    std::string end_;
    std::string tail_;
    bool output_ended_ = false;
    std::condition_variable output_end_;
    std::thread reader_;  // last
};

}  // namespace bkt::plugin::worker
