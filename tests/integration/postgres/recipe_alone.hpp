// tests/integration/postgres/recipe_alone.hpp: RESTORE.txt followed by hand, without Baktainer.
#pragma once

#include <filesystem>
#include <fstream>

#include "tests/integration/postgres/postgres_box.hpp"

namespace bkt::test {

// Of the only backup: steps 1-3 here, step 4 where psql and pg_restore are, in `fresh`.
inline void restore_by_recipe(const Baktainer& program, const PostgresBox& fresh) {
    const auto stored = std::filesystem::path(program.stored().front()).parent_path().string();
    const auto folder = program.store() + "/" + stored;
    std::ifstream recipe(folder + "/RESTORE.txt");
    std::string line, here = "set -eu\n", there = "set -eu\n";
    for (bool last = false; std::getline(recipe, line);) {
        last = last || line.starts_with("4.");
        if (line.starts_with("   ")) (last ? there : here) += line.substr(3) + "\n";
    }
    must({"sh", "-c", "cd \"$1\" && sh -c \"$2\"", "sh", folder, here});
    must_docker({"cp", folder, fresh.name() + ":/tmp/backup"});
    fresh.box().must_sh("chmod -R a+rX /tmp/backup");
    const auto done =
        docker({"exec", "-u", "postgres", "-w", "/tmp/backup", fresh.name(), "sh", "-c", there});
    EXPECT_EQ(done.exit_code, 0) << there << done.err;
}

}  // namespace bkt::test
