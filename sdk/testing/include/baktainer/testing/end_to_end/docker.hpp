// testing/end_to_end/docker.hpp: real containers for tests, through the docker command.
#pragma once

#include <cstdlib>
#include <random>

#include "baktainer/testing/end_to_end/process.hpp"

namespace bkt::testing {

// Why tests that need a daemon and the image cannot run here; empty = they can.
inline std::string why_no_docker(const std::string& image);
// BKT_NEED_IMAGE("postgres:15"): skips the test, saying why, where there is no such thing.
#define BKT_NEED_IMAGE(image)                                                    \
    do {                                                                         \
        if (const auto why = ::bkt::testing::why_no_docker(image); !why.empty()) \
            GTEST_SKIP() << why;                                                 \
    } while (0)

// $DOCKER_HOST, or Docker's default.
inline std::string docker_host();
inline Ended docker(std::vector<std::string> args);
inline std::string must_docker(std::vector<std::string> args);

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

// Whether `script` came to succeed within the limit, run by sh in the container: asked there again and again, for an
// exec costs more than most questions.
inline bool comes_true_in(const std::string& container, const std::string& script,
                          std::chrono::seconds limit = std::chrono::seconds(60));

// A name no other test has.
inline std::string unique_name(const std::string& stem);

// Debian's own client: a newer one in /usr/local/bin may refuse an older daemon.
inline std::string docker_program() {
    return ::access("/usr/bin/docker", X_OK) == 0 ? "/usr/bin/docker" : "docker";
}

inline std::string why_no_docker(const std::string& image) {
    static std::map<std::string, std::string> known;
    if (const auto found = known.find(image); found != known.end()) return found->second;
    std::string why;
    if (const auto asked = docker({"version"}); asked.exit_code != 0)
        why = "no Docker daemon answers at " + docker_host() + " (scripts/lab up)";
    else if (docker({"image", "inspect", image}).exit_code != 0)
        why = "no image '" + image + "' (scripts/lab up)";
    return known[image] = why;
}

inline std::string docker_host() {
    const char* host = std::getenv("DOCKER_HOST");
    return host && *host ? host : "unix:///var/run/docker.sock";
}

inline Ended docker(std::vector<std::string> args) {
    args.insert(args.begin(), docker_program());
    return run(args);
}

inline std::string must_docker(std::vector<std::string> args) {
    args.insert(args.begin(), docker_program());
    return must(args);
}

inline bool comes_true_in(const std::string& container, const std::string& script,
                          std::chrono::seconds limit) {
    constexpr const char* kAsk =
        "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do\n"
        "sh -euc \"$1\" >/dev/null 2>&1 && exit; sleep 0.1 2>/dev/null || sleep 1; done; exit 1";
    const auto until = std::chrono::steady_clock::now() + limit;
    while (docker({"exec", container, "sh", "-c", kAsk, "sh", script}).exit_code != 0) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(100));  // it may be restarting
    }
    return true;
}

inline std::string random_word() {
    static constexpr char kLetters[] = "abcdefghijkmnpqrstuvwxyz23456789";
    std::random_device device;
    std::string word;
    for (int i = 0; i < 12; ++i) word += kLetters[device() % 32];
    return word;
}

inline std::string unique_name(const std::string& stem) {
    return "bkt-" + stem + "-" + random_word();
}

inline Container::Container(const std::string& image, std::vector<std::string> options,
                            std::vector<std::string> command)
    : name_(unique_name("test")) {
    std::vector<std::string> args{"run", "-d", "--name", name_, "--label", "baktainer-test=1"};
    args.insert(args.end(), options.begin(), options.end());
    args.push_back(image);
    args.insert(args.end(), command.begin(), command.end());
    must_docker(args);
}

inline Container::~Container() { docker({"rm", "-fv", name_}); }

inline Ended Container::exec(std::vector<std::string> argv) const {
    argv.insert(argv.begin(), {"exec", name_});
    return docker(argv);
}

inline std::string Container::must_exec(std::vector<std::string> argv) const {
    argv.insert(argv.begin(), {"exec", name_});
    return must_docker(argv);
}

inline std::string Container::must_sh(const std::string& script, const std::string& user) const {
    return must_docker({"exec", "-u", user, name_, "sh", "-euc", script});
}

}  // namespace bkt::testing
