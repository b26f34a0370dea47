// worker/checker.hpp: runs the cases of the conformance suite against a plugin's library, each in a process
// of its own with a limit, so that what one breaks is the finding of that one.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "core/plugin/sealed_file.hpp"

namespace bkt::plugin::worker {

struct CheckCase {
    std::string kind;  // of the component
    std::string name;
    std::string title;  // of the case, a claim
    int level = 0;
};

struct CheckResult {
    std::vector<std::string> findings{};  // empty = passed
    std::vector<std::string> tried{};     // system calls that a plugin's sandbox refuses
    std::string unwatched{};              // why `tried` cannot be known; "" = it is
    std::uint64_t rounds = 0;             // of random inputs
    std::chrono::milliseconds took{};
};

struct CheckOptions {
    std::map<std::string, std::string> config, secrets;  // the instances' settings
    std::uint64_t seed = 0;
    std::chrono::milliseconds limit{60'000};  // a case
    std::chrono::milliseconds random_time{
        5'000};  // random inputs, of each component; beyond the limit
};

class Checker final {
public:
    // Reads `file` once; what is checked are these bytes.
    static Result<Checker> open(const std::string& file, std::string program, CheckOptions options);

    // Level 0: the file itself. What it says without being loaded.
    std::vector<std::string> check_file() const;
    // Every case of every component. Code::fault: it cannot even be loaded.
    Result<std::vector<CheckCase>> list() const;
    CheckResult run(const CheckCase& one) const;

private:
    Checker(SealedFile library, std::string file, std::string program, CheckOptions options)
        : library_(std::move(library)),
          file_(std::move(file)),
          program_(std::move(program)),
          options_(std::move(options)) {}

    SealedFile library_;
    std::string file_, program_;
    CheckOptions options_;
};

}  // namespace bkt::plugin::worker
