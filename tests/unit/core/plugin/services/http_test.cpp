// bkt.http/1 against a real server: what arrives, what comes back, and each way it can go wrong.
#include <chrono>
#include <thread>

#include "tests/support/web_server.hpp"
#include "tests/unit/core/plugin/services/fixture.hpp"

namespace bkt::plugin {
namespace {

using test::WebReply;
using test::WebRequest;
using test::WebServer;

class HttpTest : public ServicesTest {};

TEST_F(HttpTest, SendsWhatItIsGivenAndNothingElse) {
    WebServer server([](const WebRequest&) { return WebReply::of(201, "made", "X-Id: 7\r\n"); });
    std::string body;
    const auto answer = ask_.call.http("PUT", server.url() + "/a/../b%20c?x=1")
                            .header("X-Empty", "")
                            .bearer("hunter22")
                            .json("{}")
                            .capture(body)
                            .answer();
    ASSERT_TRUE(answer) << ask_.told(answer).message;
    EXPECT_EQ(answer->status, 201u);
    EXPECT_EQ(answer->header("x-id"), "7");
    EXPECT_EQ(body, "made");
    const auto got = server.requests().at(0);
    EXPECT_EQ(got.method, "PUT");
    EXPECT_EQ(got.target, "/a/../b%20c?x=1") << "a signed path is sent as it was signed";
    EXPECT_EQ(got.body, "{}");
    const std::map<std::string, std::string> headers{{"accept", "*/*"},
                                                     {"authorization", "Bearer hunter22"},
                                                     {"content-length", "2"},
                                                     {"content-type", "application/json"},
                                                     {"host", server.url().substr(7)},
                                                     {"user-agent", got.headers.at("user-agent")},
                                                     {"x-empty", ""}};
    EXPECT_EQ(got.headers, headers);
    EXPECT_TRUE(got.headers.at("user-agent").starts_with("baktainer/"));
}

TEST_F(HttpTest, SendsEachMethodAsServersExpectIt) {
    WebServer server([](const WebRequest& r) {
        return r.method == "HEAD" ? WebReply{"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n",
                                             WebReply::Then::keep, 0}
                                  : WebReply::of(200, "x");
    });
    struct Case {
        const char* method;
        const char* length;  // nullptr = no such header
    };
    for (const Case& c : {Case{"GET", nullptr},
                          {"HEAD", nullptr},
                          {"DELETE", nullptr},
                          {"POST", "0"},
                          {"PUT", "0"}}) {
        SCOPED_TRACE(c.method);
        const auto done = ask_.call.http(c.method, server.url()).run();
        ASSERT_TRUE(done) << ask_.told(done).message;
        const auto got = server.requests().back();
        EXPECT_EQ(got.method, c.method);
        EXPECT_EQ(got.headers.contains("content-length"), c.length != nullptr);
        if (c.length) {
            EXPECT_EQ(got.headers.at("content-length"), c.length);
        }
        EXPECT_FALSE(got.headers.contains("content-type"));
    }
    EXPECT_EQ(server.requests().back().connection, 1u) << "one connection serves them all";
}

TEST_F(HttpTest, StreamsBothWaysWithAndWithoutAKnownLength) {
    const std::string big(3 << 20, 'y');
    WebServer server([&](const WebRequest&) { return WebReply::of(200, big); });
    for (const bool known : {true, false}) {
        SCOPED_TRACE(known);
        ::bkt::testing::MemorySource source(big);
        bkt_source raw = *source.raw();
        if (!known) raw.size_bytes = 0;
        ::bkt::testing::MemorySink sink;
        const auto done =
            ask_.call.http("POST", server.url()).body(Source(&raw)).out(sink.sink()).run();
        ASSERT_TRUE(done) << ask_.told(done).message;
        EXPECT_EQ(sink.text, big);
        const auto got = server.requests().back();
        EXPECT_EQ(got.body, big);
        EXPECT_EQ(got.headers.contains("transfer-encoding"), !known);
    }
}

TEST_F(HttpTest, GivesTheSinkNothingOfAnAnswerThatIsAnError) {
    WebServer server(
        [](const WebRequest&) { return WebReply::of(404, "<html>no such thing</html>"); });
    ::bkt::testing::MemorySink sink;
    const auto done = ask_.call.http("GET", server.url()).out(sink.sink()).run();
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::not_found);
    EXPECT_EQ(sink.text, "");
}

TEST_F(HttpTest, FollowsNoRedirect) {
    WebServer elsewhere([](const WebRequest&) { return WebReply::of(200); });
    WebServer server([&](const WebRequest&) {
        return WebReply::of(302, "", "Location: " + elsewhere.url() + "/\r\n");
    });
    const auto answer = ask_.call.http("GET", server.url()).bearer("hunter22").answer();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 302u);
    EXPECT_TRUE(elsewhere.requests().empty());
}

