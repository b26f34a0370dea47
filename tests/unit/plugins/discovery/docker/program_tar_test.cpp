// The tar of a program, as tar(1) reads it.
#include "plugins/discovery/docker/program_tar.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

namespace bkt::docker {
namespace {

TEST(ProgramTar, IsUnpackedToTheSameBytesThatMayBeRun) {
    for (const std::size_t size : {0u, 1u, 511u, 512u, 513u, 3'000'000u}) {
        SCOPED_TRACE(size);
        const test::TempDir dir;
        std::string bytes;
        for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(i * 7919 >> 3);
        const auto tar = tar_of_program(".program", bytes);
        ASSERT_TRUE(tar) << tar.error().message;
        std::ofstream(dir.path() + "/p.tar", std::ios::binary) << *tar;
        test::must({"tar", "-C", dir.path(), "-xpf", dir.path() + "/p.tar"});
        std::stringstream unpacked;
        unpacked << std::ifstream(dir.path() + "/.program", std::ios::binary).rdbuf();
        EXPECT_TRUE(unpacked.str() == bytes);
        struct stat st {};
        ASSERT_EQ(::stat((dir.path() + "/.program").c_str(), &st), 0);
        EXPECT_EQ(st.st_mode & 07777, 0755u);
        EXPECT_EQ(st.st_uid, 0u);
    }
}

TEST(ProgramTar, TakesNoNameThatItsFormatCannotHold) {
    EXPECT_FALSE(tar_of_program(std::string(300, 'p'), "x"));
}

}  // namespace
}  // namespace bkt::docker
