// Which paths beside a container are the container's own.
#include "plugins/engines/sqlite/beside/place.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/support/temp_dir.hpp"

namespace bkt::sqlite::beside {
namespace {

// As a container of runc's sees them, but for the folder of the test.
std::string mounts_with(const std::string& line) {
    return "813 799 0:51 / / rw,relatime master:240 - overlay overlay rw,lowerdir=/a:/b\n"
           "814 813 0:54 / /proc rw,nosuid - proc proc rw\n"
           "815 813 0:55 / /dev rw,nosuid - tmpfs tmpfs rw,size=65536k\n" +
           line;
}

struct Place : ::testing::Test {
    Place() { std::filesystem::create_directories(data + "/inner"); }
    std::string mount(const std::string& point, const std::string& type,
                      const std::string& root = "/vol/_data") const {
        return "820 813 254:0 " + root + " " + point + " rw,relatime shared:1 - " + type +
               " /dev/x rw\n";
    }
    // "ok", or the code's word.
    std::string judged(const std::string& file, const std::string& lines) const {
        const Status s = check_volume(file, mounts_with(lines));
        return s ? "ok" : std::string(code_name(s.error().code));
    }
    test::TempDir dir;
    const std::string data = std::filesystem::canonical(dir.path()).string() + "/da ta";
    const std::string escaped = data.substr(0, data.size() - 5) + "da\\040ta";
};

TEST_F(Place, IsTheTargetsInAVolumeOnly) {
    const auto file = data + "/app.db";
    EXPECT_EQ(judged(file, mount(escaped, "ext4")), "ok");
    EXPECT_EQ(judged(data + "/inner/app.db", mount(escaped, "ext4")), "ok");
    EXPECT_EQ(judged(file, ""), "unsupported") << "the image's own file of old";
    EXPECT_EQ(judged(file, mount(escaped, "tmpfs", "/")), "unsupported") << "gone with the program";
    EXPECT_EQ(judged(file, mount(escaped, "tmpfs", "/app")), "ok")
        << "a folder of the machine's /tmp";
    EXPECT_EQ(judged(file, mount(escaped + "/inner", "ext4")), "unsupported") << "beside it";
    EXPECT_EQ(judged(file, mount(escaped.substr(0, escaped.size() - 1), "ext4")), "unsupported")
        << "a name that only begins so";
    EXPECT_EQ(judged("/proc/self/app.db", mount(escaped, "ext4")), "unsupported");
}

TEST_F(Place, IsThatOfTheInnermostAndLastMount) {
    EXPECT_EQ(judged(data + "/inner/app.db",
                     mount(escaped, "ext4") + mount(escaped + "/inner", "tmpfs", "/")),
              "unsupported");
    EXPECT_EQ(judged(data + "/app.db", mount(escaped, "tmpfs", "/") + mount(escaped, "xfs")), "ok");
    EXPECT_EQ(judged(data + "/app.db", mount(escaped, "xfs") + mount(escaped, "tmpfs", "/")),
              "unsupported");
}

// A link in a volume may lead out of it, and one outside into it.
TEST_F(Place, IsWhereLinksLead) {
    std::ofstream(data + "/real.db") << "x";
    const auto out = data + "/inner/out.db", in = dir.path() + "/in.db";
    std::filesystem::create_symlink("/etc/hostname", out);
    std::filesystem::create_symlink(data + "/real.db", in);
    EXPECT_EQ(judged(out, mount(escaped, "ext4")), "unsupported");
    EXPECT_EQ(judged(in, mount(escaped, "ext4")), "ok");
}

TEST_F(Place, WithoutItsFolderIsOutOfReach) {
    EXPECT_EQ(judged(data + "/no/app.db", mount(escaped, "ext4")), "unavailable");
}

TEST_F(Place, OfNoMountsAtAllIsNobodys) {
    EXPECT_FALSE(check_volume(data + "/app.db", ""));
    EXPECT_FALSE(check_volume(data + "/app.db", "nonsense\n- - - - -\n"));
}

}  // namespace
}  // namespace bkt::sqlite::beside
