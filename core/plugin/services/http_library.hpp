// plugin/services/http_library.hpp: libcurl's process-wide part, which must be made before any thread.
#pragma once

namespace bkt::plugin {

// One in main, first; undone when it goes.
class HttpLibrary final {
public:
    HttpLibrary();
    HttpLibrary(const HttpLibrary&) = delete;
    HttpLibrary& operator=(const HttpLibrary&) = delete;
    ~HttpLibrary();
};

}  // namespace bkt::plugin
