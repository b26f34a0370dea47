// sqlite_engine.hpp: the "sqlite" engine. "db.name" lists the files; each is one part.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "baktainer/engine.hpp"
#include "plugins/engines/sqlite/database_file.hpp"

namespace bkt::sqlite {

class SqliteEngine final : public Engine {
public:
    explicit SqliteEngine(Call& call);

    static Status recognise(Call& call, const TargetView& target, Recognition& out);

    Status plan(Call& call, Plan& plan) override;
    Status dump(Call& call, PartsOut& out) override;
    Status restore(Call& call, PartsIn& in) override;
    Result<std::unique_ptr<Tap>> validator(Call& call, std::string_view name,
                                           std::string_view media_type, bool deep) override;
    Result<std::string> recipe(Call& call, const std::vector<std::string>& parts) override;

private:
    // By what the files are reached; asked once.
    enum class Way { host, tool, beside };
    Result<Way> way(Call& call);

    Result<std::string> destination_of(Call& call, const std::string& part,
                                       std::size_t parts) const;

    std::optional<Way> way_;
    std::set<std::string> gone_;  // paths named for a safety backup, where no file is
    int spools_ = 0;
};

}  // namespace bkt::sqlite
