#include "plugins/discovery/docker/http.hpp"

#include <gtest/gtest.h>

#include "tests/unit/plugins/discovery/docker/scripted_engine.hpp"

namespace bkt::docker {
namespace {

Wait patient() { return Wait::uncancelled().within(std::chrono::seconds(20)); }

Connection connected(const ScriptedEngine& engine) {
    auto connection = Connection::open(engine.endpoint(), patient());
    if (!connection) throw std::runtime_error(connection.error().message);
    return *std::move(connection);
}

const std::string kBody(3000, 'b');

// What arrives may not depend on where the socket cuts it; what is cut is no answer.
TEST(Exchange, TakesWholeAnswersOnly) {
    const std::string whole = answered(200, kBody);
    const std::string chunked =
        "HTTP/1.1 201 X\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
    const struct {
        const char* name;
        std::string bytes;
        unsigned status;   // 0 = an error
        std::string body;  // or a piece of the message
    } kCases[] = {
        {"with a length", whole, 200, kBody},
        {"chunked", chunked, 201, "abcde"},
        {"until the end, without a length", "HTTP/1.1 200 OK\r\n\r\n" + kBody, 200, kBody},
        {"without a body", "HTTP/1.1 204 No Content\r\n\r\n", 204, ""},
        {"an error with its text", answered(404, "{}"), 404, "{}"},
        {"nothing at all", "", 0, "ends too early"},
        {"cut in its first line", "HTTP/1.1 20", 0, "ends too early"},
        {"cut in its head", whole.substr(0, 25), 0, "ends too early"},
        {"cut before its body", whole.substr(0, whole.size() - kBody.size()), 0, "too early"},
        {"cut one byte early", whole.substr(0, whole.size() - 1), 0, "ends too early"},
        {"cut in a chunk", chunked.substr(0, chunked.size() - 9), 0, "ends too early"},
        {"its last chunk missing", chunked.substr(0, chunked.size() - 5), 0, "ends too early"},
        {"no HTTP", "SSH-2.0-OpenSSH_9.2\r\n\r\n", 0, "no whole HTTP response"},
        {"a bad length", "HTTP/1.1 200 X\r\nContent-Length: -1\r\n\r\n", 0, "no whole HTTP"},
        {"a bad chunk", "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 0,
         "no whole"},
        {"a head without end", "HTTP/1.1 200 X\r\nA: " + std::string(100'000, 'a'), 0, "no whole"},
        {"a body above the limit", "HTTP/1.1 200 X\r\nContent-Length: 99999999999\r\n\r\nx", 0,
         "no whole"},
    };
    for (const auto& c : kCases)
        for (const std::size_t chunk : {1u, 7u, 1u << 20}) {
            SCOPED_TRACE(::testing::Message() << c.name << ", in chunks of " << chunk);
            const ScriptedEngine engine([&](const auto&) { return c.bytes; }, chunk);
            auto connection = connected(engine);
            const auto answer = exchange(connection, {"GET", "/x", "", false}, patient());
            ASSERT_EQ(answer.has_value(), c.status != 0);
            if (answer) {
                EXPECT_EQ(answer->status, c.status);
                EXPECT_EQ(answer->body, c.body);
            } else {
                EXPECT_EQ(answer.error().code, Code::unavailable);
                EXPECT_NE(answer.error().message.find(c.body), std::string::npos)
                    << answer.error().message;
                EXPECT_FALSE(answer.error().hint.empty());
            }
        }
}

TEST(Exchange, AsksAsTheEngineExpects) {
    const ScriptedEngine engine([](const auto&) { return answered(200, ""); });
    auto one = connected(engine);
    ASSERT_TRUE(exchange(one, {"POST", "/a?b=c", R"({"x":1})", false}, patient()));
    auto two = connected(engine);
    ASSERT_TRUE(exchange(two, {"POST", "/start", "", false}, patient()));
    const auto requests = engine.requests();
    EXPECT_TRUE(requests[0].starts_with("POST /a?b=c HTTP/1.1\r\n")) << requests[0];
    EXPECT_NE(requests[0].find("Content-Type: application/json\r\n"), std::string::npos);
    EXPECT_TRUE(requests[0].ends_with("\r\n\r\n{\"x\":1}")) << requests[0];
    EXPECT_NE(requests[1].find("Content-Length: 0\r\n"), std::string::npos) << requests[1];
}

TEST(Exchange, ASilentEngineHoldsNobody) {
    int fds[2];
    ASSERT_EQ(::pipe(fds), 0);
    const UniqueFd hold(fds[0]), let_go(fds[1]);
    const ScriptedEngine engine([&](const auto&) {
        char ignored;
        return std::string(::read(hold.get(), &ignored, 1) == 1 ? "late" : "");
    });
    auto connection = connected(engine);
    const auto answer = exchange(connection, {"GET", "/x", "", false},
                                 Wait::uncancelled().within(std::chrono::milliseconds(50)));
    EXPECT_EQ(::write(let_go.get(), "x", 1), 1);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Code::unavailable);
    EXPECT_NE(answer.error().message.find("does not answer"), std::string::npos);
}

TEST(BeginStream, GivesTheRawBytesThatCameWithTheHead) {
    const struct {
        const char* name;
        std::string bytes;
        unsigned status;  // 0 = an error of `code`
        std::string begun, error_body;
        Code code;
    } kCases[] = {
        {"upgraded",
         "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nraw",
         101,
         "raw",
         "",
         {}},
        {"not upgraded", "HTTP/1.1 200 OK\r\nContent-Type: x\r\n\r\nraw", 200, "raw", "", {}},
        {"refused", answered(409, "is paused"), 409, "", "is paused", {}},
        {"refused in chunks",
         "HTTP/1.1 500 X\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nwhy\r\n0\r\n\r\n",
         500,
         "",
         "why",
         {}},
        {"re-packed by a proxy",
         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nraw\r\n", 0, "", "",
         Code::unsupported},
        {"cut in its head", "HTTP/1.1 101 UPGR", 0, "", "", Code::unavailable},
        {"refused and cut", answered(409, "is paused").substr(0, 45), 0, "", "", Code::unavailable},
    };
    for (const auto& c : kCases)
        for (const std::size_t chunk : {1u, 7u, 1u << 20}) {
            SCOPED_TRACE(::testing::Message() << c.name << ", in chunks of " << chunk);
            const ScriptedEngine engine([&](const auto&) { return c.bytes; }, chunk);
            auto connection = connected(engine);
            const auto stream = begin_stream(connection, {"POST", "/x", "{}", true}, patient());
            ASSERT_EQ(stream.has_value(), c.status != 0);
            if (!stream) {
                EXPECT_EQ(stream.error().code, c.code) << stream.error().message;
                EXPECT_FALSE(stream.error().hint.empty());
                continue;
            }
            EXPECT_EQ(stream->status, c.status);
            EXPECT_EQ(stream->error_body, c.error_body);
            std::string begun(as_text(stream->begun));
            std::byte more[64];
            while (c.error_body.empty()) {
                const auto n = connection.read(more, patient());
                ASSERT_TRUE(n);
                if (*n == 0) break;
                begun += as_text(Bytes(more).first(*n));
            }
            EXPECT_EQ(begun, c.begun);
        }
}

TEST(BodyStream, GivesTheBodyAsItComes) {
    for (const std::size_t chunk : {1u, 7u, 1u << 20})
        for (const char* end : {"0\r\n\r\n", ""}) {  // a stream of events has no end of its own
            const ScriptedEngine engine(
                [&](const auto&) {
                    return std::string(
                               "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                               "4\r\none\n\r\n4\r\ntwo\n\r\n") +
                           end;
                },
                chunk);
            auto body = BodyStream::begin(connected(engine), {"GET", "/x", "", false}, patient());
            ASSERT_TRUE(body);
            EXPECT_EQ(body->status(), 200u);
            std::string text;
            for (;;) {
                const auto more = body->read(patient());
                ASSERT_TRUE(more) << more.error().message;
                if (more->empty()) break;
                text += *more;
            }
            EXPECT_EQ(text, "one\ntwo\n");
        }
}

}  // namespace
}  // namespace bkt::docker
