// plugin/services/http_line.hpp: a libcurl handle with the connections it keeps open, and the pool an instance
// takes them from, so that many requests to one server share a TLS handshake.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <mutex>
#include <vector>

namespace bkt::plugin {

// One exchange at a time.
struct HttpLine {
    struct FreeEasy {
        void operator()(CURL* p) const { curl_easy_cleanup(p); }
    };
    struct FreeMulti {
        void operator()(CURLM* p) const { curl_multi_cleanup(p); }
    };
    std::unique_ptr<CURLM, FreeMulti> multi{curl_multi_init()};
    std::unique_ptr<CURL, FreeEasy> easy{curl_easy_init()};
};

// Thread-safe. Connections carry what one instance authenticated with, so no two instances share a pool.
class HttpPool final {
public:
    std::unique_ptr<HttpLine> take() {
        const std::lock_guard lock(mutex_);
        if (idle_.empty()) return std::make_unique<HttpLine>();
        auto line = std::move(idle_.back());
        idle_.pop_back();
        return line;
    }
    void give_back(std::unique_ptr<HttpLine> line) {
        const std::lock_guard lock(mutex_);
        if (idle_.size() < kMaxIdle) idle_.push_back(std::move(line));
    }

private:
    static constexpr std::size_t kMaxIdle = 8;
    std::mutex mutex_;
    std::vector<std::unique_ptr<HttpLine>> idle_;
};

}  // namespace bkt::plugin
