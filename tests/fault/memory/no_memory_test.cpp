// The n-th allocation of a plugin fails, for every n of all that its kind does: each time the call says so,
// nothing crashes, nothing is lost without a word, nothing leaks.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <new>

#include "tests/fault/memory/scenarios.hpp"
#include "tests/support/temp_dir.hpp"

namespace {

// Allocations of this thread while it is watched.
thread_local bool watched = false;
thread_local long seen = 0, live = 0;
thread_local long fails_at = 0;      // 0 = never
thread_local bool fails_on = false;  // and all that follow
thread_local bool has_failed = false;

}  // namespace

void* operator new(std::size_t size) {
    if (watched && ++seen >= fails_at && fails_at > 0 && (fails_on || seen == fails_at)) {
        has_failed = true;
        throw std::bad_alloc();
    }
    void* memory = std::malloc(size);
    if (!memory) throw std::bad_alloc();
    if (watched) ++live;
    return memory;
}
void operator delete(void* memory) noexcept {
    if (memory && watched) --live;
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }

namespace bkt::test {
namespace {

// Runs `body` with its n-th allocation failing, and with `on` all that follow.
template <class Body>
auto starved(long n, bool on, Body&& body) {
    seen = live = 0, fails_at = n, fails_on = on, has_failed = false;
    watched = true;
    auto result = body();
    watched = false;
    return result;
}

TEST(NoMemory, IsToldByEveryCallAndLeaksNothing) {
    for (const Kind& kind : kKinds) {
        SCOPED_TRACE(kind.name);
        const auto entry = entry_of(library(kind.name));
        ASSERT_NE(entry, nullptr);
        const bkt_module* module = entry();
        ASSERT_NE(module, nullptr);
        for (const bool on : {false, true}) {
            long n = 1;
            for (;; ++n) {
                SCOPED_TRACE("allocation " + std::to_string(n) + (on ? " and all later" : ""));
                ThriftyHost host;
                const bkt_rc rc = starved(n, on, [&] { return kind.scenario(*module, host); });
                EXPECT_EQ(live, 0) << "it leaks";
                if (!has_failed) {
                    EXPECT_EQ(rc, BKT_OK) << host.said();
                    break;
                }
                EXPECT_EQ(rc, BKT_BUG) << host.said();
                EXPECT_EQ(host.said(), "out of memory");
                ASSERT_LT(n, 2000);
            }
            EXPECT_GT(n, kind.least);
        }
    }
}

// The host's memory may be at its end as well: no text is lost without a word.
TEST(NoMemory, OfTheHostIsToldToo) {
    for (const Kind& kind : kKinds) {
        if (std::string_view(kind.name) == "secrets" || std::string_view(kind.name) == "transform")
            continue;  // they hand over no text
        SCOPED_TRACE(kind.name);
        ThriftyHost host;
        host.lends_nothing = true;
        EXPECT_EQ(kind.scenario(*entry_of(library(kind.name))(), host), BKT_BUG);
        EXPECT_EQ(host.said(), "out of memory");
    }
}

// Each try is another copy of the library: what an entry once said, it says again.
TEST(NoMemory, InTheEntryMakesNoModule) {
    TempDir dir;
    for (const Kind& kind : kKinds) {
        SCOPED_TRACE(kind.name);
        bool made = false;
        for (long n = 1; n < 200 && !made; ++n) {
            const auto copy = dir.path() + "/" + kind.name + std::to_string(n) + ".so";
            std::filesystem::copy_file(library(kind.name), copy);
            const auto entry = entry_of(copy);
            ASSERT_NE(entry, nullptr);
            const auto* module = starved(n, false, [&] { return entry(); });
            made = !has_failed;
            EXPECT_EQ(module != nullptr, made);
            EXPECT_TRUE(made || live == 0) << "it leaks";
        }
        EXPECT_TRUE(made);
    }
}

}  // namespace
}  // namespace bkt::test
