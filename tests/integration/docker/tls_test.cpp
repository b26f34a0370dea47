// A daemon that demands client certificates over TCP, and each way to come with the wrong ones.
#include <filesystem>
#include <sstream>

#include "tests/integration/docker/opened.hpp"
#include "tests/support/cutting_proxy.hpp"
#include "tests/support/temp_dir.hpp"

namespace bkt::docker {
namespace {

constexpr const char* kAddress = "127.0.0.1:23760";

// A CA, a server certificate for 127.0.0.1, and client pairs: EC, RSA, expired, of another CA.
constexpr const char* kMakeCertificates = R"(
cd "$1"
ca() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=$1" -keyout $1-key.pem -out $1.pem 2>/dev/null; }
sign() { # sign NAME CA DAYS KEY... ; an extension file NAME.ext
  n=$1 c=$2 d=$3; shift 3
  openssl req -newkey "$@" -nodes -subj "/CN=$n" -keyout $n-key.pem -out $n.csr 2>/dev/null
  openssl x509 -req -in $n.csr -CA $c.pem -CAkey $c-key.pem -CAcreateserial -days $d -extfile $n.ext -out $n.pem 2>/dev/null
}
ca ca; ca foreign
echo 'subjectAltName=IP:127.0.0.1' > server.ext
for n in ec rsa stranger old; do echo 'extendedKeyUsage=clientAuth' > $n.ext; done
sign server ca 30 ec -pkeyopt ec_paramgen_curve:P-256
sign ec ca 30 ec -pkeyopt ec_paramgen_curve:P-256
sign rsa ca 30 rsa:2048
sign stranger foreign 30 ec -pkeyopt ec_paramgen_curve:P-256
openssl req -newkey rsa:2048 -nodes -subj /CN=old -keyout old-key.pem -out old.csr 2>/dev/null
openssl x509 -req -in old.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days -1 -extfile old.ext -out old.pem 2>/dev/null
)";

class DockerTls : public ::testing::Test {
protected:
    // One daemon for all cases: it takes a second to start.
    static void SetUpTestSuite() {
        test::must({"sh", "-euc", kMakeCertificates, "sh", certs().path()});
        const auto file = [](const char* name) { return certs().path() + "/" + name; };
        const auto made = test::run({lab(), "daemon", "--name", "tls", "--", "--host",
                                     std::string("tcp://") + kAddress, "--tlsverify", "--tlscacert",
                                     file("ca.pem"), "--tlscert", file("server.pem"), "--tlskey",
                                     file("server-key.pem")});
        std::istringstream lines(made.out);
        for (std::string line; std::getline(lines, line);)
            if (line.starts_with("export DOCKER_HOST=")) local() = line.substr(19);
    }
    static void TearDownTestSuite() {
        test::run({lab(), "stop", "--name", "tls"});
        std::filesystem::remove_all(certs().path());
    }
    void SetUp() override {
        BKT_NEED_IMAGE(kBusybox);
        if (local().empty())
            GTEST_SKIP() << "no second Docker daemon can be started here (scripts/lab daemon)";
    }
    static test::TempDir& certs() {
        static test::TempDir dir;
        return dir;
    }
    static std::string& local() {
        static std::string host;
        return host;
    }
    static std::string lab() { return BAKTAINER_SOURCE_DIR "/scripts/lab"; }

    // A container "box" in that daemon.
    static void start_box() {
        static bool started = false;
        if (started) return;
        started = true;
        test::must({"sh", "-c",
                    "docker=/usr/bin/docker; [ -x $docker ] || docker=docker; $docker save " +
                        std::string(kBusybox) + " | $docker -H \"$1\" load -q",
                    "sh", local()});
        test::must_docker({"-H", local(), "run", "-d", "--network", "none", "--name", "box",
                           kBusybox, "sleep", "600"});
    }

