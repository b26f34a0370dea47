// mysql_engine.hpp: the "mysql" and "mariadb" engines: the clients and dump tools of the target.
#pragma once

#include "baktainer/engine.hpp"
#include "plugins/engines/mysql/shares.hpp"

namespace bkt::mysql {

class SqlEngine : public Engine {
public:
    explicit SqlEngine(Flavour flavour) : flavour_(flavour) {}

    Status plan(Call& call, Plan& plan) override;
    Status dump(Call& call, PartsOut& out) override;
    Status restore(Call& call, PartsIn& in) override;
    Result<std::unique_ptr<Tap>> validator(Call& call, std::string_view name,
                                           std::string_view media_type, bool deep) override;
    Result<std::string> recipe(Call& call, const std::vector<std::string>& parts) override;

private:
    bool saves_accounts() const { return server_->reads_accounts && selection_.schema; }
    Result<bool> choose_named(const Tools& tools, Plan& plan);
    void add_notes(const Settings& settings, Plan& plan) const;
    void note_only(Plan& plan) const;

    Flavour flavour_;
    // What plan() found and dump() keeps to.
    std::optional<Server> server_;
    Tools::DumpTool tool_;
    Selection selection_;
    std::vector<Database> named_;  // by db.name
    Choices choices_;              // what is dumped of them
    Shares shares_;                // by which tool, where several do
};

class MysqlEngine final : public SqlEngine {
public:
    explicit MysqlEngine(Call&) : SqlEngine(Flavour::mysql) {}
    static Status recognise(Call&, const TargetView& target, Recognition& out) {
        recognise_target(Flavour::mysql, target, out);
        return {};
    }
};

class MariadbEngine final : public SqlEngine {
public:
    explicit MariadbEngine(Call&) : SqlEngine(Flavour::mariadb) {}
    static Status recognise(Call&, const TargetView& target, Recognition& out) {
        recognise_target(Flavour::mariadb, target, out);
        return {};
    }
};

}  // namespace bkt::mysql
