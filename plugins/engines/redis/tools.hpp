// tools.hpp: the target's own redis-cli (or valkey-cli, keydb-cli), run with the job's connection and password.
//
// The password travels in the environment of the one program (REDISCLI_AUTH), never in an argv. A refused
// command is exit 0 with the refusal as its answer, and "-e", which would change that, is unknown before 7.0:
// so every answer is looked at for what it must begin with.
#pragma once

#include "baktainer/exec.hpp"
#include "plugins/engines/redis/settings.hpp"

namespace bkt::redis {

class Tools final {  // Valid for one call.
public:
    // Finds the client program. Code::unsupported when there is none.
    static Result<Tools> create(Call& call, Settings settings);

    const Settings& settings() const { return settings_; }
    const Call& call() const { return call_; }
    // "redis", "valkey" or "keydb": what the image's programs begin with.
    const std::string& family() const { return family_; }
    std::string client() const { return family_ + "-cli"; }
    const std::string& client_version() const { return client_version_; }

    // The client with the connection's options and then `words`.
    Exec run(std::vector<std::string> words) const;
    // Any program with the password where the client looks for it.
    Exec with_password(std::vector<std::string> argv) const;
    // The answer to a command, which must begin with `begin`; otherwise what the server refused.
    Result<std::string> ask(std::vector<std::string> words, std::string_view begin) const;
    // For a server that has no password although a setting names one: it refuses any.
    void forget_password() { password_ = {}; }
    bool has_password() const { return !password_.empty(); }

private:
    Tools(Call& call, Settings settings, std::string_view password)
        : call_(call), settings_(std::move(settings)), password_(password) {}

    Call call_;
    Settings settings_;
    std::string_view password_;  // borrowed until the call returns
    std::string family_, client_version_;
};

// The server's words as an error a caller can act on.
Error explain(std::string_view doing, std::string_view said);
// Whether they say that the server knows no password at all.
bool wants_no_password(std::string_view said);

}  // namespace bkt::redis
