// A backup's tar and a server's metadata are bytes from outside: reading them ends in an answer, the same one however
// they are cut, and never takes memory that the bytes did not pay for.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "baktainer/testing/fake_host.hpp"
#include "plugins/engines/influxdb/api_tar.hpp"
#include "plugins/engines/influxdb/multipart.hpp"

namespace {

class Counted final : public bkt::influxdb::MultipartReader {
public:
    std::size_t bytes = 0, parts = 0;

private:
    bkt::Status begin(const std::string&) override {
        ++parts;
        return {};
    }
    bkt::Status content(bkt::Bytes some) override {
        bytes += some.size();
        return {};
    }
    bkt::Status end() override { return {}; }
};

template <class Feed, class Finish>
int verdict(bkt::Bytes bytes, std::size_t chunk_bytes, Feed&& feed, Finish&& finish) {
    while (!bytes.empty()) {
        const auto chunk = bytes.first(std::min(chunk_bytes, bytes.size()));
        if (const auto fed = feed(chunk); !fed) return static_cast<int>(fed.error().code);
        bytes = bytes.subspan(chunk.size());
    }
    const auto end = finish();
    return end ? 0 : static_cast<int>(end.error().code);
}

int tar_verdict(bkt::Bytes bytes, std::size_t chunk_bytes) {
    bkt::testing::FakeHost host;
    bkt::testing::FakeCall fake(host.raw());
    bkt::Call call = fake.call();
    const auto tap = bkt::influxdb::api_tap();
    return verdict(
        bytes, chunk_bytes, [&](bkt::Bytes b) { return tap->feed(call, b); },
        [&] { return tap->finish(call); });
}

int parts_verdict(bkt::Bytes bytes, std::size_t chunk_bytes, std::size_t& got) {
    Counted parts;
    const int said = verdict(
        bytes, chunk_bytes, [&](bkt::Bytes b) { return parts.feed(b); },
        [&] { return parts.finish(); });
    got = parts.bytes;
    return said;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const bkt::Bytes bytes{reinterpret_cast<const std::byte*>(data), size};
    const int whole = tar_verdict(bytes, size + 1);
    if (tar_verdict(bytes, 1) != whole || tar_verdict(bytes, 7) != whole) std::abort();
    std::size_t at_once = 0, by_bytes = 0;
    const int parts = parts_verdict(bytes, size + 1, at_once);
    if (parts_verdict(bytes, 1, by_bytes) != parts || (parts == 0 && at_once != by_bytes))
        std::abort();
    return 0;
}
