// The holder of the read lock, against a client that is played here: when it asks for the lock, when it gives it
// back, and what it makes of a server that does otherwise.
#include "plugins/engines/mysql/read_lock.hpp"

#include <gtest/gtest.h>

#include "baktainer/testing/fake_host.hpp"

namespace bkt::mysql {
namespace {

using namespace std::chrono_literals;

struct PlayedClient {
    std::string words;  // it read, without blank lines
    bool gives_lock = true;
    ExecOutcome refusal{1, 0, 0, 0, ""};
    std::function<bool()> goes_away = [] { return false; };

    Result<ExecOutcome> run(Call&, const ExecRequest& r) {
        if (r.argv.back() == "--version") return ExecOutcome{0, 0, 0, 0, ""};
        std::array<std::byte, 16> chunk;
        bool held = false, freed = false;
        for (;;) {
            const auto n = r.in->read(chunk);
            if (!n || *n == 0) break;
            if (const auto piece = as_text({chunk.data(), *n}); piece != "\n") words += piece;
            if (!held && words.ends_with("SELECT 'held';\n")) {
                if (!gives_lock) return refusal;
                held = true;
                EXPECT_TRUE(r.out->write(as_bytes("held\n")));
            }
            if (goes_away())
                return ExecOutcome{1, 0, 0, 0, "ERROR 2013 (HY000): Lost connection\n"};
            if (!freed && words.ends_with("SELECT 'free';\n")) {
                freed = true;
                EXPECT_TRUE(r.out->write(as_bytes("free\n")));
            }
        }
        return ExecOutcome{0, 0, 0, 0, ""};
    }
};

class Lock : public ::testing::Test {
protected:
    Lock() {
        host.exec = [this](Call& c, const ExecRequest& r) { return client.run(c, r); };
        auto made = Tools::create(call, Flavour::mariadb, {});
        EXPECT_TRUE(made);
        tools.emplace(std::move(*made));
    }
    // The holder, and one user that does `work` under the lock.
    Status together(ReadLock& lock, const std::function<Status(const Stop&)>& work) {
        return run_together({[&](const Stop& stop) { return lock.hold(stop); },
                             [&](const Stop& stop) -> Status {
                                 Status done;
                                 if (lock.wait(stop)) done = work(stop);
                                 lock.let_go();
                                 return done;
                             }});
    }
    bool gave_back() const { return client.words.find("UNLOCK TABLES") != std::string::npos; }

    testing::FakeHost host;
    testing::FakeCall fake{host.raw()};
    Call call = fake.call();
    PlayedClient client;
    std::optional<Tools> tools;
};

TEST_F(Lock, IsHeldWhileItIsUsedAndThenGivenBack) {
    ReadLock lock(*tools, 1);
    bool was_held = false;
    const Status done = together(lock, [&](const Stop&) -> Status {
        std::this_thread::sleep_for(100ms);
        was_held = !gave_back();
        return {};
    });
    EXPECT_TRUE(done);
    EXPECT_TRUE(was_held);
    EXPECT_EQ(client.words,
              "SET SESSION lock_wait_timeout=5, SESSION wait_timeout=45;\nFLUSH TABLES WITH READ "
              "LOCK;\nSELECT 'held';\nUNLOCK TABLES;\nSELECT 'free';\n");
    EXPECT_GE(lock.held_for(), 100ms);
    EXPECT_LT(lock.held_for(), 5s);
    const auto& words = host.requests.back().argv;
    EXPECT_EQ(std::count(words.begin(), words.end(), "--skip-reconnect"), 1);
}

TEST_F(Lock, ThatIsRefusedIsNoFailure) {
    for (const char* said :
         {"ERROR 1205 (HY000) at line 2: Lock wait timeout exceeded; try restarting transaction\n",
          "ERROR 1227 (42000) at line 2: Access denied; you need (at least one of) the RELOAD "
          "privilege(s) for this operation\n"}) {
        client.gives_lock = false;
        client.refusal.stderr_tail = said;
        client.words.clear();
        ReadLock lock(*tools, 1);
        bool worked = false;
        EXPECT_TRUE(together(lock, [&](const Stop&) -> Status { return worked = true, Status{}; }));
        EXPECT_FALSE(worked);
        EXPECT_NE(lock.refusal().find("ERROR 12"), std::string::npos) << lock.refusal();
    }
}

TEST_F(Lock, ThatIsLostIsAFailure) {
    std::atomic<bool> goes = false;
    client.goes_away = [&] { return goes.load(); };
    ReadLock lock(*tools, 1);
    const Status done =
        together(lock, [&](const Stop&) -> Status { return goes = true, Status{}; });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::unavailable) << done.error().message;
    EXPECT_TRUE(lock.refusal().empty());
}

TEST_F(Lock, IsNotHeldForLong) {
    ReadLock lock(*tools, 1, 200ms);
    const auto begun = std::chrono::steady_clock::now();
    const Status done = together(lock, [&](const Stop& stop) -> Status {
        while (!stop.requested()) std::this_thread::sleep_for(10ms);
        return {};
    });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::timeout);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s);
}

TEST_F(Lock, EndsWithAUserThatFails) {
    ReadLock lock(*tools, 2);  // one of whom never comes
    const Status done = together(lock, [](const Stop&) -> Status {
        return Error{Code::no_space, "full"};
    });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().message, "full");
    EXPECT_FALSE(gave_back());
}

TEST_F(Lock, EndsWithTheCall) {
    ReadLock lock(*tools, 1);
    const Status done = together(lock, [&](const Stop& stop) -> Status {
        fake.cancel();
        while (!stop.requested()) std::this_thread::sleep_for(10ms);
        return {};
    });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::cancelled);
}

}  // namespace
}  // namespace bkt::mysql
