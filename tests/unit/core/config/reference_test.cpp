// The reference pages are made from the tables in the code. This test holds them equal; run it with
// UPDATE_GOLDEN=1 to renew them, and review the diff.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "core/base/exit_code.hpp"
#include "core/config/key_table.hpp"
#include "core/config/label_words.hpp"
#include "core/run/event.hpp"

namespace bkt::config {
namespace {

constexpr const char* kMade =
    "<!-- Made from the tables in the code by tests/unit/core/config/reference_test.cpp; do not "
    "edit. "
    "-->\n\n";

std::string cell(std::string_view text) {
    std::string out;
    for (const char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c);
    return out.empty() ? "–" : out;
}

std::string code(std::string_view text) { return text.empty() ? "–" : "`" + cell(text) + "`"; }

std::string label_cells(const LabelRow& row) {
    std::string old;
    for (const auto& words : old_words(row)) old += (old.empty() ? "" : ", ") + words;
    return "| `" + std::string(row.key) + "` | " + type_words(row) + " | " +
           cell(bounds_words(row)) + " | " + code(row.fallback) + " | " + engines_words(row) +
           " | " + cell(old) + " | " + (row.later ? "*Not in this version.* " : "") +
           cell(row.help) + " | " + code(row.example) + " |\n";
}

std::string labels_page() {
    std::string page =
        std::string(kMade) +
        "# Labels and job settings\n\nWritten as container label `baktainer.<key>`, for one of "
        "several jobs `baktainer.job.<id>.<key>`, and under `defaults:` in the configuration. A "
        "job's own label wins over a bare one, that over `defaults:`, that over what the image "
        "says, that over the defaults below.\n\nA bad value blocks the target; an unknown key is a "
        "warning with the "
        "nearest known one, and so is a key that says nothing to the target's engine. No value "
        "holds a control character. `baktainer labels explain` prints this table, `labels example "
        "ENGINE` a compose file to start from, `labels check FILE` what is wrong with yours.\n\n"
        "| key | type | bounds | default | engines | older spellings | what it says | example "
        "|\n|---|---|---|---|---|---|---|---|\n";
    for (const auto& row : kLabels) page += label_cells(row);
    page += "\n## Names of engines\n\n| `db.engine` | also written |\n|---|---|\n";
    for (const auto& engine : kEngineNames)
        page += "| `" + std::string(engine.name) + "` | " + code(engine.aliases) + " |\n";
    return page +
           "\n## References to secrets\n\n"
           "`db.secret` says where the password is, never what it is:\n\n"
           "| reference | read from |\n|---|---|\n"
           "| `env:VAR` | the container's environment |\n"
           "| `file:/path` | a file in the container |\n"
           "| `docker-secret:NAME` | `/run/secrets/NAME` in the container |\n"
           "| `host-file:/path` | a file on the machine Baktainer runs on |\n"
           "| `credential:NAME` | a systemd credential of Baktainer's service |\n"
           "| `PROVIDER:NAME` | a provider under `secrets:` in the configuration, e.g. [a "
           "program](../../plugins/secrets/command/README.md) |\n"
           "\n## Commands\n\n`command` and `command.validate` are run as they stand, without a "
           "shell: a JSON array of words, or words quoted as for a shell. Nothing is expanded; an "
           "unquoted `$`, `*`, `|`, `>` and the like is refused.\n";
}

std::string configuration_page() {
    std::string page = std::string(kMade) +
                       "# Configuration keys\n\nThe named blocks `stores:`, `discovery:`, "
                       "`notifiers:` and `secrets:` hold their "
                       "plugin's own options besides `type:`; `defaults:` holds [job "
                       "settings](labels.md). `BT_DOCKER_URL`, "
                       "`BT_BACKUP_DIR` and `BT_COMPRESS` are read as the origin read them.\n\n"
                       "| key | default | variable | what it says |\n|---|---|---|---|\n";
    for (const auto& row : kKeys)
        page += "| `" + std::string(row.key) + "` | " + code(row.fallback) + " | " + code(row.env) +
                " | " + cell(row.doc) +
                (row.choices.empty() ? "" : " One of `" + std::string(row.choices) + "`.") + " |\n";
    page +=
        "\n## Plugins\n\nA plugin that did not come with Baktainer is loaded only when it has a "
        "block "
        "`plugins.use.<plugin id>`:\n\n| key | default | what it says |\n|---|---|---|\n";
    for (const auto& row : kPluginUseKeys)
        page += "| `" + std::string(row.key) + "` | " + code(row.fallback) + " | " + cell(row.doc) +
                (row.choices.empty() ? "" : " One of `" + std::string(row.choices) + "`.") + " |\n";
    page +=
        "\n## `notifiers.<name>`\n\nBeside these the block holds its plugin's own options. Any of "
        "them "
        "may be given from a file, as `<option>_file: /path`; a secret only so, or as `env:NAME` "
        "or `credential:NAME`.\n\n| key | default | what it says |\n|---|---|---|\n";
    for (const auto& row : kNotifierKeys)
        page += "| `" + std::string(row.key) + "` | " + code(row.fallback) + " | " + cell(row.doc) +
                " |\n";
    return page;
}

std::string exit_codes_page() {
    std::string page =
        std::string(kMade) + "# Exit codes\n\n| code | word | meaning |\n|---|---|---|\n";
    for (const auto& row : base::kExitCodes)
        page += "| " + std::to_string(static_cast<int>(row.code)) + " | " + std::string(row.word) +
                " | " + cell(row.meaning) + " |\n";
    return page;
}

std::string events_page() {
    static constexpr const char* kWords[] = {"info", "warning", "error"};
    std::string page = std::string(kMade) +
                       "# Events\n\nWith `--output json` each is one line with `message_type: "
                       "event`.\n\n| event | severity | fields | meaning |\n|---|---|---|---|\n";
    for (const auto& row : run::kEvents)
        page += "| `" + std::string(row.id) + "` | " + kWords[static_cast<int>(row.severity)] +
                " | " + code(row.fields) + " | " + cell(row.meaning) + " |\n";
    return page;
}

TEST(ReferencePages, SayWhatTheTablesSay) {
    const struct {
        const char* file;
        std::string page;
    } kPages[] = {{"labels.md", labels_page()},
                  {"configuration.md", configuration_page()},
                  {"exit-codes.md", exit_codes_page()},
                  {"events.md", events_page()}};
    for (const auto& [file, page] : kPages) {
        const std::string path = std::string(BAKTAINER_SOURCE_DIR) + "/docs/reference/" + file;
        if (std::getenv("UPDATE_GOLDEN")) std::ofstream(path) << page;
        std::stringstream there;
        there << std::ifstream(path).rdbuf();
        EXPECT_EQ(there.str(), page) << path << " is out of date: run with UPDATE_GOLDEN=1";
    }
}

}  // namespace
}  // namespace bkt::config
