// cli/junit.hpp: results as JUnit XML, which every CI system reads.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "baktainer/result.hpp"

namespace bkt::cli {

class Junit final {
public:
    explicit Junit(std::string suite) : suite_(std::move(suite)) {}
    void add(const std::string& group, const std::string& name,
             const std::vector<std::string>& findings, std::chrono::milliseconds took,
             const std::vector<std::string>& notes = {});
    // Of the whole suite.
    void set(const std::string& property, const std::string& value);
    Status write(const std::string& file) const;
    std::string text() const;

private:
    std::string suite_, cases_, properties_;
    unsigned count_ = 0, failed_ = 0;
};

}  // namespace bkt::cli
