#include "tests/support/docker.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <map>

#include "core/base/random_id.hpp"

namespace bkt::test {

namespace {

// Debian's own client: a newer one in /usr/local/bin may refuse an older daemon.
std::string program() {
    return ::access("/usr/bin/docker", X_OK) == 0 ? "/usr/bin/docker" : "docker";
}

}  // namespace

std::string why_no_docker(const std::string& image) {
    static std::map<std::string, std::string> known;
    if (const auto found = known.find(image); found != known.end()) return found->second;
    std::string why;
    if (const auto asked = docker({"version"}); asked.exit_code != 0)
        why = "no Docker daemon answers at " + docker_host() + " (scripts/lab up)";
    else if (docker({"image", "inspect", image}).exit_code != 0)
        why = "no image '" + image + "' (scripts/lab up)";
    return known[image] = why;
}

std::string docker_host() {
    const char* host = std::getenv("DOCKER_HOST");
    return host && *host ? host : "unix:///var/run/docker.sock";
}

Ended docker(std::vector<std::string> args) {
    args.insert(args.begin(), program());
    return run(args);
}

std::string must_docker(std::vector<std::string> args) {
    args.insert(args.begin(), program());
    return must(args);
}

std::string unique_name(const std::string& stem) { return "bkt-" + stem + "-" + base::random_id(); }

Container::Container(const std::string& image, std::vector<std::string> options,
                     std::vector<std::string> command)
    : name_(unique_name("test")) {
    std::vector<std::string> args{"run", "-d", "--name", name_, "--label", "baktainer-test=1"};
    args.insert(args.end(), options.begin(), options.end());
    args.push_back(image);
    args.insert(args.end(), command.begin(), command.end());
    must_docker(args);
}

Container::~Container() { docker({"rm", "-fv", name_}); }

Ended Container::exec(std::vector<std::string> argv) const {
    argv.insert(argv.begin(), {"exec", name_});
    return docker(argv);
}

std::string Container::must_exec(std::vector<std::string> argv) const {
    argv.insert(argv.begin(), {"exec", name_});
    return must_docker(argv);
}

std::string Container::must_sh(const std::string& script, const std::string& user) const {
    return must_docker({"exec", "-u", user, name_, "sh", "-euc", script});
}

}  // namespace bkt::test
