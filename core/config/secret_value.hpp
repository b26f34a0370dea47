// config/secret_value.hpp: reads secrets that lie on this machine: in a file, in this process's environment,
// in systemd's credentials. Nothing is kept.
#pragma once

#include <string>
#include <string_view>

#include "baktainer/result.hpp"
#include "core/base/secret.hpp"

namespace bkt::config {

// All of the file. Code::not_found, Code::denied, Code::invalid above 64 KiB.
Result<std::string> read_secret_file(const std::string& path);

// One trailing newline is not part of a secret in a file; an empty secret is an error that names `where`.
Result<base::Secret> trimmed_secret(std::string content, std::string_view where);

// A systemd credential of this process.
Result<base::Secret> read_credential(const std::string& name);

// Whether `reference` is one of "file:/path", "env:NAME", "credential:NAME".
bool is_secret_reference(std::string_view reference);
// What it refers to.
Result<base::Secret> read_secret(std::string_view reference);

}  // namespace bkt::config
