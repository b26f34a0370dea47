// tests/support/baktainer.hpp: the program under test, with a home of its own: configuration, store,
// state.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

namespace bkt::test {

class Baktainer final {
public:
    // `discovery`: the YAML below "discovery:", indented by two blanks.
    explicit Baktainer(std::string discovery);

    const std::string& home() const { return dir_.path(); }
    std::string store() const { return store_; }
    void set_store(const std::string& path) { store_ = path, write_config(); }
    // More lines for the configuration, e.g. "defaults: { compress: none }".
    void configure(const std::string& yaml) { more_ = yaml, write_config(); }

    Ended run(std::vector<std::string> args) const;
    std::unique_ptr<Process> start(std::vector<std::string> args) const;
    // Of `backups --output json`, each line's "id"; newest last.
    std::vector<std::string> ids() const;
    // Files in the store, relative, sorted; RESTORE.txt at its root is left out.
    std::vector<std::string> stored() const;
    // Every byte this program keeps (store, state, and `ended`'s output) searched for a text.
    bool keeps(const std::string& text) const;

    // The build's program: $BAKTAINER, set by ctest.
    static std::string program();

private:
    void write_config() const;
    TempDir dir_;
    std::string discovery_, store_, more_;
};

}  // namespace bkt::test
