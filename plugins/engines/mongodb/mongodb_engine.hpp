// mongodb_engine.hpp: the "mongodb" engine: mongodump and mongorestore of the target.
#pragma once

#include <set>
#include <string>

#include "baktainer/engine.hpp"
#include "plugins/engines/mongodb/parts.hpp"
#include "plugins/engines/mongodb/server.hpp"

namespace bkt::mongodb {

class MongodbEngine final : public Engine {
public:
    explicit MongodbEngine(Call&) {}

    static Status recognise(Call& call, const TargetView& target, Recognition& out);

    Status plan(Call& call, Plan& plan) override;
    Status dump(Call& call, PartsOut& out) override;
    Status restore(Call& call, PartsIn& in) override;
    Result<std::unique_ptr<Tap>> validator(Call& call, std::string_view name,
                                           std::string_view media_type, bool deep) override;
    Result<std::string> recipe(Call& call, const std::vector<std::string>& parts) override;

private:
    Status dump_part(const Tools& tools, const std::string& part, std::vector<std::string> options,
                     PartsOut& out);
    Status compare(const Tools& tools);
    Status check_chosen(const Tools& tools, Plan& plan);

    // What plan() found and dump() keeps to. Without a shell there is no server to ask.
    std::optional<Server> server_;
    bool planned_ = false;
    bool oplog_ = false;
    std::set<std::string> gone_;  // named for a safety backup, and not there
    // What the validators of this dump have counted.
    std::shared_ptr<Counts> counts_ = std::make_shared<Counts>();
};

}  // namespace bkt::mongodb
