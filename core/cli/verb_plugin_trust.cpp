// `plugin trust` and `plugin reset`: what an operator decides about a plugin. Neither writes the
// configuration: that file is the operator's.
#include <fcntl.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "core/cli/plugins.hpp"
#include "core/cli/verbs.hpp"

namespace bkt::cli {

namespace {

namespace fs = std::filesystem;
using base::Exit;

struct Subject {
    plugin::Manifest manifest;
    std::string manifest_text, folder, library;
};

Result<std::string> read_file(const std::string& path) {
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!fd) return Error{Code::not_found, "cannot open '" + path + "': " + std::strerror(errno)};
    return plugin::read_text(fd.get(), path, plugin::kMaxManifestBytes);
}

// A plugin by a path: its folder, or a file in it.
Result<Subject> subject_at(const std::string& path) {
    Subject s;
    s.folder = fs::is_directory(path) ? path : fs::absolute(path).parent_path().string();
    auto text = read_file(s.folder + "/plugin.json");
    if (!text)
        return Error{Code::not_found, text.error().message,
                     "`baktainer-plugin-host --describe LIBRARY --output plugin.json` makes it; it "
                     "runs the library's code to do so"};
    s.manifest_text = *std::move(text);
    auto manifest = plugin::parse_manifest(s.manifest_text);
    if (!manifest) return std::move(manifest).error().within("'" + s.folder + "/plugin.json'");
    s.manifest = *std::move(manifest);
    s.library = s.folder + "/" + s.manifest.lib;
    return s;
}

Result<Subject> find_subject(Session& session, const std::string& what) {
    std::error_code ec;
    if (what.find('/') != what.npos || fs::exists(what, ec)) return subject_at(what);
    BKT_LET(const auto settings, session.settings());
    BKT_LET(const auto dev_path, session.dev_path());
    const auto found = survey(settings, dev_path);
    BKT_LET(const auto* admission, find_plugin(found, what));
    return subject_at(admission->folder);
}

// The hash of the library as it lies there, which must be the one its manifest tells.
Result<std::string> hash_of(const Subject& s) {
    const UniqueFd fd(::open(s.library.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!fd)
        return Error{Code::not_found, "cannot open '" + s.library + "': " + std::strerror(errno)};
    BKT_LET(const auto hash, plugin::sha256_of(fd.get(), s.library));
    if (hash == s.manifest.sha256) return hash;
    return Error{Code::corrupt, "'" + s.library + "' is not the file its plugin.json describes",
                 "install the plugin again, as its author packed it"};
}

std::string yaml_for(const Subject& s, const std::string& hash) {
    std::string text =
        "plugins:\n  use:\n    " + s.manifest.id + ":\n      trust: sha256:" + hash + "\n";
    std::string list;
    for (const auto& id : s.manifest.experimental) list += (list.empty() ? "" : ", ") + id;
    if (!list.empty()) text += "      experimental: [" + list + "]\n";
    return text;
}

Exit show_trust(Session& session, const Subject& s, const std::string& hash) {
    auto& console = session.console();
    if (plugin::is_reserved_id(s.manifest.id))
        return console.fail(
            {Code::invalid, "plugin '" + s.manifest.id + "' is one of Baktainer's own",
             "it needs no lines; `baktainer plugin info " + s.manifest.id + "` shows its hash"});
    console.line(s.manifest.id + " " + s.manifest.version + "\nsha256 " + hash +
                 "\n\nTo let it run, compare the hash with what its author tells, and add to the "
                 "configuration:\n\n" +
                 yaml_for(s, hash) +
                 "\nOr, when its author signs it: put his public key into the folder "
                 "plugins.trusted_keys and write 'trust: signed'.");
    console.object({{"message_type", "plugin_trust"},
                    {"id", s.manifest.id},
                    {"version", s.manifest.version},
                    {"sha256", hash},
                    {"yaml", yaml_for(s, hash)}});
    return Exit::ok;
}

Exit sign_it(Session& session, const Subject& s, const std::string& key_file) {
    auto& console = session.console();
    const auto signature = plugin::sign(s.manifest_text, key_file);
    if (!signature) return console.fail(signature.error());
    const auto path = s.folder + "/plugin.sig";
    std::ofstream out(path, std::ios::binary);
    out << *signature;
    out.close();
    if (!out) return console.fail({Code::failed, "cannot write '" + path + "'"});
    console.line("signed: " + path);
    console.object({{"message_type", "plugin_signed"}, {"id", s.manifest.id}, {"path", path}});
    return Exit::ok;
}

Exit trust(Session& session, const std::string& what, const std::string& key_file) {
    auto& console = session.console();
    auto subject = find_subject(session, what);
    if (!subject) return console.fail(subject.error());
    const auto hash = hash_of(*subject);
    if (!hash) return console.fail(hash.error());
    return key_file.empty() ? show_trust(session, *subject, *hash)
                            : sign_it(session, *subject, key_file);
}

Exit reset(Session& session, const std::string& id) {
    auto& console = session.console();
    auto settings = session.settings();
    if (!settings) return console.fail(settings.error());
    const auto removed = plugin::Quarantine(settings->text("state_dir")).reset(id);
    if (!removed) return console.fail(removed.error());
    if (!*removed)
        return console.fail({Code::not_found, "plugin '" + id + "' has no record of faults",
                             "`baktainer plugin list` shows which plugins are in quarantine"});
    console.line("plugin '" + id + "' may run again");
    console.object({{"message_type", "plugin_reset"}, {"id", id}});
    return Exit::ok;
}

}  // namespace

void add_plugin_trust(CLI::App& verb, Action& action) {
    auto* inner = verb.add_subcommand(
        "trust", "Print a plugin's hash and the configuration lines that allow it, or sign it");
    auto what = std::make_shared<std::string>();
    auto key = std::make_shared<std::string>();
    inner->add_option("PLUGIN", *what, "Its id, its folder, or a file in it")->required();
    inner->add_option("--sign", *key,
                      "Write plugin.sig beside plugin.json with this Ed25519 private key (PEM)");
    inner->footer(
        "An author makes a key pair once, signs each release, and gives away public.pem:\n"
        "  openssl genpkey -algorithm ed25519 -out private.pem && chmod 600 private.pem\n"
        "  openssl pkey -in private.pem -pubout -out public.pem\n"
        "  baktainer plugin trust ./com.acme.x --sign private.pem");
    inner->callback([&action, what, key] {
        action = [what, key](Session& s) { return trust(s, *what, *key); };
    });
}

void add_plugin_reset(CLI::App& verb, Action& action) {
    auto* inner = verb.add_subcommand(
        "reset",
        "Let a plugin run again that is in quarantine for failing three times in ten minutes");
    auto id = std::make_shared<std::string>();
    inner->add_option("ID", *id, "The plugin's id")->required();
    inner->callback([&action, id] { action = [id](Session& s) { return reset(s, *id); }; });
}

}  // namespace bkt::cli
