#include "core/archive/restore_txt.hpp"

#include "core/archive/layers.hpp"

namespace bkt::archive {

std::string restore_text(const Manifest& m, const std::string& recipe) {
    std::string text =
        "How to restore this backup without Baktainer\n"
        "============================================\n\n"
        "Backup " +
        m.id + " of '" + m.target.name + "' (" + m.engine + "), made " + base::rfc3339(m.created) +
        ".\nIt counts only if manifest.json lies beside this file.\n\n"
        "Run the commands below in this folder, with a POSIX shell, coreutils"
        " and zstd or gzip where a\npart ends in .zst or .gz.\n\n"
        "1. Check that the parts are what was stored:\n\n";
    for (const auto& part : m.parts)
        text += "   echo '" + part.stored.sha256 + "  " + part.object + "' | sha256sum -c -\n";
    text += "\n2. Make them plain again:\n\n";
    for (const auto& part : m.parts)
        if (!part.layers.empty())
            text += "   " + decode_command("'" + part.object + "'", part.layers) + " > '" +
                    part.name + "'\n";
        else text += "   # '" + part.name + "' is stored plain\n";
    text += "\n3. Check the plain bytes:\n\n";
    for (const auto& part : m.parts)
        text += "   echo '" + part.plain.sha256 + "  " + part.name + "' | sha256sum -c -\n";
    text += "\n4. Put them back:\n\n";
    std::string_view rest = recipe;
    while (!rest.empty()) {
        const auto end = rest.find('\n');
        const auto line = rest.substr(0, end);
        text += line.empty() ? "\n" : "   " + std::string(line) + "\n";
        rest = end == rest.npos ? std::string_view{} : rest.substr(end + 1);
    }
    return text;
}

std::string store_text() {
    return "Backups made by Baktainer\n"
           "=========================\n\n"
           "Every backup is one folder: <host>/<target>/<job>/<time>-<id>/. It is complete if, and "
           "only if,\n"
           "manifest.json lies in it. Its RESTORE.txt has the exact commands that restore it with "
           "standard\n"
           "tools alone: sha256sum, zstd or gzip, and the database's own client. Nothing else is "
           "needed: no\n"
           "Baktainer, no catalogue, no key that is not named there.\n";
}

}  // namespace bkt::archive
