// bkt.http/1: HTTP(S) for plugins that bring no client of their own.
#include "core/plugin/facilities.hpp"
#include "core/plugin/instance_host.hpp"
#include "core/plugin/services/guarded.hpp"
#include "core/plugin/services/http_exchange.hpp"
#include "core/plugin/services/http_library.hpp"
#include "core/plugin/services/table.hpp"

namespace bkt::plugin {

HttpLibrary::HttpLibrary() { curl_global_init(CURL_GLOBAL_DEFAULT); }
HttpLibrary::~HttpLibrary() { curl_global_cleanup(); }

namespace services {

namespace {

bkt_rc run(const bkt_host* host, const bkt_call* call, const bkt_http_request* request,
           const bkt_http_report* report) noexcept {
    return guarded(call, [&]() -> Status {
        auto& instance = InstanceHost::of(host);
        const auto& facilities = instance.grants().facilities;
        static const std::string kNoFile;
        HttpExchange exchange(call, *request, *report, facilities ? facilities->ca_file : kNoFile);
        auto line = instance.http_pool().take();
        const Status done = exchange.run(*line);
        // A line that failed may hold a connection nobody should use again.
        if (done) instance.http_pool().give_back(std::move(line));
        return done;
    });
}

}  // namespace

const bkt_http kHttp = {sizeof kHttp, 0, &run};

}  // namespace services
}  // namespace bkt::plugin
