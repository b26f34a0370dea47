#include "core/plugin_host/describe.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>

#include "baktainer/unique_fd.hpp"
#include "core/plugin/describe.hpp"

namespace bkt::plugin_host {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::string_view kToldWhy =
    "!";  // instead of a manifest: the child said on stderr what is wrong
constexpr std::chrono::seconds kTimeToLoad{10};

int fail(const Error& error) {
    std::fprintf(stderr, "baktainer-plugin-host: %s\n", error.message.c_str());
    if (!error.hint.empty()) std::fprintf(stderr, "  hint: %s\n", error.hint.c_str());
    return 1;
}

bool write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t n = ::write(fd, text.data(), text.size());
        if (n < 0 && errno != EINTR) return false;
        if (n > 0) text.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

// The library's constructors may do anything: write to stdout, end the process, never return. In a
// process of its own, with stdout turned into stderr, each becomes a sentence.
[[noreturn]] void describe_in_child(const std::string& library, int out, pid_t parent) {
    // A build that is broken off must not leave a constructor that hangs behind.
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || ::getppid() != parent) ::_exit(1);
    ::dup2(STDERR_FILENO, STDOUT_FILENO);
    const auto manifest = plugin::describe_library(library);
    if (!manifest) {
        fail(manifest.error());
        (void)write_all(out, kToldWhy);
        ::_exit(1);
    }
    ::_exit(write_all(out, plugin::to_json(*manifest)) ? 0 : 1);
}

// All the child writes until it is gone; nothing when that takes too long.
std::optional<std::string> read_until_end(int fd) {
    const auto until = Clock::now() + kTimeToLoad;
    std::string text;
    char chunk[4096];
    for (;;) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
        pollfd waiting{fd, POLLIN, 0};
        if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) == 0)
            return std::nullopt;
        const ssize_t n = ::read(fd, chunk, sizeof chunk);
        if (n == 0) return text;
        if (n > 0) text.append(chunk, static_cast<std::size_t>(n));
        else if (errno != EINTR) return std::nullopt;
    }
}

Result<std::string> described(const std::string& library) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return Error{Code::failed, "cannot make a pipe"};
    UniqueFd in(ends[0]), out(ends[1]);
    const pid_t self = ::getpid();
    const pid_t child = ::fork();
    if (child < 0) return Error{Code::failed, "cannot fork"};
    if (child == 0) describe_in_child(library, out.get(), self);
    out.reset();
    auto text = read_until_end(in.get());
    if (!text) ::kill(child, SIGKILL);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
    const auto broke = [&](const std::string& how) {
        return Error{Code::fault, "loading '" + library + "' " + how,
                     "look at what its static objects and constructors do"};
    };
    if (!text) return broke("did not end within 10 seconds");
    if (WIFSIGNALED(status)) return broke("died of signal " + std::to_string(WTERMSIG(status)));
    if (*text == kToldWhy) return Error{Code::invalid, ""};
    if (WEXITSTATUS(status) != 0 || text->empty()) return broke("ended the process");
    return *std::move(text);
}

// Whole or not at all: a build that is interrupted must not leave half a manifest.
bool write_file(const std::string& file, const std::string& text) {
    // Of this process: a parallel build describes several libraries of one folder at once.
    const auto partial = file + "." + std::to_string(::getpid()) + ".partial";
    std::ofstream out(partial, std::ios::binary);
    out << text;
    out.close();
    std::error_code ec;
    if (out) std::filesystem::rename(partial, file, ec);
    const bool done = out && !ec;
    if (!done) std::filesystem::remove(partial, ec);
    return done;
}

}  // namespace

int describe(const std::string& library, const std::string& output) {
    const auto text = described(library);
    if (!text) return text.error().message.empty() ? 1 : fail(text.error());
    if (output.empty())
        return write_all(STDOUT_FILENO, *text) ? 0 : fail({Code::failed, "cannot write to stdout"});
    return write_file(output, *text) ? 0 : fail({Code::failed, "cannot write '" + output + "'"});
}

}  // namespace bkt::plugin_host
