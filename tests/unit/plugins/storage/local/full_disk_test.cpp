// A disk that is full, read-only or not ours: small real filesystems, mounted in a namespace of the test's
// own. Skipped where that is not allowed.
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/plugins/storage/local/fixture.hpp"

namespace bkt::local {
namespace {

constexpr int kCannotMount = 77;

struct DiskTest : StoreTest {
    // Runs `body` in a child with a tmpfs of `size` at the store's root.
    void on_disk_of(const std::string& size, const std::function<void()>& body) {
        std::filesystem::create_directories(root());
        const pid_t child = ::fork();
        if (child == 0) {
            if (::unshare(CLONE_NEWNS) != 0 ||
                ::mount("", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
                ::mount("tmpfs", root().c_str(), "tmpfs", 0, ("size=" + size).c_str()) != 0)
                ::_exit(kCannotMount);
            body();
            ::_exit(::testing::Test::HasFailure() ? 1 : 0);
        }
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        if (WIFEXITED(status) && WEXITSTATUS(status) == kCannotMount)
            GTEST_SKIP() << "SKIPPED: mounting a tmpfs needs root";
        EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "see the failures above";
    }
};

TEST_F(DiskTest, FullAtAnyByteLeavesNothingAndSaysHowFarItCame) {
    for (const std::size_t filled : {0, 4096, 900 * 1024})
        on_disk_of("1m", [&] {
            if (filled) {
                ASSERT_EQ(said(put("before", std::string(filled, 'f'))), "ok");
            }
            const auto before = on_disk();
            const Status done = put("x/big", std::string(2 << 20, 'b'));
            EXPECT_EQ(code(done), "no_space");
            EXPECT_NE(done.error().message.find("/x/big"), std::string::npos)
                << done.error().message;
            EXPECT_NE(done.error().message.find(" bytes"), std::string::npos)
                << done.error().message;
            EXPECT_FALSE(done.error().hint.empty());
            EXPECT_EQ(on_disk(), before);
            EXPECT_EQ(said(put("small", "fits again")), "ok");
        });
}

TEST_F(DiskTest, ReadOnlyIsDeniedWithTheRemedy) {
    on_disk_of("1m", [&] {
        ASSERT_EQ(said(put("a", "x")), "ok");
        ASSERT_EQ(::mount("", root().c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr), 0);
        for (const Status& done : {put("b", "x"), put("c/d", "x"), remove("a")}) {
            EXPECT_EQ(code(done), "denied");
            EXPECT_NE(done.error().hint.find("read-only"), std::string::npos);
        }
        Call c = fake.call();
        const auto health = store().health(c);
        ASSERT_FALSE(health);
        EXPECT_EQ(health.error().code, Code::denied);
        EXPECT_EQ(get("a"), "x");
    });
}

TEST_F(DiskTest, OfAnotherUserIsDenied) {
    on_disk_of("1m", [&] {
        ASSERT_EQ(said(put("a", "x")), "ok");
        ASSERT_EQ(::setresuid(65534, 65534, 65534), 0);
        EXPECT_EQ(code(put("b", "x")), "denied");
        EXPECT_EQ(get("a"), "<denied>");
    });
}

}  // namespace
}  // namespace bkt::local