TEST_F(HttpTest, TakesACutAnswerForCut) {
    struct Case {
        const char* name;
        WebReply reply;
        Code code;
    };
    using Then = WebReply::Then;
    const std::string head = "HTTP/1.1 200 OK\r\n";
    const Case cases[] = {
        {"short of its length",
         {head + "Content-Length: 10\r\n\r\n12345", Then::close, 0},
         Code::truncated},
        {"in a chunk",
         {head + "Transfer-Encoding: chunked\r\n\r\nA\r\n12345", Then::close, 0},
         Code::truncated},
        {"before the last chunk",
         {head + "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n", Then::close, 0},
         Code::truncated},
        {"before any byte", {"", Then::close, 0}, Code::unavailable},
        {"in its head", {"HTTP/1.1 200 OK\r\nContent-Le", Then::close, 0}, Code::unavailable},
        {"in its head, without a length", {"HTTP/1.1 204 No", Then::close, 0}, Code::unavailable},
        {"not HTTP at all", {"SSH-2.0-OpenSSH_9.2\r\n", Then::close, 0}, Code::failed},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.name);
        WebServer server([&](const WebRequest&) { return c.reply; });
        Asked ask(scope_, grants_of("mine"));
        const auto answer = ask.call.http("GET", server.url()).answer();
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().code, c.code) << ask.told(answer).message;
    }
}

// Neither length nor chunks: only the end of the connection says where the body ends, and anybody can end one.
TEST_F(HttpTest, TakesNoBodyWhoseLengthNobodyTold) {
    test::make_certificates(state_.path());
    facilities_->ca_file = state_.path() + "/ca.pem";
    for (const bool tls : {true, false})
        for (const char* body : {"half of it", ""}) {
            SCOPED_TRACE(std::string(tls ? "TLS, '" : "plain, '") + body + "'");
            WebServer server(
                [&](const WebRequest&) {
                    return WebReply{
                        std::string("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n") + body,
                        WebReply::Then::vanish, 0};
                },
                tls ? state_.path() + "/server.pem" : "",
                tls ? state_.path() + "/server-key.pem" : "");
            Asked ask(scope_, grants_of("mine"));
            std::string text;
            const auto answer = ask.call.http("GET", server.url()).capture(text).answer();
            ASSERT_FALSE(answer);
            EXPECT_EQ(answer.error().code, Code::truncated) << ask.told(answer).message;
            EXPECT_EQ(text, "");
            EXPECT_TRUE(ask.call.http("GET", server.url()).run())
                << "who asks for no body misses none";
        }
}

TEST_F(HttpTest, TrustsOnlyWhatItIsToldToTrust) {
    test::make_certificates(state_.path());
    const auto file = [&](const char* name) { return state_.path() + "/" + name; };
    struct Case {
        const char* name;
        const char* ca;  // "" = the system's alone
        const char* pair;
        std::optional<Code> fails_with;
    };
    for (const Case& c : {Case{"its authority is named", "ca.pem", "server", std::nullopt},
                          {"unknown authority", "", "server", Code::denied},
                          {"made for another name", "ca.pem", "other", Code::denied},
                          {"the file is missing", "nowhere.pem", "server", Code::denied}}) {
        SCOPED_TRACE(c.name);
        facilities_->ca_file = *c.ca ? file(c.ca) : "";
        WebServer server([](const WebRequest&) { return WebReply::of(200); }, file(c.pair) + ".pem",
                         file(c.pair) + "-key.pem");
        Asked ask(scope_, grants_of("mine"));
        const auto done = ask.call.http("POST", server.url()).bearer("hunter22").run();
        EXPECT_EQ(done.has_value(), !c.fails_with);
        if (done || !c.fails_with) continue;
        EXPECT_EQ(done.error().code, *c.fails_with) << ask.told(done).message;
        EXPECT_TRUE(server.requests().empty()) << "nothing is sent to whom we do not know";
    }
}

