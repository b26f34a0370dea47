#include "plugins/discovery/docker/frame_parser.hpp"

#include <gtest/gtest.h>

#include "tests/unit/plugins/discovery/docker/scripted_engine.hpp"

namespace bkt::docker {
namespace {

struct Parsed {
    std::string out, err;
    bool whole = false;
    std::optional<Code> broken;
};

Parsed parse(const std::string& stream, std::size_t chunk_bytes) {
    FrameParser parser;
    Parsed parsed;
    for (std::size_t at = 0; at < stream.size(); at += chunk_bytes) {
        Bytes bytes = as_bytes(stream).subspan(at, std::min(chunk_bytes, stream.size() - at));
        while (!bytes.empty()) {
            const auto slice = parser.next(bytes);
            if (!slice) {
                parsed.broken = slice.error().code;
                return parsed;
            }
            if (!*slice) break;
            ((*slice)->frame == Frame::out ? parsed.out : parsed.err) += as_text((*slice)->bytes);
        }
    }
    const auto end = parser.finish();
    parsed.whole = end.has_value();
    if (!end) parsed.broken = end.error().code;
    return parsed;
}

const std::string kLong(70'000, 'x');

// The answer may not depend on where the socket happens to cut the bytes.
TEST(FrameParser, SplitsTheStreamAndKnowsAnEndFromACut) {
    const std::string whole =
        frame(1, "hello ") + frame(2, "oops") + frame(1, "") + frame(1, kLong) + frame(1, "!");
    const struct {
        const char* name;
        std::string stream;
        std::string out, err;
        std::optional<Code> broken;
    } kCases[] = {
        {"nothing at all", "", "", "", {}},
        {"both streams, an empty frame, a long one", whole, "hello " + kLong + "!", "oops", {}},
        {"cut inside a header", whole + frame(1, "x").substr(0, 5), "hello " + kLong + "!", "oops",
         Code::truncated},
        {"cut before the payload", frame(1, "xyz").substr(0, 8), "", "", Code::truncated},
        {"cut inside a payload", frame(1, "xyz").substr(0, 10), "xy", "", Code::truncated},
        {"one byte of a header", std::string(1, 1), "", "", Code::truncated},
    };
    for (const auto& c : kCases)
        for (const std::size_t chunk : {1u, 7u, 8u, 4096u, 1u << 20}) {
            SCOPED_TRACE(::testing::Message() << c.name << ", in chunks of " << chunk);
            const auto parsed = parse(c.stream, chunk);
            EXPECT_EQ(parsed.out, c.out);
            EXPECT_EQ(parsed.err, c.err);
            EXPECT_EQ(parsed.broken, c.broken);
        }
}

TEST(FrameParser, RefusesWhatIsNoFrame) {
    for (const std::string& stream :
         {std::string("HTTP/1.1 500 Internal"), frame(0, "x"), frame(4, "x"), frame(9, "x"),
          frame(255, "x"), std::string("\1\1\0\0\0\0\0\1x", 9), std::string("\1\0\1\0\0\0\0\1x", 9),
          std::string("\1\0\0\1\0\0\0\1x", 9)})
        for (const std::size_t chunk : {1u, 4096u}) {
            const auto parsed = parse(stream, chunk);
            EXPECT_FALSE(parsed.whole) << stream;
            EXPECT_TRUE(parsed.broken) << stream;
            EXPECT_EQ(parsed.out, "") << stream;
        }
}

// Four gigabytes announced are four gigabytes waited for, not allocated.
TEST(FrameParser, TakesTheLargestFrameAsItComes) {
    FrameParser parser;
    Bytes head = as_bytes(std::string_view("\1\0\0\0\xff\xff\xff\xff", 8));
    EXPECT_FALSE(*parser.next(head));
    EXPECT_EQ(parser.payload_left(), 0xffffffffu);
    parser.passed(0xfffffffe);
    EXPECT_FALSE(parser.finish());
    parser.passed(1);
    EXPECT_TRUE(parser.finish());
}

}  // namespace
}  // namespace bkt::docker
