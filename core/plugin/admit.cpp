#include "core/plugin/admit.hpp"

#include <algorithm>
#include <map>

#include "baktainer/abi/abi.h"
#include "core/plugin/elf.hpp"
#include "core/plugin/elf_rules.hpp"
#include "core/plugin/host_libraries.hpp"
#include "core/plugin/safe_path.hpp"

namespace bkt::plugin {

namespace {

constexpr std::size_t kMaxSignatureBytes = 1024;

const config::PluginUse* use_of(const Policy& policy, const std::string& id) {
    const auto found = policy.settings.plugins.find(id);
    return found == policy.settings.plugins.end() ? nullptr : &found->second;
}

Isolation isolation_of(const config::PluginUse* use, Isolation by_itself) {
    if (!use || use->isolation.text == "auto") return by_itself;
    return use->isolation.text == "worker" ? Isolation::worker : Isolation::in_process;
}

std::string signer(const Unit& unit, const Policy& policy) {
    const auto opened = open_entry(unit.folder->get(), unit.path, "plugin.sig");
    if (!opened) return {};
    const auto signature =
        read_text(opened->fd.get(), unit.path + "/plugin.sig", kMaxSignatureBytes);
    if (!signature) return {};
    return policy.keys.who_signed(unit.manifest_text, *signature).value_or("");
}

// The library's hash. What a worker loads comes from memory, also when it came with the program.
Result<std::string> hash_or_seal(int fd, Admission& a) {
    if (a.isolation == Isolation::in_process) return sha256_of(fd, a.library);
    BKT_LET(auto file, SealedFile::read(fd, a.library));
    a.file = std::make_shared<const SealedFile>(std::move(file));
    return a.file->sha256();
}

// Beside the program and in its list. Loaded by its path: debuggers and profilers find it there, and who
// could swap it between here and there could swap the program.
Status admit_builtin(const Unit& unit, const Policy& policy, const std::string& hash,
                     Admission& a) {
    if (unit.unsafe_builtin) return *unit.unsafe_builtin;
    a.isolation = isolation_of(use_of(policy, unit.manifest.id), Isolation::in_process);
    BKT_LET(auto library,
            open_entry(unit.folder->get(), unit.path, unit.manifest.lib, beside_program_owners()));
    if (library.unsafe) return *library.unsafe;
    BKT_LET(const auto is, hash_or_seal(library.fd.get(), a));
    if (is != hash || unit.manifest.sha256 != hash)
        return Error{Code::corrupt, "'" + a.library + "' is not the file that was installed",
                     "install Baktainer again"};
    a.trust = Trust::builtin;
    return {};
}

Status check_trust(const config::PluginUse& use, Admission& a) {
    const auto& want = use.trust.text;
    const auto by_hand = "`baktainer plugin trust " + a.manifest.id + "` says what to write";
    if (want.empty())
        return Error{Code::invalid,
                     use.origin + ": 'plugins.use." + a.manifest.id + "' does not say 'trust'",
                     by_hand};
    if (want == "unsigned") {
        a.trust = Trust::unsigned_code;
    } else if (want == "signed") {
        if (a.key.empty())
            return Error{Code::denied, "no trusted key signed it",
                         "put its author's public key into the folder plugins.trusted_keys, or pin "
                         "it: " +
                             by_hand};
        a.trust = Trust::signed_code;
    } else {
        if (want.substr(7) != a.file->sha256())
            return Error{Code::denied, "its library is not the one that was pinned",
                         "if you updated it, " + by_hand};
        a.trust = Trust::pinned;
    }
    return {};
}

Status check_experimental(const config::PluginUse& use, const Manifest& manifest) {
    for (const auto& id : manifest.experimental)
        if (std::find(use.experimental.begin(), use.experimental.end(), id) ==
            use.experimental.end())
            return Error{Code::denied, "it uses the unfinished part '" + id + "'",
                         "allow it with 'plugins.use." + manifest.id + ".experimental: [" + id +
                             "]', and expect it to break"};
    return {};
}

Status check_library(const Admission& a) {
    const auto& m = a.manifest;
    if (a.file->bytes().size() != m.size_bytes || a.file->sha256() != m.sha256)
        return Error{Code::corrupt, "'" + a.library + "' is not the file its plugin.json describes",
                     "install the plugin again, as its author packed it"};
    BKT_LET(const auto facts, read_elf(a.file->bytes()));
    BKT_TRY(check_elf(facts));
    BKT_TRY(check_host(facts));
    const auto runtime = runtime_of(facts);
    if (a.isolation == Isolation::in_process && (runtime == "libc++" || runtime == "both"))
        return Error{Code::unsupported, "it is built with libc++, which cannot share this process",
                     "set its isolation to worker"};
    return {};
}

Status check_interface(const Manifest& m) {
    if (m.abi_major == 0 && m.abi_min_minor <= BKT_ABI_MINOR) return {};
    return Error{Code::unsupported,
                 "it needs plugin interface " + std::to_string(m.abi_major) + "." +
                     std::to_string(m.abi_min_minor) + ", this program offers 0." +
                     std::to_string(BKT_ABI_MINOR),
                 m.abi_major == 0 ? "update Baktainer" : "install the plugin's build for it"};
}

Status admit_stranger(const Unit& unit, const Policy& policy, Admission& a) {
    const auto& id = unit.manifest.id;
    a.key = signer(unit, policy);
    a.trust = a.key.empty() ? Trust::none : Trust::signed_code;
    if (is_reserved_id(id))
        return Error{
            Code::denied, "its id is one of Baktainer's own, and it is not in plugins.sha256",
            unit.beside_program ? "install Baktainer again" : "ask its author for another id"};
    const auto* use = use_of(policy, id);
    if (!use) {
        a.state = State::off;
        return Error{Code::denied, "the configuration does not name it",
                     "`baktainer plugin trust " + id + "` prints the lines that do"};
    }
    a.trust = Trust::none;
    if (unit.unsafe) return *unit.unsafe;
    a.isolation = isolation_of(use, Isolation::worker);
    BKT_TRY(check_interface(unit.manifest));
    BKT_LET(auto library, open_entry(unit.folder->get(), unit.path, unit.manifest.lib));
    if (library.unsafe) return *library.unsafe;
    BKT_LET(auto file, SealedFile::read(library.fd.get(), a.library));
    a.file = std::make_shared<const SealedFile>(std::move(file));
    BKT_TRY(check_trust(*use, a));
    BKT_TRY(check_library(a));
    return check_experimental(*use, unit.manifest);
}

Status check_quarantine(const Policy& policy, Admission& a) {
    const auto& id = a.manifest.id;
    BKT_LET(const bool out, policy.quarantine.is_quarantined(id));
    if (!out) return {};
    a.state = State::quarantined;
    BKT_LET(const auto faults, policy.quarantine.faults(id));
    return Error{Code::fault, "it failed too often, the last time with: " + faults.back().what,
                 "update or repair it, then `baktainer plugin reset " + id + "`"};
}

void add_missing(const std::vector<Admission>& all, const Policy& policy,
                 std::vector<Error>& problems) {
    for (const auto& [id, use] : policy.settings.plugins)
        if (std::none_of(all.begin(), all.end(),
                         [&, name = id](const auto& a) { return a.manifest.id == name; }))
            problems.push_back(
                {Code::not_found,
                 use.origin + ": plugin '" + id + "' is named in the configuration and not there",
                 "install it as '/usr/local/lib/baktainer/plugins/" + id +
                     "', or take 'plugins.use." + id + "' out"});
}

}  // namespace

std::string_view state_name(State state) {
    switch (state) {
        case State::ready: return "ready";
        case State::off: return "off";
        case State::refused: return "refused";
        case State::quarantined: return "quarantined";
        case State::shadowed: return "shadowed";
    }
    return "refused";
}

std::string_view isolation_name(Isolation isolation) {
    return isolation == Isolation::worker ? "worker" : "in-process";
}

Policy Policy::from(config::Settings settings, std::vector<Error>& problems) {
    auto builtins = BuiltinList::read(builtin_folder());
    if (!builtins) problems.push_back(builtins.error());
    auto keys = TrustedKeys::read(settings.text("plugins.trusted_keys"));
    for (const auto& problem : keys.problems()) problems.push_back(problem);
    Quarantine quarantine(settings.text("state_dir"));
    return {std::move(settings), std::move(builtins).value_or({}), std::move(keys),
            std::move(quarantine)};
}

Admission admit(const Unit& unit, const Policy& policy) {
    Admission a;
    a.folder = unit.path;
    a.library = unit.library_path();
    a.manifest = unit.manifest;
    const auto hash = unit.beside_program
                          ? policy.builtins.find(unit.manifest.id, unit.manifest.lib)
                          : std::nullopt;
    auto ok = hash ? admit_builtin(unit, policy, *hash, a) : admit_stranger(unit, policy, a);
    if (ok) ok = check_quarantine(policy, a);
    if (ok) a.state = State::ready;
    else a.why = std::move(ok).error().within(a.title());
    return a;
}

std::vector<Admission> admit_all(const SearchResult& found, const Policy& policy,
                                 std::vector<Error>& problems) {
    std::vector<Admission> all;
    std::map<std::string, std::string> first;  // id -> folder
    for (const auto& unit : found.units) {
        auto a = admit(unit, policy);
        if (const auto [there, fresh] = first.emplace(a.manifest.id, a.folder); !fresh) {
            a.state = State::shadowed;
            a.file.reset();
            a.why = Error{Code::conflict,
                          a.title() + " is there again; the one in '" + there->second + "' counts",
                          "remove one of the two"};
        }
        if (a.why && a.state != State::off) problems.push_back(*a.why);
        all.push_back(std::move(a));
    }
    add_missing(all, policy, problems);
    return all;
}

}  // namespace bkt::plugin
