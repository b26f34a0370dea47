// Many bytes through a tool, every way at once: all of them arrive, none block, few are kept.
#include <openssl/evp.h>

#include <memory>

#include "tests/integration/docker/opened.hpp"

namespace bkt::docker {
namespace {

using test::Container;

// Counts and digests, keeps nothing.
class DigestSink final {
public:
    DigestSink() {
        raw_ = {sizeof raw_, 0, this, &write, nullptr, nullptr};
        EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
    }
    const bkt_sink* raw() const { return &raw_; }
    std::string hex() {
        unsigned char bytes[32];
        EVP_DigestFinal_ex(context_.get(), bytes, nullptr);
        std::string text;
        for (const unsigned char b : bytes)
            (text += "0123456789abcdef"[b >> 4]) += "0123456789abcdef"[b & 15];
        return text;
    }
    std::uint64_t count = 0;

private:
    static bkt_rc write(const bkt_sink* sink, const void* bytes, std::uint64_t len) noexcept {
        auto& self = *static_cast<DigestSink*>(sink->ctx);
        EVP_DigestUpdate(self.context_.get(), bytes, len);
        self.count += len;
        return BKT_OK;
    }
    bkt_sink raw_{};
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_{EVP_MD_CTX_new(),
                                                                           &EVP_MD_CTX_free};
};

class DockerExecBulk : public EachTransport {
protected:
    void SetUp() override { BKT_NEED_IMAGE(kBusybox); }
};

TEST_P(DockerExecBulk, TwoHundredMegabytesArriveAsTheyWere) {
    const Container box(kBusybox, {}, {"sleep", "600"});
    const std::string rows = "yes 'a row; of a table' | head -c 200000000";
    const auto expected = box.must_sh(rows + " | sha256sum").substr(0, 64);
    Opened docker(way());
    testing::FakeCall call(docker.host.raw());
    DigestSink sink;
    ExecRequest request;
    request.target = box.name();
    request.argv = {"sh", "-c", rows};
    request.out.emplace(sink.raw());
    Call c = call.call();
    const auto outcome = docker.source->exec(c, request);
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->exit_code, 0);
    EXPECT_EQ(outcome->stdout_bytes, 200'000'000u);
    EXPECT_EQ(sink.count, 200'000'000u);
    EXPECT_EQ(sink.hex(), expected);
}

TEST_P(DockerExecBulk, AHundredMegabytesGoThroughAToolAndBack) {
    const Container box(kBusybox, {}, {"sleep", "600"});
    Opened docker(way());
    std::string large(100'000'000, '\0');
    for (std::size_t i = 0; i < large.size(); ++i)
        large[i] = static_cast<char>(i * 2654435761u >> 13);
    const auto ran = docker.run(box.name(), {"cat"}, large);
    ASSERT_TRUE(ran.outcome) << ran.outcome.error().message;
    EXPECT_EQ(ran.outcome->exit_code, 0);
    EXPECT_EQ(ran.outcome->stdin_bytes, large.size());
    EXPECT_EQ(ran.outcome->stdout_bytes, large.size());
    EXPECT_TRUE(ran.out == large);
}

TEST_P(DockerExecBulk, AFloodOnStderrIsBoundedAndBlocksNothing) {
    const Container box(kBusybox, {}, {"sleep", "600"});
    Opened docker(way());
    const auto ran = docker.run(
        box.name(),
        {"sh", "-c", "head -c 50000000 /dev/zero | tr '\\0' e >&2; echo last >&2; echo done"});
    ASSERT_TRUE(ran.outcome) << ran.outcome.error().message;
    EXPECT_EQ(ran.out, "done\n");
    EXPECT_LE(ran.outcome->stderr_tail.size(), kStderrTailBytes);
    EXPECT_TRUE(ran.outcome->stderr_tail.ends_with("last\n"));
}

// Twenty times: whether the engine hangs up before it has taken our last bytes is a race.
TEST_P(DockerExecBulk, AToolThatStopsReadingIsJudgedByItsExit) {
    const Container box(kBusybox, {}, {"sleep", "600"});
    Opened docker(way());
    for (int i = 0; i < 20; ++i) {
        const auto ran = docker.run(box.name(), {"head", "-c", "10"}, std::string(5'000'000, 'x'));
        ASSERT_TRUE(ran.outcome) << i << ran.outcome.error().message;
        EXPECT_EQ(ran.outcome->exit_code, 0);
        EXPECT_EQ(ran.out, "xxxxxxxxxx");
    }
}

INSTANTIATE_TEST_SUITE_P(Transport, DockerExecBulk, kTransports, name_of);

}  // namespace
}  // namespace bkt::docker
