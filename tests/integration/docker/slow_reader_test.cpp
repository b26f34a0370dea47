// A tool that ends while its reader is busy elsewhere: the engine waits two seconds for the rest of its output
// and then throws it away, exit code 0. All of it arrives.
#include <thread>

#include "plugins/discovery/docker/exec_end.hpp"
#include "tests/integration/docker/opened.hpp"

namespace bkt::docker {
namespace {

using test::Container;

// Takes the first bytes, then is busy for longer than the engine waits.
class BusySink final {
public:
    BusySink() { raw_ = {sizeof raw_, 0, this, &write, nullptr, nullptr}; }
    const bkt_sink* raw() const { return &raw_; }
    std::uint64_t count = 0;

private:
    static bkt_rc write(const bkt_sink* sink, const void*, std::uint64_t len) noexcept {
        auto& self = *static_cast<BusySink*>(sink->ctx);
        if (self.count == 0) std::this_thread::sleep_for(std::chrono::seconds(4));
        self.count += len;
        return BKT_OK;
    }
    bkt_sink raw_{};
};

class DockerSlowReader : public ::testing::Test {
protected:
    void SetUp() override { BKT_NEED_IMAGE(kBusybox); }

    static std::uint64_t received(bool beside, std::uint64_t bytes,
                                  const char* transport = "stream") {
        const Container box(kBusybox, {}, {"sleep", "600"});
        Opened docker(Settings{{"transport", transport}});
        testing::FakeCall call(docker.host.raw());
        BusySink sink;
        ExecRequest request;
        request.target = box.name();
        request.argv = {"head", "-c", std::to_string(bytes), "/dev/zero"};
        request.beside = beside;
        request.out.emplace(sink.raw());
        Call c = call.call();
        const auto outcome = docker.source->exec(c, request);
        EXPECT_TRUE(outcome) << outcome.error().message;
        if (outcome) {
            EXPECT_EQ(outcome->exit_code, 0);
            EXPECT_EQ(outcome->stdout_bytes, sink.count);
        }
        return sink.count;
    }
    // From what one read takes to more than pipes and sockets hold, so that the tool ends at once, later, or not
    // before it is read again.
    static constexpr std::uint64_t kSizes[] = {300'000, 1'400'000, 1'500'000, 2'000'000};
};

TEST_F(DockerSlowReader, GetsAllOfAnExec) {
    std::vector<std::thread> runs;  // side by side, for each only waits
    for (const auto bytes : kSizes)
        for (const char* way : {"auto", "stream"})
            runs.emplace_back([=] { EXPECT_EQ(received(false, bytes, way), bytes) << way; });
    for (auto& run : runs) run.join();
}

TEST_F(DockerSlowReader, GetsAllOfASidecar) {
    std::vector<std::thread> runs;
    for (const auto bytes : kSizes)
        runs.emplace_back([bytes] { EXPECT_EQ(received(true, bytes), bytes); });
    for (auto& run : runs) run.join();
}

// Where the tool's processes cannot be seen, the engine is asked which there are.
TEST_F(DockerSlowReader, LearnsOfAnEndFromTheEngineToo) {
    const Container box(kBusybox, {}, {"sleep", "600"});
    const auto engine = find_endpoint(
        [](std::string_view key) { return key == "socket" ? test::docker_host() : std::string(); },
        [](std::string_view) { return std::string(); });
    ASSERT_TRUE(engine) << engine.error().message;
    Api api(*engine, "");
    const auto pid = test::must_docker({"inspect", "-f", "{{.State.Pid}}", box.name()});
    EXPECT_FALSE(is_gone_from(api, box.name(), pid));
    EXPECT_FALSE(is_gone_from(api, box.name(), ""));
    EXPECT_TRUE(is_gone_from(api, box.name(), "1" + pid + "1"));
    test::must_docker({"kill", box.name()});
    EXPECT_TRUE(is_gone_from(api, box.name(), ""));
    EXPECT_TRUE(is_gone_from(api, "no-such-container", ""));
}

}  // namespace
}  // namespace bkt::docker
