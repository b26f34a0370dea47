// A stream between two processes takes the memory of its buffers, whoever is slow.
#include "tests/fault/worker/isolated.hpp"
#include "tests/support/process.hpp"

namespace bkt::test {
namespace {

// KiB at the last byte of a stream of so many MiB: here and in the plugin's process.
std::pair<long, long> peaks(const char* mebibytes) {
    const auto ended = run({WORKER_HOLDER, ROGUE_PLUGIN, "get", "", "slowly", mebibytes});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    const auto after = [&](const std::string& words) {
        const auto at = ended.out.find(words);
        return at == std::string::npos ? 0 : std::stol("0" + ended.out.substr(at + words.size()));
    };
    return {after("peak here "), after("peak there ")};
}

TEST(WorkerStream, IsHeldInBoundedMemoryHoweverSlowItsConsumer) {
    const auto [few_here, few_there] = peaks("8");
    const auto [many_here, many_there] = peaks("256");
    ASSERT_GT(few_here, 0);
    ASSERT_GT(few_there, 0);
    constexpr long kSlackKib = 16 * 1024;
    EXPECT_LT(many_here, few_here + kSlackKib);
    EXPECT_LT(many_there, few_there + kSlackKib);
}

}  // namespace
}  // namespace bkt::test
