// tests/support/unix_proxy.hpp: stands between a client and a unix socket and cuts any connection that
// has carried so many bytes to the client. What nature does at a moment of its own choosing.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace bkt::test {

class UnixProxy final {
public:
    // Listens at `path`, passes on to `upstream` (both paths), cuts after `cut_after_bytes`.
    UnixProxy(std::string path, std::string upstream, std::size_t cut_after_bytes);
    ~UnixProxy();
    UnixProxy(const UnixProxy&) = delete;
    UnixProxy& operator=(const UnixProxy&) = delete;

    unsigned cuts() const { return cuts_; }

private:
    void accept_all();
    void carry(int client);

    const std::string path_, upstream_;
    const std::size_t cut_after_bytes_;
    int listener_ = -1, stop_ = -1;
    std::atomic<unsigned> cuts_{0};
    std::vector<std::thread> carriers_;
    std::thread acceptor_;
};

}  // namespace bkt::test
