// api.hpp: a server of InfluxDB 2 by its HTTP API, asked from this machine.
//
// The token travels in a header of the host's HTTP service and nowhere else. It must be an operator's: the backup
// is the server's own (`/api/v2/backup`, which is all that `influx backup` calls) and holds every organisation.
#pragma once

#include <string>

#include "baktainer/http.hpp"
#include "plugins/engines/influxdb/settings.hpp"

namespace bkt::influxdb {

class Api final {  // Valid for one call.
public:
    // Code::invalid when the settings say no host that there could be.
    static Result<Api> create(Call& call, const Settings& settings);

    const Call& call() const { return call_; }
    const std::string& version() const { return version_; }  // "2.7.12", after ask_version()

    // Code::unsupported unless it is InfluxDB 2.
    Status ask_version();
    // The same, again and again while nobody answers; at most three minutes.
    Status wait_until_ready();
    // Code::denied unless the token is an operator's.
    Status check_token() const;
    // Bytes of its shards on disk, as it measures them; 0 = it does not say.
    std::uint64_t stored_bytes() const;
    // A server that nobody set up has no token yet: it gets ours, or one of its own making.
    Status set_up_if_new();

    enum class Fetched {
        whole,
        missing,  // 404
        failed    // 500: nothing came, and in a moment may
    };
    // GET into `to`.
    Result<Fetched> fetch(const std::string& path, const Sink& to) const;
    Status pause(std::uint64_t ms) const { return call_.sleep_ms(ms); }
    // One question of JSON, or none, and its answer. Code::not_found = 404.
    Result<std::string> ask(const char* method, const std::string& path,
                            std::string_view json = {}) const;
    // POST of bytes. The answer.
    Result<std::string> send(const std::string& path, const Source& body) const;
    // From now on this token instead of the setting's.
    void use_token(std::string token) { own_token_ = std::move(token); }

private:
    Api(Call& call, std::string base, std::string_view token)
        : call_(call), base_(std::move(base)), token_(token) {}
    Http request(const char* method, const std::string& path) const;

    Call call_;
    std::string base_;
    std::string_view token_;  // borrowed until the call returns
    std::string own_token_;   // wins over it
    std::string version_;
};

}  // namespace bkt::influxdb
