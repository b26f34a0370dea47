// The container engine itself goes away in the middle of a dump.
#include <signal.h>

#include <filesystem>
#include <sstream>

#include "tests/integration/postgres/postgres_box.hpp"

namespace bkt::test {
namespace {

namespace fs = std::filesystem;

// A daemon of this test's own, so that stopping it harms nobody.
class OwnDaemon final {
public:
    OwnDaemon() {
        const auto made = run({lab(), "daemon", "--name", kName});
        if (made.exit_code == 0) images_ = run({lab(), "images", "--name", kName, kPostgresImage});
        std::istringstream lines(made.out);
        for (std::string line; std::getline(lines, line);)
            if (line.starts_with("export DOCKER_HOST=")) host_ = line.substr(19);
    }
    ~OwnDaemon() { stop(); }
    void stop() { run({lab(), "stop", "--name", kName}); }
    // Why it cannot be used; empty = it can.
    std::string why_not() const {
        if (host_.empty())
            return "no second Docker daemon can be started here (scripts/lab daemon)";
        return images_.exit_code == 0 ? "" : "no image " + std::string(kPostgresImage) + " in it";
    }
    const std::string& host() const { return host_; }
    std::string docker(std::vector<std::string> args) const {
        args.insert(args.begin(), {"-H", host_});
        return must_docker(args);
    }

private:
    static std::string lab() { return BAKTAINER_SOURCE_DIR "/scripts/lab"; }
    static constexpr const char* kName = "gone";
    std::string host_;
    Ended images_;
};

TEST(EngineGone, ADaemonStoppedMidWayLeavesNoBackup) {
    BKT_NEED_IMAGE(kPostgresImage);
    OwnDaemon daemon;
    if (const auto why = daemon.why_not(); !why.empty()) GTEST_SKIP() << why;
    daemon.docker({"run", "-d", "--name", "pg", "--network", "none", "--label",
                   "baktainer.backup=true", "--label", "baktainer.limit-rate=500KiB", "--label",
                   "baktainer.compress=none", "-e", "POSTGRES_PASSWORD=x", "-e", "POSTGRES_DB=shop",
                   kPostgresImage});
    for (int i = 0; i < 300 && docker({"-H", daemon.host(), "exec", "pg", "pg_isready", "-qh",
                                       "127.0.0.1", "-U", "postgres"})
                                       .exit_code != 0;
         ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(100));  // nothing tells us
    daemon.docker({"exec", "pg", "psql", "-qXU", "postgres", "-d", "shop", "-c", kFiller});

    Baktainer program("  docker: { socket: \"" + daemon.host() + "\" }");
    const auto backup = program.start({"backup", "pg"});
    const auto started = [&] {
        for (const auto& file : program.stored())
            if (file.find("shop.dump") != std::string::npos) return true;
        return false;
    };
    for (int i = 0; i < 3000 && backup->running() && !started(); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    ASSERT_TRUE(started()) << backup->wait().err;
    daemon.stop();

    const auto done = backup->wait(std::chrono::seconds(60));
    EXPECT_EQ(done.exit_code, 1) << done.out << done.err;
    EXPECT_NE(done.err.find("hint: "), std::string::npos) << done.err;
    EXPECT_TRUE(program.ids().empty());
    EXPECT_TRUE(program.stored().empty()) << program.stored().front();
    const auto next = program.run({"backup", "pg"});
    EXPECT_EQ(next.exit_code, 1);
    EXPECT_NE(next.err.find("cannot connect to the container engine"), std::string::npos)
        << next.err;
}

}  // namespace
}  // namespace bkt::test