TEST_F(HttpTest, NeverNamesThePathTheUserOrAHeader) {
    const char* secret = "T0ps3cret";
    struct Case {
        std::string name, url;
        Code code;
    };
    const Case cases[] = {
        {"nobody listens",
         std::string("http://me:") + secret + "@127.0.0.1:1/" + secret + "?k=" + secret,
         Code::unavailable},
        {"no such host", std::string("https://nowhere.invalid/") + secret, Code::unavailable},
        {"no URL", std::string("http://[") + secret, Code::invalid},
        {"another scheme", std::string("ftp://host/") + secret, Code::invalid},
        {"a file", std::string("file:///etc/") + secret, Code::invalid},
        {"a blank in it", std::string("http://127.0.0.1/ ") + secret, Code::invalid},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.name);
        Asked ask(scope_, grants_of("mine"));
        const auto done = ask.call.http("GET", c.url).header("X-Key", secret).run();
        ASSERT_FALSE(done);
        const Error told = ask.told(done);
        EXPECT_EQ(told.code, c.code) << told.message;
        EXPECT_EQ((told.message + told.hint).find(secret), std::string::npos) << told.message;
    }
}

TEST_F(HttpTest, RefusesWhatWouldSmuggleAHeader) {
    WebServer server([](const WebRequest&) { return WebReply::of(200); });
    EXPECT_EQ(ask_.call.http("GET", server.url()).header("X-A", "1\r\nX-B: 2").run().error().code,
              Code::invalid);
    EXPECT_EQ(ask_.call.http("GET", server.url()).header("X-A: 1\r\nX-B", "2").run().error().code,
              Code::invalid);
    EXPECT_EQ(ask_.call.http("GET / HTTP/1.1\r\nX-B: 2\r\n", server.url()).run().error().code,
              Code::invalid);
    EXPECT_TRUE(server.requests().empty());
}

TEST_F(HttpTest, EndsInTimeWhenTheServerDoesNot) {
    WebServer server([](const WebRequest&) {
        WebReply late = WebReply::of(200);
        late.delay_ms = 1500;
        return late;
    });
    using Clock = std::chrono::steady_clock;
    const auto began = Clock::now();
    const auto slow = ask_.call.http("GET", server.url()).timeout_ms(200).run();
    EXPECT_EQ(slow.error().code, Code::timeout);

    CallScope hurried{
        cancel_, scrubber_, Clock::now() + std::chrono::milliseconds(200), {}, facilities_};
    Asked late(hurried, grants_of("mine"));
    EXPECT_EQ(late.call.http("GET", server.url()).run().error().code, Code::timeout);

    std::thread stop([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
        cancel_.request();
    });
    EXPECT_EQ(ask_.call.http("GET", server.url()).run().error().code, Code::cancelled);
    stop.join();
    EXPECT_LT(Clock::now() - began, std::chrono::milliseconds(1400))
        << "none waited for the answer";
}

TEST_F(HttpTest, StopsWhenOurOwnEndFails) {
    const std::string big(1 << 20, 'z');
    WebServer server([&](const WebRequest&) { return WebReply::of(200, big); });
    ::bkt::testing::MemorySink full;
    full.fail_at_byte = 1000;
    EXPECT_EQ(ask_.call.http("GET", server.url()).out(full.sink()).run().error().code,
              Code::no_space);
    EXPECT_FALSE(full.written_after_failure);

    ::bkt::testing::MemorySource breaking(big);
    breaking.fail_at_byte = 5000;
    EXPECT_EQ(ask_.call.http("PUT", server.url()).body(breaking.source()).run().error().code,
              Code::unavailable);

    ::bkt::testing::MemorySource shorter("twelve bytes");
    bkt_source raw = *shorter.raw();
    raw.size_bytes = 100;
    EXPECT_EQ(ask_.call.http("PUT", server.url()).body(Source(&raw)).run().error().code,
              Code::truncated);
    EXPECT_EQ(server.requests().size(), 1u) << "half a request is no request";
}

TEST_F(HttpTest, BoundsTheHeadersOfAnAnswer) {
    std::string many;
    for (int i = 0; i < 100; ++i)
        many += "X-" + std::to_string(i) + ": " + std::string(900, 'h') + "\r\n";
    WebServer server([&](const WebRequest&) { return WebReply::of(200, "", many); });
    const auto answer = ask_.call.http("GET", server.url()).answer();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Code::failed);
}

}  // namespace
}  // namespace bkt::plugin