    static Settings settings(const std::string& ca, const std::string& pair) {
        Settings s{{"socket", std::string("tcp://") + kAddress},
                   {"tls_ca", certs().path() + "/" + ca + ".pem"}};
        if (!pair.empty()) {
            s["tls_cert"] = certs().path() + "/" + pair + ".pem";
            s["tls_key"] = certs().path() + "/" + pair + "-key.pem";
        }
        return s;
    }
    static Result<std::string> health(const Settings& settings) {
        Opened docker(settings);
        testing::FakeCall call(docker.host.raw());
        Call c = call.call();
        return docker.source->health(c);
    }
};

TEST_F(DockerTls, TakesRsaAndEcClientCertificates) {
    for (const char* pair : {"ec", "rsa"}) {
        const auto text = health(settings("ca", pair));
        ASSERT_TRUE(text) << pair << text.error().message;
        EXPECT_NE(text->find(kAddress), std::string::npos);
    }
}

TEST_F(DockerTls, NamesWhatIsWrongAndTheRemedy) {
    auto elsewhere = settings("ca", "ec");
    elsewhere["socket"] = "tcp://localhost:23760";
    auto mixed = settings("ca", "ec");
    mixed["tls_key"] = certs().path() + "/rsa-key.pem";
    auto missing = settings("ca", "ec");
    missing["tls_cert"] = "/nowhere/cert.pem";
    const struct {
        const char* name;
        Settings settings;
        const char* text;
    } kCases[] = {
        {"no client certificate", settings("ca", ""), "refused our TLS certificate"},
        {"a certificate of another CA", settings("ca", "stranger"), "refused our TLS certificate"},
        {"an expired certificate", settings("ca", "old"), "has expired"},
        {"a server of another CA", settings("foreign", "ec"), "certificate is refused"},
        {"a name the server's certificate does not hold", elsewhere, "certificate is refused"},
        {"a key of another certificate", mixed, "does not belong"},
        {"a missing file", missing, "/nowhere/cert.pem"},
        {"plain HTTP to a TLS port", {{"socket", std::string("tcp://") + kAddress}}, "only TLS"},
    };
    for (const auto& c : kCases) {
        const auto text = health(c.settings);
        ASSERT_FALSE(text) << c.name;
        EXPECT_NE(text.error().message.find(c.text), std::string::npos)
            << c.name << ": " << text.error().message;
        EXPECT_FALSE(text.error().hint.empty()) << c.name;
    }
}

TEST_F(DockerTls, SpokenToAPlainPortNamesTheRemedy) {
    const test::CuttingProxy plain("23762", local().substr(7));
    auto wrong = settings("ca", "ec");
    wrong["socket"] = "tcp://127.0.0.1:23762";
    const auto text = health(wrong);
    ASSERT_FALSE(text);
    EXPECT_NE(text.error().message.find("does not speak TLS"), std::string::npos)
        << text.error().message;
    EXPECT_FALSE(text.error().hint.empty());
    EXPECT_TRUE(health({{"socket", "tcp://127.0.0.1:23762"}})) << "plain to plain is well";
}

// All bytes have come, between two frames, and the tool ended well: only TLS's own close is missing, and
// nobody can say then what else is.
TEST_F(DockerTls, AnEndWithoutTheCloseOfTlsIsACut) {
    start_box();
    for (const bool cut : {false, true}) {
        test::CuttingProxy::Cut where;
        if (cut) where.tls_close_after = 1'000'000;
        const test::CuttingProxy proxy("23761", "23760", where);
        auto through = settings("ca", "ec");
        through["socket"] = "tcp://127.0.0.1:23761";
        through["transport"] = "stream";
        Opened docker(through);
        const auto ran = docker.run("box", {"head", "-c", "1000000", "/dev/zero"});
        EXPECT_EQ(ran.out.size(), 1'000'000u);
        ASSERT_EQ(ran.outcome.has_value(), !cut);
        EXPECT_EQ(proxy.cuts() > 0, cut);
        if (!ran.outcome) {
            EXPECT_EQ(ran.outcome.error().code, Code::truncated) << ran.outcome.error().message;
            EXPECT_FALSE(ran.outcome.error().hint.empty());
        }
    }
}

TEST_F(DockerTls, AToolThatStopsReadingIsJudgedByItsExit) {
    start_box();
    Opened docker(settings("ca", "ec"));
    for (int i = 0; i < 10; ++i) {
        const auto ran = docker.run("box", {"head", "-c", "10"}, std::string(5'000'000, 'x'));
        ASSERT_TRUE(ran.outcome) << i << ran.outcome.error().message;
        EXPECT_EQ(ran.out, "xxxxxxxxxx");
    }
}

// The end of stdin travels as TLS's own close, and everything arrives.
TEST_F(DockerTls, RunsToolsWithStdinOverTls) {
    start_box();
    Opened docker(settings("ca", "ec"));
    std::string large(5'000'000, '\0');
    for (std::size_t i = 0; i < large.size(); ++i)
        large[i] = static_cast<char>(i * 2654435761u >> 13);
    const auto ran = docker.run("box", {"cat"}, large);
    ASSERT_TRUE(ran.outcome) << ran.outcome.error().message;
    EXPECT_EQ(ran.outcome->exit_code, 0);
    EXPECT_TRUE(ran.out == large);
}

}  // namespace
}  // namespace bkt::docker
