// command_secrets.hpp: asks a program of this machine for a secret: pass, vault, op, sops, aws, gcloud...
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "baktainer/schema.hpp"
#include "baktainer/secrets.hpp"

namespace bkt::command_secrets {

// The program is run as it stands, without a shell; "{}" in its words stands for the reference. What it writes
// is the secret, but for one newline at the end. Whoever may label a container chooses the reference, so it is
// never taken for an option, and `allow` says which ones are asked for.
class CommandSecrets final : public Secrets {
public:
    static constexpr std::array needs{BKT_SERVICE_EXEC};
    static std::vector<Field> config();
    static Result<std::unique_ptr<CommandSecrets>> create(Call& call);

    CommandSecrets(std::vector<std::string> command, std::vector<std::string> allow)
        : command_(std::move(command)), allow_(std::move(allow)) {}

    Result<SecretValue> resolve(Call& call, std::string_view ref) override;
    Result<std::string> health(Call& call) override;

private:
    Status check(const std::string& ref) const;

    std::vector<std::string> command_;
    std::vector<std::string> allow_;  // patterns of glob(7), "*" matching '/' too
};

}  // namespace bkt::command_secrets
