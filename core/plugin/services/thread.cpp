// bkt.thread/1: which thread of the contract this is, as the host noted when it made the call.
#include "core/plugin/services/table.hpp"
#include "core/plugin/thread_tag.hpp"

namespace bkt::plugin::services {

namespace {

std::uint32_t current(const bkt_host*) noexcept { return ThreadTag::current(); }

}  // namespace

const bkt_thread kThread = {sizeof kThread, 0, &current};

}  // namespace bkt::plugin::services
