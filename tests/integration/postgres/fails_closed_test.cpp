// A backup exists only when everything agreed. Each way to go wrong: exit 1, a cause and a remedy, nothing
// listed, nothing left after the next start, and a good backup right afterwards.
#include <signal.h>
#include <sys/mount.h>

#include <filesystem>
#include <functional>

#include "tests/integration/postgres/postgres_box.hpp"

namespace bkt::test {
namespace {

namespace fs = std::filesystem;

class FailsClosed : public ::testing::Test {
protected:
    void SetUp() override { BKT_NEED_IMAGE(kPostgresImage); }

    // Waits until the dump's bytes are on their way into the store.
    static void wait_for_partial(const Baktainer& program, Process& run) {
        for (int i = 0; i < 3000 && run.running(); ++i) {
            for (const auto& file : program.stored())
                if (file.find("shop.dump") != std::string::npos &&
                    file.find(".partial") != std::string::npos &&
                    fs::file_size(program.store() + "/" + file) > 0)
                    return;
            std::this_thread::sleep_for(std::chrono::milliseconds(10));  // nothing tells us
        }
        ADD_FAILURE() << "the dump never got under way: " << run.wait().err;
    }
    static void expect_failed(const Ended& done, const std::string& cause) {
        EXPECT_EQ(done.exit_code, 1) << done.out << done.err;
        EXPECT_NE(done.err.find(cause), std::string::npos) << done.err;
        EXPECT_NE(done.err.find("hint: "), std::string::npos) << "no remedy: " << done.err;
        EXPECT_EQ(done.err.find(kPassword), std::string::npos);
    }
    static void expect_nothing_kept(const Baktainer& program) {
        EXPECT_TRUE(program.ids().empty());
        EXPECT_TRUE(program.stored().empty()) << program.stored().front();
    }
    // The next start tidies up, and a good backup follows. Its files are the only ones.
    static void expect_good_again(const Baktainer& program, const std::string& target) {
        const auto done = program.run({"backup", target});
        EXPECT_EQ(done.exit_code, 0) << done.err;
        ASSERT_EQ(program.ids().size(), 1u);
        for (const auto& file : program.stored())
            EXPECT_NE(file.find(program.ids().front()), std::string::npos) << file;
        EXPECT_EQ(program.run({"verify", "--all"}).exit_code, 0);
    }

