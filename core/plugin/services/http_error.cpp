#include "core/plugin/services/http_error.hpp"

namespace bkt::plugin {

Error http_error(CURLcode code, const std::string& server, std::string said, bool answered) {
    if (said.empty()) said = curl_easy_strerror(code);
    const auto about = [&](const std::string& what) { return what + " '" + server + "': " + said; };
    switch (code) {
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_RESOLVE_PROXY:
            return {Code::unavailable, about("cannot find"), "check the name and the DNS"};
        case CURLE_COULDNT_CONNECT:
            return {Code::unavailable, about("cannot connect to"),
                    "check that it runs and is reachable from here"};
        case CURLE_OPERATION_TIMEDOUT:
            return {Code::timeout, "no whole answer from '" + server + "' in time",
                    "check whether it is overloaded, or raise the timeout"};
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_ISSUER_ERROR:
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
        case CURLE_SSL_INVALIDCERTSTATUS:
            return {Code::denied, about("the certificate is refused of"),
                    "name the authority that signed it with 'http_client.ca_file'"};
        case CURLE_SSL_CONNECT_ERROR:
            return {Code::unavailable, about("no TLS connection to"),
                    "check that this port speaks TLS 1.2 or newer"};
        case CURLE_PARTIAL_FILE:
            return {Code::truncated, "the answer of '" + server + "' ended early"};
        case CURLE_RECV_ERROR:
        case CURLE_HTTP2:
        case CURLE_HTTP2_STREAM:
            if (answered)
                return {Code::truncated, "the answer of '" + server + "' ended early: " + said};
            return {Code::unavailable, about("lost the connection to"),
                    "look at the server if it lasts"};
        case CURLE_UNSUPPORTED_PROTOCOL:
        case CURLE_WEIRD_SERVER_REPLY:
            return {Code::failed, "'" + server + "' does not answer in HTTP", "check the address"};
        case CURLE_URL_MALFORMAT: return {Code::invalid, "the address to ask is not a URL"};
        case CURLE_OUT_OF_MEMORY: return {Code::bug, "out of memory"};
        default:
            return {Code::unavailable, about("lost the connection to"),
                    "look at the server if it lasts"};
    }
}

}  // namespace bkt::plugin
