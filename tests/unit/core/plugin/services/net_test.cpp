// Connections that plugins are given: to real listeners on this machine, or the reason why there is none.
#include <fcntl.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <chrono>
#include <memory>
#include <thread>

#include "tests/support/tcp_listener.hpp"
#include "tests/support/web_server.hpp"
#include "tests/unit/core/plugin/services/fixture.hpp"

namespace bkt::plugin {
namespace {

using Clock = std::chrono::steady_clock;
using test::TcpListener;

class NetTest : public ServicesTest {
protected:
    Grants allowed() const {
        auto grants = grants_of("mine");
        grants.experimental = {BKT_SERVICE_NET};
        return grants;
    }
    Result<UniqueFd> dial(const std::string& name, std::uint32_t port) {
        Asked ask(scope_, allowed());
        const auto* net = static_cast<const bkt_net*>(
            ask.host.raw()->service(ask.host.raw(), str(BKT_SERVICE_NET)));
        if (!net) return Error{Code::unsupported, "not granted"};
        std::int32_t fd = -1;
        const bkt_rc rc = net->dial(ask.host.raw(), ask.context.raw(), str(name), port, &fd);
        if (rc == BKT_OK) return UniqueFd(fd);
        return ask.context.outcome(rc).error();
    }
};

TEST_F(NetTest, ConnectsToAnAddressAndToAName) {
    TcpListener server(TcpListener::Kind::echo);
    for (const char* name : {"127.0.0.1", "localhost"}) {
        const auto fd = dial(name, server.port());
        ASSERT_TRUE(fd) << name << ": " << fd.error().message;
        ASSERT_EQ(::write(fd->get(), "ping", 4), 4);
        char back[4] = {};
        ASSERT_EQ(::read(fd->get(), back, 4), 4) << "it must wait, as a plugin's library expects";
        EXPECT_EQ(std::string(back, 4), "ping");
        EXPECT_TRUE(::fcntl(fd->get(), F_GETFD) & FD_CLOEXEC);
    }
}

TEST_F(NetTest, SaysWhyThereIsNone) {
    TcpListener closed(TcpListener::Kind::closed), echo(TcpListener::Kind::echo);
    const struct {
        const char* title;
        std::string name;
        std::uint32_t port;
        Code code;
        const char* says;
    } kCases[] = {
        {"nobody listens", "127.0.0.1", closed.port(), Code::unavailable, "refused"},
        {"no such name", "a..b", 1, Code::not_found, "cannot find 'a..b'"},
        {"no name", "", 1, Code::invalid, "no such address"},
        {"port 0", "127.0.0.1", 0, Code::invalid, "no such address"},
        {"a port too high", "127.0.0.1", 65'536u + echo.port(), Code::invalid, "no such address"},
        {"a name that goes on behind its end", std::string("127.0.0.1\0.evil", 15), echo.port(),
         Code::invalid, "no such address"},
    };
    for (const auto& c : kCases) {
        SCOPED_TRACE(c.title);
        const auto fd = dial(c.name, c.port);
        ASSERT_FALSE(fd);
        EXPECT_EQ(fd.error().code, c.code) << fd.error().message;
        EXPECT_NE(fd.error().message.find(c.says), std::string::npos) << fd.error().message;
    }
}

TEST_F(NetTest, GivesUpWhenTheTimeOfTheCallIsUp) {
    TcpListener silent(TcpListener::Kind::silent);
    scope_.deadline = Clock::now() + std::chrono::milliseconds(400);
    const auto began = Clock::now();
    const auto fd = dial("127.0.0.1", silent.port());
    ASSERT_FALSE(fd);
    EXPECT_EQ(fd.error().code, Code::timeout) << fd.error().message;
    EXPECT_NE(fd.error().message.find("127.0.0.1:" + std::to_string(silent.port())),
              std::string::npos)
        << fd.error().message;
    EXPECT_GE(Clock::now() - began, std::chrono::milliseconds(390));
    EXPECT_LT(Clock::now() - began, std::chrono::seconds(3));
}

TEST_F(NetTest, EndsWhenItIsCancelled) {
    TcpListener silent(TcpListener::Kind::silent);
    std::thread later([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
        cancel_.request();
    });
    const auto began = Clock::now();
    const auto fd = dial("127.0.0.1", silent.port());
    later.join();
    ASSERT_FALSE(fd);
    EXPECT_EQ(fd.error().code, Code::cancelled) << fd.error().message;
    EXPECT_LT(Clock::now() - began, std::chrono::seconds(3));
}

// TLS is the plugin's, over the connection it is given: a client library must find it as it expects.
TEST_F(NetTest, CarriesTlsThatSeesWhomItSpeaksWith) {
    test::TempDir dir;
    test::make_certificates(dir.path());
    const struct {
        const char *title, *certificate;
        bool good;
    } kCases[] = {{"the right one", "server", true}, {"another's name", "other", false}};
    for (const auto& c : kCases) {
        SCOPED_TRACE(c.title);
        const auto file = dir.path() + "/" + c.certificate;
        test::WebServer server([](const test::WebRequest&) { return test::WebReply::of(204); },
                               file + ".pem", file + "-key.pem");
        const auto port = std::stoul(server.url().substr(server.url().rfind(':') + 1));
        const auto fd = dial("127.0.0.1", static_cast<std::uint32_t>(port));
        ASSERT_TRUE(fd) << fd.error().message;
        const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(
            SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
        SSL_CTX_load_verify_locations(context.get(), (dir.path() + "/ca.pem").c_str(), nullptr);
        SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
        const std::unique_ptr<SSL, decltype(&SSL_free)> tls(SSL_new(context.get()), &SSL_free);
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls.get()), "127.0.0.1");
        SSL_set_fd(tls.get(), fd->get());
        EXPECT_EQ(SSL_connect(tls.get()) == 1, c.good);
        EXPECT_EQ(SSL_get_verify_result(tls.get()) == X509_V_OK, c.good);
        if (!c.good) continue;
        const std::string ask = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
        ASSERT_EQ(SSL_write(tls.get(), ask.data(), static_cast<int>(ask.size())),
                  static_cast<int>(ask.size()));
        char answer[64] = {};
        ASSERT_GT(SSL_read(tls.get(), answer, sizeof answer - 1), 0);
        EXPECT_TRUE(std::string(answer).starts_with("HTTP/1.1 204")) << answer;
    }
}

}  // namespace
}  // namespace bkt::plugin
