// plugin/services/http_error.hpp: what libcurl's codes mean to who asked, with the remedy.
#pragma once

#include <curl/curl.h>

#include <string>

#include "baktainer/result.hpp"

namespace bkt::plugin {

// `server`: "https://example.com:8443"; `said`: libcurl's own words, which name hosts and certificates but never
// a path or a header; `answered`: a body had begun, so that an end is a cut.
Error http_error(CURLcode code, const std::string& server, std::string said, bool answered);

}  // namespace bkt::plugin
