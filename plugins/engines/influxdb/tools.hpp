// tools.hpp: the target's own `influx` and `influxd`, run with the job's account.
//
// Name and password travel in the environment of the one program (INFLUX_USERNAME, INFLUX_PASSWORD). `influxd
// backup` and `restore` speak to the server's own port (8088), which knows no accounts.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "baktainer/exec.hpp"
#include "plugins/engines/influxdb/settings.hpp"

namespace bkt::influxdb {

class Tools final {  // Valid for one call.
public:
    // Code::unsupported unless the target has the programs of InfluxDB 1. It is not asked again where the `version` is
    // known.
    static Result<Tools> create(Call& call, Settings settings, std::string version = "");

    const Settings& settings() const { return settings_; }
    const Call& call() const { return call_; }
    const std::string& version() const { return version_; }  // "1.6.7"

    // All but the server's own ("_internal"), as this account sees them.
    Result<std::vector<std::string>> databases() const;
    // What a statement that only looks answers: its list of series, as the server's JSON has it.
    Result<nlohmann::json> series(const std::string& statement) const;
    // Whether the account is an administrator's, so that databases() are all there are.
    bool sees_all() const;
    Status drop(const std::string& database) const;
    Status create_database(const std::string& database) const;
    // A script of ours, by the container's shell.
    Exec script(const std::string& text, std::vector<std::string> words) const;

private:
    Tools(Call& call, Settings settings, std::string_view password)
        : call_(call), settings_(std::move(settings)), password_(password) {}
    Status command(const std::string& statement) const;
    Result<std::string> query(const std::string& statement) const;

    Call call_;
    Settings settings_;
    std::string_view password_;  // borrowed until the call returns
    std::string version_;
};

}  // namespace bkt::influxdb
