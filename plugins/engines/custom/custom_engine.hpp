// custom_engine.hpp: the "custom" engine: a command of the user's own writes the backup.
//
// It knows nothing of what it carries: it recognises no target, claims no consistency, and puts nothing back
// unless it is told how.
#pragma once

#include "baktainer/engine.hpp"

namespace bkt::custom {

class CustomEngine final : public Engine {
public:
    explicit CustomEngine(Call&) {}

    Status plan(Call& call, Plan& plan) override;
    Status dump(Call& call, PartsOut& out) override;
    Status restore(Call& call, PartsIn& in) override;
    Result<std::unique_ptr<Tap>> validator(Call& call, std::string_view name,
                                           std::string_view media_type, bool deep) override;
    Result<std::string> recipe(Call& call, const std::vector<std::string>& parts) override;
};

}  // namespace bkt::custom
