// tests/support/cutting_proxy.hpp: stands between a client and a container engine and cuts what the engine
// sends: at a byte of the attached stream, before the close of TLS, or when the test says so.
//
// It counts from where the attached stream begins, so that a test can choose the place inside a frame, and
// it leaves every other connection alone.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace bkt::test {

class CuttingProxy final {
public:
    struct Cut {
        // Bytes of an upgraded connection let through behind its head.
        std::optional<std::size_t> attached_after = {};
        // Lets everything of a TLS 1.3 connection through but its close, once it has carried so many
        // bytes: within a head other records look like it.
        std::optional<std::size_t> tls_close_after = {};
    };

    // Addresses: "/path" of a unix socket, or the port on 127.0.0.1.
    CuttingProxy(const std::string& listen, std::string upstream, Cut cut);
    CuttingProxy(const std::string& listen, std::string upstream)
        : CuttingProxy(listen, std::move(upstream), Cut{}) {}
    ~CuttingProxy();
    CuttingProxy(const CuttingProxy&) = delete;
    CuttingProxy& operator=(const CuttingProxy&) = delete;

    // Cuts every connection there is now; later ones go through.
    void cut_now();
    // Connections cut by a Cut.
    unsigned cuts() const { return cuts_; }

private:
    void accept_all();
    void carry(int client);

    const std::string upstream_;
    const Cut cut_;
    int listener_ = -1, stop_ = -1;
    std::atomic<unsigned> cuts_{0};
    std::mutex mutex_;
    std::set<int> open_;  // both ends of each connection
    std::vector<std::thread> carriers_;
    std::thread acceptor_;
};

}  // namespace bkt::test
