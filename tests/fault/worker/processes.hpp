// Processes as /proc tells of them, and a program of ours whose words are read as it says them.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "baktainer/unique_fd.hpp"

namespace bkt::test {

inline std::size_t open_descriptors() {
    std::size_t n = 0;
    for ([[maybe_unused]] const auto& e : std::filesystem::directory_iterator("/proc/self/fd")) ++n;
    return n;
}

inline std::string text_of(const std::string& file) {
    std::ifstream in(file);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

// The line "NAME:  ..." of /proc/PID/status, without its name.
inline std::string status_of(pid_t pid, const std::string& name) {
    std::istringstream in(text_of("/proc/" + std::to_string(pid) + "/status"));
    for (std::string line; std::getline(in, line);)
        if (line.starts_with(name + ":"))
            return line.substr(line.find_first_not_of(" \t", name.size() + 1));
    return {};
}

inline std::vector<pid_t> children_of(pid_t parent) {
    std::vector<pid_t> found;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        const auto name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789") != name.npos) continue;
        const auto pid = static_cast<pid_t>(std::stol(name));
        if (status_of(pid, "PPid") == std::to_string(parent)) found.push_back(pid);
    }
    return found;
}

// A running program, killed when this goes.
class Spoken final {
public:
    explicit Spoken(std::vector<std::string> words) {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
        out_ = UniqueFd(ends[0]);
        const UniqueFd in(ends[1]);
        std::vector<char*> argv;
        for (auto& word : words) argv.push_back(word.data());
        argv.push_back(nullptr);
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_adddup2(&actions, in.get(), STDOUT_FILENO);
        const int error = ::posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), ::environ);
        ::posix_spawn_file_actions_destroy(&actions);
        if (error != 0) throw std::runtime_error("cannot start " + words[0]);
    }
    ~Spoken() { kill(); }
    Spoken(const Spoken&) = delete;
    Spoken& operator=(const Spoken&) = delete;

    pid_t pid() const { return pid_; }
    void kill() {
        if (pid_ <= 0) return;
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        pid_ = 0;
    }
    // Its next line; nothing when it ended, or said none for twenty seconds.
    std::optional<std::string> line() {
        for (;;) {
            if (const auto end = said_.find('\n'); end != said_.npos) {
                auto line = said_.substr(0, end);
                said_.erase(0, end + 1);
                return line;
            }
            pollfd ready{out_.get(), POLLIN, 0};
            if (::poll(&ready, 1, 20'000) <= 0) return std::nullopt;
            char chunk[512];
            const ssize_t n = ::read(out_.get(), chunk, sizeof chunk);
            if (n <= 0) return std::nullopt;
            said_.append(chunk, static_cast<std::size_t>(n));
        }
    }
    // Reads on until a line holds `text`.
    bool says(const std::string& text) {
        while (const auto one = line())
            if (one->find(text) != one->npos) return true;
        return false;
    }

private:
    UniqueFd out_;
    pid_t pid_ = 0;
    std::string said_;
};

}  // namespace bkt::test
