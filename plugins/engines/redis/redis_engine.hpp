// redis_engine.hpp: the "redis" engine: Redis, Valkey and KeyDB by their own command line client.
#pragma once

#include "baktainer/engine.hpp"
#include "plugins/engines/redis/server.hpp"

namespace bkt::redis {

class RedisEngine final : public Engine {
public:
    explicit RedisEngine(Call&) {}

    static Status recognise(Call& call, const TargetView& target, Recognition& out);

    Status plan(Call& call, Plan& plan) override;
    Status dump(Call& call, PartsOut& out) override;
    Status restore(Call& call, PartsIn& in) override;
    Result<std::unique_ptr<Tap>> validator(Call& call, std::string_view name,
                                           std::string_view media_type, bool deep) override;
    Result<std::string> recipe(Call& call, const std::vector<std::string>& parts) override;

private:
    Status dump_data(const Tools& tools, PartsOut& out);
    Status dump_users(const Tools& tools, PartsOut& out);

    // What plan() found and dump() keeps to.
    std::optional<Server> server_;
    bool with_users_ = false;
};

}  // namespace bkt::redis
