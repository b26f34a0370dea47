#include "plugins/discovery/docker/transport.hpp"

#include "plugins/discovery/docker/json_read.hpp"

namespace bkt::docker {

using nlohmann::json;

Result<Transport> parse_transport(const std::string& text) {
    if (text.empty() || text == "auto") return Transport::fifo;
    if (text == "stream") return Transport::stream;
    return Error{Code::invalid, "'transport' is '" + text + "'", "set it to auto or stream"};
}

Result<ContainerRoot> root_of(const json& inspected) {
    const json& pid = at(at(inspected, "State"), "Pid");
    return ContainerRoot::open(text_at(inspected, "Id"),
                               pid.is_number_integer() ? pid.get<pid_t>() : 0);
}

TransportWords explain_transport(Transport transport, const json& inspected) {
    if (transport == Transport::stream) return {"stream", "the configuration says so"};
    const auto root = root_of(inspected);
    const Status can = root ? Fifo::check(*root) : Status(root.error());
    if (!can) return {"stream", can.error().message};
    return {"fifo", "past the container engine, through the container's /dev/shm"};
}

}  // namespace bkt::docker
