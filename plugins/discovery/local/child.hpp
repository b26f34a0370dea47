// child.hpp: one tool started on this machine, in a process group of its own, with three pipes.
//
// posix_spawn because the host has threads: nothing of ours runs between fork and exec. The tool gets
// default signals, an empty mask and no descriptor but its three. Until it is waited for, its group
// cannot be mistaken for another's.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "baktainer/result.hpp"
#include "baktainer/unique_fd.hpp"

namespace bkt::local_host {

class Child final {
public:
    // `env` holds "NAME=value" words that win over this process's own. Code::not_found when there is
    // no such tool. With `with_stdin` false the tool reads /dev/null.
    static Result<Child> start(const std::vector<std::string>& argv,
                               const std::vector<std::string>& env, bool with_stdin);

    Child(Child&& other) noexcept;
    Child& operator=(Child&&) = delete;
    ~Child();  // kills and reaps what still runs

    // Our ends, non-blocking.
    UniqueFd in, out, err;

    // Readable once the tool has ended; -1 when the kernel has no pidfd: ask ended() instead.
    int pid_fd() const { return pid_fd_.get(); }
    bool ended() const;
    // Its own number and its group's.
    pid_t pid() const { return pid_; }
    // Sends to the whole group.
    void signal(int number) const;
    // Waits for the tool, ends what it left behind in its group, and returns its exit code (death by
    // signal n = 128 + n).
    int reap();

private:
    Child() = default;
    pid_t pid_ = -1;  // -1 = reaped
    UniqueFd pid_fd_;
};

}  // namespace bkt::local_host
