// scripted_engine.hpp: something at a unix socket that answers HTTP requests with bytes of the test's
// choice, whole or not: the failures that a real engine does not give on demand.
#pragma once

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <functional>
#include <mutex>
#include <thread>

#include "baktainer/unique_fd.hpp"
#include "plugins/discovery/docker/endpoint.hpp"
#include "tests/support/temp_dir.hpp"

namespace bkt::docker {

class ScriptedEngine final {
public:
    // The raw answer to a request (head and body), after which the connection is closed. Called on the
    // engine's own thread, one request at a time.
    using Answer = std::function<std::string(const std::string& request)>;

    explicit ScriptedEngine(Answer answer, std::size_t chunk_bytes = 1 << 20)
        : answer_(std::move(answer)),
          chunk_bytes_(chunk_bytes),
          path_(dir_.path() + "/engine.sock"),
          listener_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)),
          stop_(::eventfd(0, EFD_CLOEXEC)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, path_.data(), path_.size());
        if (::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
            ::listen(listener_.get(), 64) != 0)
            throw std::runtime_error("cannot listen at " + path_);
        thread_ = std::thread([this] { serve(); });
    }
    ~ScriptedEngine() {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto n = ::write(stop_.get(), &one, sizeof one);
        thread_.join();
    }
    ScriptedEngine(const ScriptedEngine&) = delete;
    ScriptedEngine& operator=(const ScriptedEngine&) = delete;

    // From now on a stream is closed only when some of the tool's input has come, which is not read.
    void leaves_input_unread() { leaves_input_unread_ = true; }
    Endpoint endpoint() const {
        Endpoint endpoint;
        endpoint.socket_path = path_;
        return endpoint;
    }
    // Every request so far, head and body.
    std::vector<std::string> requests() const {
        const std::lock_guard lock(mutex_);
        return requests_;
    }

private:
    void serve() {
        for (;;) {
            pollfd fds[] = {{listener_.get(), POLLIN, 0}, {stop_.get(), POLLIN, 0}};
            ::poll(fds, 2, -1);
            if (fds[1].revents) return;
            const UniqueFd client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
            if (!client) continue;
            const auto request = whole_request(client);
            {
                const std::lock_guard lock(mutex_);
                requests_.push_back(request);
            }
            const auto answer = answer_(request);
            for (std::size_t at = 0; at < answer.size();) {
                const auto n = ::send(client.get(), answer.data() + at,
                                      std::min(chunk_bytes_, answer.size() - at), MSG_NOSIGNAL);
                if (n <= 0) break;
                at += static_cast<std::size_t>(n);
            }
            if (leaves_input_unread_ && request.find("/start ") != request.npos) {
                pollfd input{client.get(), POLLIN, 0};
                ::poll(&input, 1, 10'000);
            }
        }
    }

    static std::string whole_request(const UniqueFd& client) {
        std::string text;
        char buffer[4096];
        for (;;) {
            const auto end = text.find("\r\n\r\n");
            if (end != text.npos) {
                const auto length = text.find("Content-Length: ");
                const auto body = length < end ? std::stoul(text.substr(length + 16)) : 0;
                if (text.size() >= end + 4 + body) return text;
            }
            const auto n = ::recv(client.get(), buffer, sizeof buffer, 0);
            if (n <= 0) return text;
            text.append(buffer, static_cast<std::size_t>(n));
        }
    }

    const Answer answer_;
    const std::size_t chunk_bytes_;
    const test::TempDir dir_;
    const std::string path_;
    const UniqueFd listener_, stop_;
    std::atomic<bool> leaves_input_unread_ = false;
    mutable std::mutex mutex_;
    std::vector<std::string> requests_;
    std::thread thread_;
};

// A response with a body of known length.
inline std::string answered(unsigned status, const std::string& body) {
    return "HTTP/1.1 " + std::to_string(status) +
           " X\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

inline const std::string kVersion =
    answered(200, R"({"ApiVersion":"1.41","MinAPIVersion":"1.12"})");

// A frame of an exec's output as the engine sends it: its stream, the length in four bytes, the payload.
inline std::string frame(unsigned char type, const std::string& payload) {
    const auto n = payload.size();
    std::string head{static_cast<char>(type), 0, 0, 0};
    for (int shift = 24; shift >= 0; shift -= 8) head += static_cast<char>(n >> shift & 255);
    return head + payload;
}

}  // namespace bkt::docker
