// The reference pages are made from the tables in the code. This test holds them equal; run it with
// UPDATE_GOLDEN=1 to renew them, and review the diff.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "core/base/exit_code.hpp"
#include "core/config/key_table.hpp"
#include "core/config/label_table.hpp"
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

const char* type_name(LabelType type) {
    switch (type) {
        case LabelType::boolean: return "boolean";
        case LabelType::slug: return "name of 1–64 letters, digits, `.` `_` `-`";
        case LabelType::text: return "text";
        case LabelType::list: return "list, comma-separated";
        case LabelType::port: return "port, 1–65535";
        case LabelType::duration: return "duration, e.g. `30m`";
        case LabelType::compress: return "compression";
        case LabelType::secret_ref: return "reference to a secret";
        case LabelType::secret: return "secret";
        case LabelType::choice: return "one of the choices";
        case LabelType::rate: return "bytes a second, e.g. `20MiB`";
        case LabelType::later: return "not in this version";
    }
    return "";
}

std::string labels_page() {
    std::string page =
        std::string(kMade) +
        "# Labels and job settings\n\nWritten as container label `baktainer.<key>`, for one of "
        "several jobs `baktainer.job.<id>.<key>`, and under `defaults:` in the configuration. "
        "No value may be longer than " +
        std::to_string(kMaxLabelBytes) +
        " bytes or hold a control character. A bad value blocks the target; an unknown key is "
        "a warning.\n\n| key | type | default | older spellings | what it says "
        "|\n|---|---|---|---|---|\n";
    for (const auto& row : kLabels) {
        const auto type = std::string(type_name(row.type)) +
                          (row.choices.empty() ? "" : ": `" + std::string(row.choices) + "`");
        page += "| `" + std::string(row.key) + "` | " + type + " | " + code(row.fallback) + " | " +
                code(row.old) + " | " + cell(row.doc) + " |\n";
    }
    return page;
}

std::string configuration_page() {
    std::string page = std::string(kMade) +
                       "# Configuration keys\n\nThe named blocks `stores:`, `discovery:` and "
                       "`notifiers:` hold their "
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
