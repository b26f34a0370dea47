// A compose file may be anyone's: reading it ends in containers or an error, never in a crash.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/config/containers_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto read = bkt::config::read_containers(text, "compose.yaml");
    if (!read) {
        if (read.error().message.empty() || read.error().hint.empty()) std::abort();
        return 0;
    }
    for (const auto& container : read->containers)
        for (const auto& [label, value] : container.labels)
            if (!label.starts_with("baktainer.") || value.line == 0) std::abort();
    return 0;
}
