#include "core/stream/ring.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "tests/support/stages.hpp"

namespace bkt::stream {
namespace {

std::string read_all(Ring& ring, Status& outcome) {
    std::string text;
    for (;;) {
        auto next = ring.read();
        if (!next) {
            outcome = std::move(next).error();
            return text;
        }
        if (next->empty()) return text;
        text += as_text(*next);
    }
}

TEST(Ring, CarriesEveryByteInOrder) {
    const auto text = test::sample(1'000'003);
    for (const std::size_t chunk : {1u, 7u, 4096u, 1u << 20}) {
        Ring ring(chunk < 7 ? 512 : 4096, 3);
        std::thread writer([&] {
            std::string_view left = text;
            while (!left.empty()) {
                const auto head = left.substr(0, chunk);
                ASSERT_TRUE(ring.write(as_bytes(head)));
                left.remove_prefix(head.size());
            }
            ASSERT_TRUE(ring.finish());
        });
        Status outcome;
        EXPECT_EQ(read_all(ring, outcome), text) << "in chunks of " << chunk;
        EXPECT_TRUE(outcome);
        writer.join();
    }
}

TEST(Ring, AFailedWriterIsNeverAnEnd) {
    Ring ring(16, 2);
    std::thread writer([&] {
        ASSERT_TRUE(ring.write(as_bytes("0123456789")));
        ring.fail({Code::truncated, "cut"});
    });
    Status outcome;
    read_all(ring, outcome);
    writer.join();
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, Code::truncated);
}

TEST(Ring, AWriterLearnsThatItsReaderGaveUp) {
    Ring ring(16, 2);
    std::thread reader([&] { ring.close({Code::no_space, "full"}); });
    Status outcome;
    while (outcome) outcome = ring.write(as_bytes("0123456789"));
    reader.join();
    EXPECT_EQ(outcome.error().code, Code::no_space);
    EXPECT_FALSE(ring.finish());
}

TEST(Ring, HoldsNoMoreThanItsChunks) {
    Ring ring(16, 2);
    std::atomic<std::size_t> written{0};
    std::thread writer([&] {
        for (int i = 0; i < 100; ++i) {
            if (!ring.write(as_bytes("0123456789abcdef"))) return;
            written += 16;
        }
        static_cast<void>(ring.finish());
    });
    // Two chunks may be queued and none more until the first is read.
    for (int i = 0; i < 1000 && written < 32; ++i) std::this_thread::yield();
    EXPECT_LE(written, 32u);
    Status outcome;
    EXPECT_EQ(read_all(ring, outcome).size(), 1600u);
    writer.join();
}

TEST(Ring, LendsItsOwnMemory) {
    Ring ring(8, 2);
    const auto room = ring.reserve();
    ASSERT_TRUE(room);
    ASSERT_EQ(room->size(), 8u);
    (*room)[0] = std::byte{'x'};
    ASSERT_TRUE(ring.commit(1));
    ASSERT_EQ(ring.reserve()->size(), 7u);
    ASSERT_TRUE(ring.finish());
    EXPECT_EQ(as_text(*ring.read()), "x");
    EXPECT_TRUE(ring.read()->empty());
}

}  // namespace
}  // namespace bkt::stream
