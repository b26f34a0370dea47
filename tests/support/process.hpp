// tests/support/process.hpp: runs a program to its end, or until the test ends it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace bkt::test {

struct Ended {
    int exit_code = -1;  // 128 + n for death by signal n
    std::string out, err;
    bool operator==(const Ended&) const = default;
};

// A running child in its own process group; killed with its group when it goes.
class Process final {
public:
    // Starts argv[0] (looked up in PATH) with `env` added to this process's own. Aborts the test on a
    // failure to start.
    explicit Process(const std::vector<std::string>& argv,
                     const std::map<std::string, std::string>& env = {},
                     const std::string& stdin_file = "/dev/null");
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    pid_t pid() const { return pid_; }
    void signal(int number) const;  // to the program alone
    bool running();
    // Waits; after `limit` kills the group and reports exit code -1.
    Ended wait(std::chrono::seconds limit = std::chrono::seconds(300));

private:
    pid_t pid_ = -1;
    bool ended_ = false;
    int status_ = 0;
    std::string dir_;  // where out and err go: files cannot dead-lock
};

Ended run(const std::vector<std::string>& argv, const std::map<std::string, std::string>& env = {});
// The same, and the test fails with its stderr when it exits other than 0. Returns stdout without the
// last newline.
std::string must(const std::vector<std::string>& argv,
                 const std::map<std::string, std::string>& env = {});

}  // namespace bkt::test
