#include "core/plugin_host/probe.hpp"

#include "baktainer/abi/status.h"
#include "core/plugin/wire/body.hpp"
#include "core/plugin/wire/channel.hpp"
#include "core/plugin_host/sandbox.hpp"

namespace bkt::plugin_host {

int probe(UniqueFd socket) {
    const wire::Channel channel(std::move(socket));
    const auto asked = channel.receive();
    if (!asked || !*asked) return 2;
    const wire::Message& question = **asked;
    const auto& trusted = wire::at(question.body, "trusted");
    const auto stands = close_sandbox(wire::text(question.body, "temp_dir"),
                                      trusted.is_boolean() && trusted.get<bool>());
    const wire::json answer = stands ? wire::json{{"rc", BKT_OK}, {"sandbox", *stands}}
                                     : wire::json{{"rc", static_cast<bkt_rc>(stands.error().code)},
                                                  {"message", stands.error().message},
                                                  {"hint", stands.error().hint}};
    return channel.send(wire::Type::reply, question.id, "", answer) ? 0 : 1;
}

}  // namespace bkt::plugin_host
