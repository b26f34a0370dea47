// plugin_bench: what a plugin costs in this process and in one of its own: loading, a call, a stream.
// scripts/bench --plugins runs it in the release build; it measures and judges nothing.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "core/plugin/registry.hpp"
#include "core/stream/zstd.hpp"
#include "tests/fault/worker/isolated.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using bkt::test::Rogue;

double seconds_since(Clock::time_point begun) {
    return std::chrono::duration<double>(Clock::now() - begun).count();
}

// zstd -3 in the calling thread, into nothing: the work a stream of a backup meets at least.
struct Compressed {
    struct Nothing final : bkt::stream::Stage {
        bkt::Status write(bkt::Bytes) override { return {}; }
        bkt::Status finish() override { return {}; }
    } nothing;
    bkt::stream::ZstdEncoder zstd{nothing, {3, 0, 2u << 20}};
    bkt_sink raw{
        sizeof raw,
        0,
        this,
        [](const bkt_sink* s, const void* p, std::uint64_t n) noexcept -> bkt_rc {
            const auto* bytes = static_cast<const std::byte*>(p);
            return static_cast<Compressed*>(s->ctx)->zstd.write({bytes, n}) ? BKT_OK : BKT_FAILED;
        },
        nullptr,
        nullptr};
};

double stream_s(const bkt_storage_ops& ops, std::uint64_t bytes) {
    const bkt::test::StoreOn store(ops, "bench");
    Compressed into;
    bkt::testing::FakeCall call(store.host.raw());
    const auto begun = Clock::now();
    if (ops.get(store.self(), call.raw(), bkt::str("k"), 0, bytes, &into.raw) != BKT_OK)
        std::abort();
    return seconds_since(begun);
}

double call_us(const bkt_storage_ops& ops, int count) {
    const bkt::test::StoreOn store(ops, "");
    bkt::testing::FakeCall call(store.host.raw());
    std::uint64_t n = 0;
    const auto begun = Clock::now();
    for (int i = 0; i < count; ++i) ops.free_bytes(store.self(), call.raw(), &n);
    return seconds_since(begun) * 1e6 / count;
}

double open_ms(const bkt_storage_ops& ops, int count) {
    const auto begun = Clock::now();
    for (int i = 0; i < count; ++i) const bkt::test::StoreOn store(ops, "");
    return seconds_since(begun) * 1e3 / count;
}

// Searching, judging and loading the built-in plugins beside this program, in a process that has loaded none.
struct Loading {
    double seconds = 0;
    std::size_t plugins = 0;
};

Loading load_once() {
    int ends[2];
    if (::pipe(ends) != 0) std::abort();
    const pid_t child = ::fork();
    if (child == 0) {
        bkt::config::Settings settings;
        settings.values["plugins.path"] = {"", "bench"};
        settings.values["plugins.trusted_keys"] = {"/nowhere", "bench"};
        settings.values["state_dir"] = {"/nowhere", "bench"};
        const auto begun = Clock::now();
        const auto registry = bkt::plugin::load_plugins(settings, "");
        const Loading loading{seconds_since(begun), registry.admissions().size()};
        for (const auto& problem : registry.problems())
            std::fprintf(stderr, "%s\n", problem.message.c_str());
        const bool whole = registry.problems().empty() &&
                           ::write(ends[1], &loading, sizeof loading) == sizeof loading;
        ::_exit(whole ? 0 : 1);
    }
    Loading loading;
    int status = 0;
    ::close(ends[1]);
    const bool told = ::read(ends[0], &loading, sizeof loading) == sizeof loading;
    ::close(ends[0]);
    if (::waitpid(child, &status, 0) != child || status != 0 || !told) std::abort();
    return loading;
}

void load_many() {
    std::vector<double> all;
    std::size_t plugins = 0;
    for (int round = 0; round < 21; ++round) {
        const auto loading = load_once();
        plugins = loading.plugins;
        all.push_back(loading.seconds);
    }
    std::sort(all.begin(), all.end());
    const double median_ms = all[all.size() / 2] * 1e3;
    std::printf("load           %8.2f ms for %zu plugins, %.2f ms for twelve\n", median_ms, plugins,
                median_ms * 12 / static_cast<double>(plugins));
}

}  // namespace

int main() {
    ::signal(SIGPIPE, SIG_IGN);
    load_many();  // first: while there are no threads
    const auto& here = bkt::test::rogue_here<bkt_storage_ops>(BKT_KIND_STORAGE);
    const auto& isolated = bkt::test::rogue<bkt_storage_ops>(BKT_KIND_STORAGE);
    constexpr std::uint64_t kBytes = 512u << 20;
    double best_here = 1e9, best_isolated = 1e9;
    for (int round = 0; round < 4; ++round) {  // interleaved; the best of each
        best_here = std::min(best_here, stream_s(here, kBytes));
        best_isolated = std::min(best_isolated, stream_s(isolated, kBytes));
    }
    std::printf("call           %8.2f us here   %8.2f us in a worker\n", call_us(here, 1'000'000),
                call_us(isolated, 20'000));
    std::printf("open and close %8.3f ms here   %8.3f ms in a worker\n", open_ms(here, 1000),
                open_ms(isolated, 100));
    std::printf("stream, zstd   %8.0f MB/s here %8.0f MB/s in a worker, ratio %.3f\n",
                kBytes / 1e6 / best_here, kBytes / 1e6 / best_isolated, best_isolated / best_here);
}
