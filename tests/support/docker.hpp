// tests/support/docker.hpp: real containers for tests, through the docker command.
#pragma once

#include <string>
#include <vector>

#include "tests/support/process.hpp"

namespace bkt::test {

// Why tests that need a daemon and the image cannot run here; empty = they can.
std::string why_no_docker(const std::string& image);
// BKT_NEED_IMAGE("postgres:15"): skips the test, saying why, where there is no such thing.
#define BKT_NEED_IMAGE(image)                                                                      \
    do {                                                                                           \
        if (const auto why = ::bkt::test::why_no_docker(image); !why.empty()) GTEST_SKIP() << why; \
    } while (0)

// $DOCKER_HOST, or Docker's default.
std::string docker_host();
Ended docker(std::vector<std::string> args);
std::string must_docker(std::vector<std::string> args);

// A container of this test's own, removed with its volumes when it goes.
class Container final {
public:
    // `options`: what stands between "docker run -d --name N" and the image.
    Container(const std::string& image, std::vector<std::string> options,
              std::vector<std::string> command = {});
    ~Container();
    Container(const Container&) = delete;
    Container& operator=(const Container&) = delete;

    const std::string& name() const { return name_; }
    Ended exec(std::vector<std::string> argv) const;
    std::string must_exec(std::vector<std::string> argv) const;
    // Runs `script` with sh in the container, as `user`.
    std::string must_sh(const std::string& script, const std::string& user = "root") const;

private:
    std::string name_;
};

// A name no other test has.
std::string unique_name(const std::string& stem);

}  // namespace bkt::test
