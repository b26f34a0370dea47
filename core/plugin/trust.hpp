// plugin/trust.hpp: whose code may run here, and how that is known.
//
// builtin   came with this program: its library's hash is in plugins.sha256, beside the plugins' folder
// signed    plugin.sig is an Ed25519 signature over plugin.json, which holds the library's hash, by a key
//           in the folder of trusted keys
// pinned    the operator wrote the library's sha256 into the configuration
// unsigned  the operator allows it as it is; always isolated
//
// Why a list of hashes for built-ins: /usr/lib/baktainer/plugins may hold strangers' plugins next to ours,
// and an upgrade cut short may leave files of two versions. The list is as safe as the program it lies
// beside; it is no wall against whoever may write both (docs/decisions/0005).
#pragma once

#include <openssl/evp.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "baktainer/result.hpp"

namespace bkt::plugin {

enum class Trust { none, unsigned_code, pinned, signed_code, builtin };
// "none", "unsigned", "pinned", "signed", "builtin".
std::string_view trust_name(Trust trust);

// plugins.sha256, in the form of sha256sum(1): "<hash>  plugins/<id>/<library>".
class BuiltinList final {
public:
    BuiltinList() = default;
    // Of the folder that holds `plugins_folder`. None there = no built-ins.
    static Result<BuiltinList> read(const std::string& plugins_folder);

    // The hash that library was built with; nothing when it is not listed.
    std::optional<std::string> find(const std::string& id, const std::string& library) const;

private:
    std::map<std::string, std::string> hashes_;  // by "<id>/<library>"
};

using Key = std::shared_ptr<EVP_PKEY>;

// The public keys an operator trusts.
class TrustedKeys final {
public:
    // Every *.pem of `folder`, which need not exist. A file somebody else could have written, or that is no
    // Ed25519 public key, counts for nothing and is a problem.
    static TrustedKeys read(const std::string& folder);

    // The name of the key that made `signature` over `text`; nothing = none of them.
    std::optional<std::string> who_signed(std::string_view text, std::string_view signature) const;
    const std::vector<Error>& problems() const { return problems_; }

private:
    std::map<std::string, Key> keys_;  // by file name
    std::vector<Error> problems_;
};

// 64 bytes, as `openssl pkeyutl -sign -rawin` makes them. `key_file`: an Ed25519 private key in PEM without
// a passphrase, readable by its owner alone.
Result<std::string> sign(std::string_view text, const std::string& key_file);

}  // namespace bkt::plugin
