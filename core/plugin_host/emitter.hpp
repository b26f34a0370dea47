// plugin_host/emitter.hpp: what a plugin emits one by one goes to the host in batches.
#pragma once

#include "core/plugin_host/op_call.hpp"

namespace bkt::plugin_host {

class Emitter final {  // One thread.
public:
    explicit Emitter(OpCall& call) : call_(call) {}

    // The host's answer to this batch, or OK while it fills. After a failure nothing is sent any more.
    bkt_rc emit(json item) {
        if (rc_ != BKT_OK) return rc_;
        items_.push_back(std::move(item));
        return items_.size() < kBatch ? bkt_rc{BKT_OK} : flush();
    }
    bkt_rc flush() {
        if (rc_ == BKT_OK && !items_.empty())
            rc_ = wire::code(
                call_.ask("emit", {{"items", std::exchange(items_, json::array())}}).body);
        return rc_;
    }
    // How the call ended: its own code first.
    bkt_rc end(bkt_rc rc) { return rc != BKT_OK ? rc : flush(); }

private:
    static constexpr std::size_t kBatch = 64;

    OpCall& call_;
    json items_ = json::array();
    bkt_rc rc_ = BKT_OK;
};

}  // namespace bkt::plugin_host
