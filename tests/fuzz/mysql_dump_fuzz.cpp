// A dump comes out of a container, which may be anybody's: proving it whole, and filtering it on its way into a
// client, end in an answer, the same one however the bytes are cut, and a rename changes nothing but names.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "baktainer/testing/memory_stream.hpp"
#include "plugins/engines/mysql/dump_filter.hpp"
#include "plugins/engines/mysql/dump_format.hpp"

namespace {

using bkt::mysql::DumpKind;

int verdict(DumpKind kind, bkt::Bytes bytes, std::size_t chunk_bytes) {
    const bkt_call raw{};
    bkt::Call call(nullptr, &raw);
    const auto tap = bkt::mysql::dump_format_tap(kind);
    while (!bytes.empty()) {
        const auto chunk = bytes.first(std::min(chunk_bytes, bytes.size()));
        if (const auto fed = tap->feed(call, chunk); !fed)
            return static_cast<int>(fed.error().code);
        bytes = bytes.subspan(chunk.size());
    }
    const auto end = tap->finish(call);
    return end ? 0 : static_cast<int>(end.error().code);
}

void judge(DumpKind kind, bkt::Bytes bytes) {
    const int whole = verdict(kind, bytes, bytes.size() + 1);
    if (verdict(kind, bytes, 1) != whole || verdict(kind, bytes, 7) != whole) std::abort();
    if (whole != 0) return;
    // What is whole is not whole a byte earlier, nor a byte later, nor twice.
    if (verdict(kind, bytes.first(bytes.size() - 1), bytes.size()) == 0) std::abort();
    std::vector<std::byte> more(bytes.begin(), bytes.end());
    more.push_back(std::byte{'\n'});
    if (verdict(kind, more, more.size()) == 0) std::abort();
    more.pop_back();
    more.insert(more.end(), bytes.begin(), bytes.end());
    if (verdict(kind, more, more.size()) == 0) std::abort();
}

struct Filtered {
    int code = 0;
    std::string text;
    bool operator==(const Filtered& o) const {
        // How much was given before a failure depends on the pieces.
        return code == o.code && (code != 0 || text == o.text);
    }
};

Filtered filtered(const std::string& dump, const char* from, const char* to,
                  std::size_t chunk_bytes) {
    bkt::testing::MemorySource memory(dump);
    memory.chunk_bytes = chunk_bytes;
    const bkt::mysql::DumpFilter filter(memory.source(), from, to);
    Filtered all;
    std::vector<std::byte> piece(chunk_bytes);
    for (;;) {
        const auto n = filter.source().read(piece);
        if (!n) {
            all.code = static_cast<int>(n.error().code);
            if (!filter.failed() || filter.failed()->code != n.error().code) std::abort();
            return all;
        }
        if (*n == 0) return all;
        all.text += bkt::as_text({piece.data(), *n});
    }
}

void rename(const std::string& dump) {
    constexpr const char *kFrom = "shop", *kTo = "zz`z";
    const auto there = filtered(dump, kFrom, kTo, 65536);
    if (!(filtered(dump, kFrom, kTo, 1) == there) || !(filtered(dump, kFrom, kTo, 7) == there))
        std::abort();
    const auto same = filtered(dump, kFrom, kFrom, 65536);
    if (!(filtered(dump, kFrom, kFrom, 3) == same)) std::abort();
    // A rename refuses more than none does. There and back again is no way at all.
    if (there.code != 0 || dump.find("zz") != dump.npos) return;
    if (same.code != 0 || filtered(there.text, kTo, kFrom, 100).text != same.text) std::abort();
    if (there.text.find("\nUSE `shop`;") != std::string::npos) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const bkt::Bytes bytes{reinterpret_cast<const std::byte*>(data), size};
    judge(DumpKind::database, bytes);
    judge(DumpKind::accounts, bytes);
    rename(std::string(bkt::as_text(bytes)));
    return 0;
}
