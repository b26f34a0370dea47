// testing/end_to_end/process.hpp: runs a program to its end, or until the test ends it.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace bkt::testing {

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

namespace detail {
inline std::string content(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}
}  // namespace detail

inline Process::Process(const std::vector<std::string>& argv,
                        const std::map<std::string, std::string>& env,
                        const std::string& stdin_file) {
    std::string dir = (std::filesystem::temp_directory_path() / "bkt-proc-XXXXXX").string();
    if (!::mkdtemp(dir.data())) std::abort();
    dir_ = dir;
    std::vector<char*> words;
    for (const auto& word : argv) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ != 0) return;
    ::setpgid(0, 0);
    const int in = ::open(stdin_file.c_str(), O_RDONLY);
    const int out = ::open((dir_ + "/out").c_str(), O_WRONLY | O_CREAT, 0600);
    const int err = ::open((dir_ + "/err").c_str(), O_WRONLY | O_CREAT, 0600);
    ::dup2(in, 0), ::dup2(out, 1), ::dup2(err, 2);
    for (const auto& [key, value] : env) ::setenv(key.c_str(), value.c_str(), 1);
    ::execvp(words[0], words.data());
    ::_exit(127);
}

inline Process::~Process() {
    if (!ended_) wait(std::chrono::seconds(0));
    std::error_code ignored;
    std::filesystem::remove_all(dir_, ignored);
}

inline void Process::signal(int number) const { ::kill(pid_, number); }

inline bool Process::running() {
    if (!ended_ && ::waitpid(pid_, &status_, WNOHANG) == pid_) ended_ = true;
    return !ended_;
}

inline Ended Process::wait(std::chrono::seconds limit) {
    const auto until = std::chrono::steady_clock::now() + limit;
    while (running() && std::chrono::steady_clock::now() < until)
        std::this_thread::sleep_for(std::chrono::milliseconds(5));  // polling a child, not hoping
    bool killed = false;
    if (!ended_) {
        killed = true;
        ::kill(-pid_, SIGKILL);
        ::waitpid(pid_, &status_, 0);
        ended_ = true;
    }
    Ended ended;
    if (!killed)
        ended.exit_code = WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_);
    ended.out = detail::content(dir_ + "/out");
    ended.err = detail::content(dir_ + "/err");
    return ended;
}

// Runs to the end.
inline Ended run(const std::vector<std::string>& argv,
                 const std::map<std::string, std::string>& env = {}) {
    return Process(argv, env).wait();
}

// The same, and the test fails with its stderr when it exits other than 0. Returns stdout without the
// last newline.
inline std::string must(const std::vector<std::string>& argv,
                        const std::map<std::string, std::string>& env = {}) {
    auto ended = run(argv, env);
    std::string line;
    for (const auto& word : argv) line += word + " ";
    EXPECT_EQ(ended.exit_code, 0) << line << "\n" << ended.err;
    if (ended.out.ends_with('\n')) ended.out.pop_back();
    return ended.out;
}

}  // namespace bkt::testing
