// transport.hpp: by which way the output of a tool leaves its container.
#pragma once

#include "plugins/discovery/docker/api.hpp"
#include "plugins/discovery/docker/fifo.hpp"

namespace bkt::docker {

enum class Transport {
    fifo,   // where there can be one
    stream  // the engine's attached stream
};

// "auto" or empty, and "stream". Code::invalid for anything else.
Result<Transport> parse_transport(const std::string& text);

// The root of a running container as the engine describes it. Code::unsupported as of ContainerRoot.
Result<ContainerRoot> root_of(const nlohmann::json& inspected);

// The words for people of what a described container will get.
struct TransportWords {
    const char* name;
    std::string reason;
};
TransportWords explain_transport(Transport transport, const nlohmann::json& inspected);

}  // namespace bkt::docker
