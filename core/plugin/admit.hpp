// plugin/admit.hpp: whether a plugin that was found may be loaded here, how far it is trusted, and where it
// will run. Reads and hashes files; loads nothing.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "baktainer/result.hpp"
#include "core/config/settings.hpp"
#include "core/plugin/quarantine.hpp"
#include "core/plugin/sealed_file.hpp"
#include "core/plugin/search.hpp"
#include "core/plugin/trust.hpp"

namespace bkt::plugin {

enum class Isolation { in_process, worker };

enum class State {
    ready,        // may be loaded
    off,          // the configuration does not name it
    refused,      // something is wrong with it
    quarantined,  // it failed too often
    shadowed,     // one of the same id was found before it
};
std::string_view state_name(State state);
std::string_view isolation_name(Isolation isolation);  // "in-process", "worker"

// What is decided by.
struct Policy {
    config::Settings settings;
    BuiltinList builtins;
    TrustedKeys keys;
    Quarantine quarantine;
    // Reads the list of built-ins, the trusted keys. A list that cannot be read is an error of `problems`
    // and leaves no built-ins.
    static Policy from(config::Settings settings, std::vector<Error>& problems);
};

// A plugin that was found, and what is to be done with it.
struct Admission {
    std::string folder;
    std::string library;  // its path
    Manifest manifest;
    Trust trust = Trust::none;
    std::string key;  // that signed it
    Isolation isolation = Isolation::worker;
    State state = State::refused;
    std::optional<Error> why;  // not ready
    // The bytes that were checked, to be loaded by file->path(). Nothing for what is loaded by `library`:
    // built-ins in this process.
    std::shared_ptr<const SealedFile> file;

    std::string title() const { return "plugin '" + manifest.id + "' in '" + folder + "'"; }
};

Admission admit(const Unit& unit, const Policy& policy);

// All of them, in order; the first of an id counts. `problems` gains what was wrong with those that are
// wanted, and which plugins the configuration names that are not there.
std::vector<Admission> admit_all(const SearchResult& found, const Policy& policy,
                                 std::vector<Error>& problems);

}  // namespace bkt::plugin
