// postgres_engine.hpp: the "postgres" engine: pg_dump, pg_dumpall, pg_restore and psql of the target.
#pragma once

#include "baktainer/engine.hpp"
#include "plugins/engines/postgres/dump.hpp"

namespace bkt::postgres {

class PostgresEngine final : public Engine {
public:
    explicit PostgresEngine(Call&) {}

    static Status recognise(Call& call, const TargetView& target, Recognition& out);

    Status plan(Call& call, Plan& plan) override;
    Status dump(Call& call, PartsOut& out) override;
    Status restore(Call& call, PartsIn& in) override;
    Result<std::unique_ptr<Tap>> validator(Call& call, std::string_view name,
                                           std::string_view media_type, bool deep) override;
    Result<std::string> recipe(Call& call, const std::vector<std::string>& parts) override;

private:
    Status choose(const Tools& tools, const Filter& filter, Plan& plan);
    void say_limits(const Tools& tools, const Filter& filter, Plan& plan) const;
    void say_timescale(PartsOut& out) const;

    // What plan() found and dump() keeps to.
    std::optional<Server> server_;
    std::vector<DatabasePlan> chosen_;
};

}  // namespace bkt::postgres
