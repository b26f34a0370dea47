#include "plugins/discovery/docker/endpoint.hpp"

#include <gtest/gtest.h>

#include <map>

namespace bkt::docker {
namespace {

using Values = std::map<std::string, std::string, std::less<>>;

Result<Endpoint> found(Values config, Values env) {
    const auto in = [](const Values& values) {
        return [&values](std::string_view key) {
            const auto at = values.find(key);
            return at == values.end() ? std::string() : at->second;
        };
    };
    return find_endpoint(in(config), in(env));
}

TEST(Endpoint, IsTheConfiguredOneElseDockersOwn) {
    const struct {
        const char* name;
        Values config, env;
        const char* text;
        bool tls;
    } kCases[] = {
        {"nothing said", {}, {}, "unix:///var/run/docker.sock", false},
        {"DOCKER_HOST", {}, {{"DOCKER_HOST", "unix:///run/x.sock"}}, "unix:///run/x.sock", false},
        {"configuration wins",
         {{"socket", "unix:///a"}},
         {{"DOCKER_HOST", "unix:///b"}},
         "unix:///a",
         false},
        {"plain TCP", {{"socket", "tcp://db1:2375"}}, {}, "tcp://db1:2375", false},
        {"TCP with TLS by variable",
         {},
         {{"DOCKER_HOST", "tcp://db1:2376"},
          {"DOCKER_TLS_VERIFY", "1"},
          {"DOCKER_CERT_PATH", "/certs"}},
         "tcp://db1:2376",
         true},
        {"a certificate folder alone means TLS",
         {},
         {{"DOCKER_HOST", "tcp://db1:2376"}, {"DOCKER_CERT_PATH", "/certs"}},
         "tcp://db1:2376",
         true},
        {"https", {{"socket", "https://db1:2376"}}, {}, "", true},
        {"a bare path", {{"socket", "/run/x.sock"}}, {}, "unix:///run/x.sock", false},
        {"no port", {{"socket", "tcp://db1"}}, {}, "tcp://db1:2375", false},
        {"no port with TLS", {{"socket", "https://db1/"}}, {}, "tcp://db1:2376", true},
        {"no host", {{"socket", "tcp://:2375"}}, {}, "tcp://localhost:2375", false},
        {"IPv6", {{"socket", "tcp://[::1]:2375"}}, {}, "tcp://[::1]:2375", false},
        {"IPv6 without a port", {{"socket", "tcp://[::1]"}}, {}, "tcp://[::1]:2375", false},
        {"DOCKER_TLS_VERIFY of any value, as Docker has it",
         {},
         {{"DOCKER_HOST", "tcp://h:1"}, {"DOCKER_TLS_VERIFY", "0"}},
         "tcp://h:1",
         true},
        {"a CA of our own means TLS",
         {{"socket", "tcp://h:1"}, {"tls_ca", "/ca"}},
         {},
         "tcp://h:1",
         true},
        {"a unix socket needs no TLS",
         {{"socket", "unix:///a"}},
         {{"DOCKER_TLS_VERIFY", "1"}},
         "unix:///a",
         false},
    };
    for (const auto& c : kCases) {
        const auto endpoint = found(c.config, c.env);
        ASSERT_TRUE(endpoint) << c.name << ": " << endpoint.error().message;
        EXPECT_EQ(endpoint->tls, c.tls) << c.name;
        if (*c.text) {
            EXPECT_EQ(endpoint->text(), c.text) << c.name;
        }
    }
    EXPECT_EQ(found({}, {{"DOCKER_HOST", "tcp://h:1"}, {"DOCKER_CERT_PATH", "/certs"}})->cert_file,
              "/certs/cert.pem");
}

TEST(Endpoint, RefusesWhatMakesNoSenseWithARemedy) {
    for (const char* text :
         {"docker.sock", "unix://", "unix://relative", "tcp://h:port", "tcp://h:0", "tcp://h:99999",
          "ssh://h", "fd://", "tcp://h:1/path", "http://u:p@h:1"}) {
        const auto endpoint = found({{"socket", text}}, {});
        ASSERT_FALSE(endpoint) << text;
        EXPECT_FALSE(endpoint.error().hint.empty()) << text;
    }
    for (const std::string& text :
         {"unix:///" + std::string(200, 'x'), std::string("unix:///a\0b", 11),
          std::string("/a\0b", 4), std::string("unix:///a\nb"), std::string("tcp://h\0:1", 10),
          std::string("tcp://h\n:1"), std::string("tcp://\xff:1"), std::string("tcp://h:1 -f"),
          std::string("tcp://h:1#x"), std::string("tcp://[::1"), std::string("tcp://[::1]x"),
          std::string("tcp://::1:2375"), std::string("tcp://h:-1"), std::string("tcp://h:+1"),
          std::string("TCP://h:1"), std::string("://h"), std::string("h:2375"),
          std::string("unix://$(id)")}) {
        const auto endpoint = found({{"socket", text}}, {});
        ASSERT_FALSE(endpoint) << text;
        EXPECT_FALSE(endpoint.error().hint.empty()) << text;
        for (const char c : endpoint.error().message)
            EXPECT_FALSE(c >= 0 && c < ' ') << "a control character reaches the log: " << text;
    }
    EXPECT_FALSE(found({{"socket", "tcp://h:1"}, {"tls_cert", "/c"}}, {}))
        << "a certificate without its key";
    EXPECT_FALSE(found({{"socket", "http://h:2375"}}, {{"DOCKER_TLS_VERIFY", "1"}}))
        << "plain text although TLS was asked for";
}

}  // namespace
}  // namespace bkt::docker
