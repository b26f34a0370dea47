// What an isolated plugin is kept from.
#include <sys/syscall.h>

#include <clocale>

#include "tests/fault/worker/isolated.hpp"
#include "tests/fault/worker/processes.hpp"
#include "tests/support/sanitized.hpp"

namespace bkt::test {
namespace {

TEST(WorkerSandbox, KeepsThePluginFromFilesProcessesAndPrograms) {
    for (const char* mode : {"fork", "exec", "read a private file"}) {
        auto plugin = notifier(mode);
        EXPECT_EQ(notify(plugin).rc, BKT_OK) << mode;
    }
}

TEST(WorkerSandbox, KeepsThePluginFromWritingFiles) {
    if (kSanitized) GTEST_SKIP() << "a sanitizer's process is not kept from files";
    if (::syscall(SYS_landlock_create_ruleset, nullptr, 0, 1) < 0)
        GTEST_SKIP() << "this kernel has no Landlock";
    auto plugin = notifier("write a file");
    EXPECT_EQ(notify(plugin).rc, BKT_OK);
}

TEST(WorkerSandbox, KeepsTheHostAsItWas) {
    const auto path = std::string(std::getenv("PATH"));
    const auto where = std::filesystem::current_path();
    const std::string locale = std::setlocale(LC_ALL, nullptr);
    const auto words =
        [] {  // /proc tells of signals and umask what no call could change by looking
            std::string all;
            for (const char* name : {"Umask", "SigBlk", "SigIgn", "SigCgt"})
                all += status_of(::getpid(), name) + " ";
            return all;
        };
    auto plugin =
        notifier("change the process");  // the host ignores SIGPIPE from its first worker on
    const auto before = words();
    EXPECT_EQ(notify(plugin).rc, BKT_OK);
    EXPECT_EQ(words(), before);
    EXPECT_EQ(std::setlocale(LC_ALL, nullptr), locale);
    EXPECT_EQ(std::getenv("LC_ALL"), nullptr);
    EXPECT_EQ(std::getenv("PATH"), path);
    EXPECT_EQ(std::filesystem::current_path(), where);
}

}  // namespace
}  // namespace bkt::test