    Baktainer program_{PostgresBox::discovery()};
};

TEST_F(FailsClosed, ATableTheUserMayNotRead) {
    PostgresBox pg({"db.user=limited"});
    pg.sql(
        "CREATE ROLE limited LOGIN; CREATE TABLE a(i int); GRANT SELECT ON a TO limited; INSERT "
        "INTO a SELECT generate_series(1,10000); CREATE TABLE z(i int); INSERT INTO z VALUES (1)");
    expect_failed(program_.run({"backup", pg.name()}), "permission denied");
    expect_nothing_kept(program_);
    pg.sql("GRANT pg_read_all_data TO limited");
    expect_good_again(program_, pg.name());
}

// Slow enough to act in the middle of it.
const std::vector<std::string> kSlow{"limit-rate=500KiB", "compress=none"};

TEST_F(FailsClosed, TheDumpToolIsKilledMidWay) {
    PostgresBox pg(kSlow);
    pg.sql(kFiller);
    const auto run = program_.start({"backup", pg.name()});
    wait_for_partial(program_, *run);
    pg.box().must_sh("kill -9 $(pidof -s pg_dump)");
    expect_failed(run->wait(), "137");
    expect_nothing_kept(program_);
}

TEST_F(FailsClosed, TheContainerIsKilledMidWay) {
    PostgresBox pg(kSlow);
    pg.sql(kFiller);
    const auto run = program_.start({"backup", pg.name()});
    wait_for_partial(program_, *run);
    must_docker({"kill", pg.name()});
    expect_failed(run->wait(), pg.name());
    expect_nothing_kept(program_);
}

TEST_F(FailsClosed, TheContainerIsRemovedMidWay) {
    PostgresBox pg(kSlow);
    pg.sql(kFiller);
    const auto run = program_.start({"backup", pg.name()});
    wait_for_partial(program_, *run);
    must_docker({"rm", "-fv", pg.name()});
    expect_failed(run->wait(), pg.name());
    expect_nothing_kept(program_);
}

// A wrapper in the image that loses the end and says all is well.
TEST_F(FailsClosed, OutputIsCutAndTheToolSaysOk) {
    for (const char* format : {"custom", "plain"})
        for (const int bytes : {0, 3, 1000, 4'000'000}) {
            PostgresBox pg({std::string("db.format=") + format});
            pg.sql(kFiller);
            // pg_dumpall asks pg_dump for its version and must still like it.
            pg.box().must_sh(
                "p=$(readlink -f $(command -v pg_dump)); mv $p $p.real; printf '%s\\n' '#!/bin/sh' "
                "'case \"$*\" in -V|--version) exec '$p'.real \"$@\";; esac' "
                "$p'.real \"$@\" | head -c " +
                std::to_string(bytes) + "' 'exit 0' > $p; chmod 755 $p");
            const auto done = program_.run({"backup", pg.name()});
            SCOPED_TRACE(std::string(format) + " cut at " + std::to_string(bytes));
            expect_failed(done, "shop.");
            expect_nothing_kept(program_);
        }
}

TEST_F(FailsClosed, AWrongPassword) {
    PostgresBox pg({"db.host=pgbox", "db.password=wrong-pässword-xyz"});
    const auto done = program_.run({"-vv", "backup", pg.name()});
    expect_failed(done, "password authentication failed");
    EXPECT_EQ(done.err.find("wrong-pässword-xyz"), std::string::npos) << done.err;
    expect_nothing_kept(program_);
}

TEST_F(FailsClosed, AnUnknownDatabase) {
    PostgresBox pg({"db.name=shpo"});
    const auto done = program_.run({"backup", pg.name()});
    expect_failed(done, "shpo");
    EXPECT_NE(done.err.find("shop"), std::string::npos) << "the databases there are: " << done.err;
    expect_nothing_kept(program_);
}

TEST_F(FailsClosed, AMissingDumpTool) {
    PostgresBox pg;
    pg.box().must_sh("p=$(readlink -f $(command -v pg_dump)); mv $p $p.gone");
    expect_failed(program_.run({"backup", pg.name()}), "pg_dump");
    expect_nothing_kept(program_);
}

// A small file system of its own for the store.
class Tmpfs final {
public:
    Tmpfs(const std::string& dir, std::size_t kib) : dir_(dir) {
        fs::create_directories(dir);
        mounted_ = ::mount("tmpfs", dir.c_str(), "tmpfs", 0,
                           ("mode=700,size=" + std::to_string(kib) + "k").c_str()) == 0;
    }
    ~Tmpfs() {
        if (mounted_) ::umount2(dir_.c_str(), MNT_DETACH);
    }
    bool mounted() const { return mounted_; }
    void resize(std::size_t kib) const {
        ::mount("", dir_.c_str(), "tmpfs", MS_REMOUNT,
                ("size=" + std::to_string(kib) + "k").c_str());
    }
    bool set_read_only(bool on) const {
        return ::mount("", dir_.c_str(), "", MS_REMOUNT | (on ? MS_RDONLY : 0), "") == 0;
    }

private:
    std::string dir_;
    bool mounted_ = false;
};

TEST_F(FailsClosed, AFullStore) {
    PostgresBox pg({"compress=none"});
    pg.sql(kFiller);
    const std::string dir = program_.home() + "/small";
    program_.set_store(dir);
    std::size_t needed_kib = 0;
    {
        const Tmpfs large(dir, 200 * 1024);
        if (!large.mounted()) GTEST_SKIP() << "needs to mount a tmpfs: run as root";
        ASSERT_EQ(program_.run({"backup", pg.name()}).exit_code, 0);
        for (const auto& file : program_.stored())
            needed_kib += fs::file_size(dir + "/" + file) / 1024;
    }
    fs::remove_all(program_.home() + "/state");
    // At the first byte, in the middle, and so near the end that only the last pages are missing.
    for (const std::size_t kib : {std::size_t{8}, needed_kib / 2, needed_kib - 8}) {
        SCOPED_TRACE(std::to_string(kib) + " KiB of " + std::to_string(needed_kib));
        const Tmpfs small(dir, kib);
        ASSERT_TRUE(small.mounted());
        expect_failed(program_.run({"backup", pg.name()}), "No space left");
        expect_nothing_kept(program_);
        small.resize(200 * 1024);
        expect_good_again(program_, pg.name());
        fs::remove_all(program_.home() + "/state");
    }
}

TEST_F(FailsClosed, AReadOnlyStore) {
    PostgresBox pg;
    const std::string dir = program_.home() + "/small";
    program_.set_store(dir);
    const Tmpfs store(dir, 100 * 1024);
    if (!store.mounted()) GTEST_SKIP() << "needs to mount a tmpfs: run as root";
    ASSERT_TRUE(store.set_read_only(true));
    expect_failed(program_.run({"backup", pg.name()}), "Read-only file system");
    expect_nothing_kept(program_);
    ASSERT_TRUE(store.set_read_only(false));
    expect_good_again(program_, pg.name());
}

TEST_F(FailsClosed, CtrlCStopsCleanlyAndEndsTheTool) {
    PostgresBox pg(kSlow);
    pg.sql(kFiller);
    const auto run = program_.start({"backup", pg.name()});
    wait_for_partial(program_, *run);
    run->signal(SIGINT);
    const auto done = run->wait(std::chrono::seconds(20));
    EXPECT_EQ(done.exit_code, 130) << done.err;
    expect_nothing_kept(program_);
    EXPECT_NE(pg.box().exec({"pidof", "pg_dump"}).exit_code, 0)
        << "pg_dump still runs in the container";
}

TEST_F(FailsClosed, KilledAtTenMomentsItLeavesNothingThatCounts) {
    PostgresBox pg({"limit-rate=12MiB", "compress=none"});
    pg.sql(kFiller);
    unsigned seed = static_cast<unsigned>(::getpid());
    for (int round = 0; round < 10; ++round) {
        const auto ms = static_cast<int>(::rand_r(&seed) % 2500);
        SCOPED_TRACE("killed after " + std::to_string(ms) + " ms");
        const auto run = program_.start({"backup", pg.name()});
        std::this_thread::sleep_for(
            std::chrono::milliseconds(ms));  // the moment itself is the test
        run->signal(SIGKILL);
        run->wait();
        // What is listed must be whole; what is not must go at the next start.
        ASSERT_EQ(program_.run({"catalog", "rescan"}).exit_code, 0);
        for (const auto& id : program_.ids()) EXPECT_EQ(program_.run({"verify", id}).exit_code, 0);
    }
    pg.box().must_sh("for p in $(pidof pg_dump); do kill -9 $p; done; :");
    const auto before = program_.ids().size();
    ASSERT_EQ(program_.run({"backup", pg.name()}).exit_code, 0);
    const auto ids = program_.ids();
    EXPECT_EQ(ids.size(), before + 1);
    for (const auto& file : program_.stored()) {
        bool known = false;
        for (const auto& id : ids) known = known || file.find(id) != std::string::npos;
        EXPECT_TRUE(known) << "left over: " << file;
    }
    EXPECT_TRUE(!fs::exists(program_.home() + "/state/tmp") ||
                fs::is_empty(program_.home() + "/state/tmp"));
}

TEST_F(FailsClosed, ABlockedTargetDoesNotStopTheOthers) {
    PostgresBox good, bad({"db.port=banana"}), missing({"db.name=nosuch"});
    const auto done = program_.run({"backup", good.name(), bad.name(), missing.name()});
    EXPECT_EQ(done.exit_code, 3) << done.err;
    EXPECT_NE(done.err.find("blocked: label: 'db.port' is 'banana'"), std::string::npos)
        << done.err;
    EXPECT_EQ(program_.ids().size(), 1u);
    EXPECT_EQ(program_.run({"backup", bad.name()}).exit_code, 1);
    EXPECT_NE(program_.run({"targets"}).out.find("banana"), std::string::npos);
}

TEST_F(FailsClosed, TwoProcessesNeverRunTheSameJob) {
    PostgresBox pg(kSlow);
    pg.sql(kFiller);
    const auto first = program_.start({"backup", pg.name()});
    wait_for_partial(program_, *first);
    const auto second = program_.run({"backup", pg.name()});
    EXPECT_EQ(second.exit_code, 11) << second.err;
    EXPECT_TRUE(first->running());
    EXPECT_FALSE(program_.stored().empty()) << "the second swept the first one's parts";
    first->signal(SIGTERM);
    EXPECT_EQ(first->wait(std::chrono::seconds(20)).exit_code, 130);
}

}  // namespace
}  // namespace bkt::test
