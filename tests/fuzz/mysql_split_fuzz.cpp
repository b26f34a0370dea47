// One tool's dump of several databases is divided among their parts by lines that whoever owns a database may have
// had a hand in: it ends in an answer, the same one however the bytes are cut, and no byte is lost or told
// twice.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>

#include "baktainer/testing/fake_host.hpp"
#include "baktainer/testing/memory_parts.hpp"
#include "plugins/engines/mysql/dump_split.hpp"

namespace {

struct Answer {
    int code = 0;
    std::map<std::string, std::string> parts;
    bool operator==(const Answer& o) const {
        // How much was given before a failure depends on the pieces.
        return code == o.code && (code != 0 || parts == o.parts);
    }
};

Answer split(std::string_view dump, std::size_t chunk_bytes) {
    bkt::testing::FakeHost host;
    bkt::testing::FakeCall fake(host.raw());
    bkt::testing::MemoryPlan plan;
    for (const char* part : {"a.sql", "b.sql"})
        if (!plan.plan().part(part)) std::abort();
    bkt::testing::MemoryPartsOut memory(plan);
    bkt::PartsOut out = memory.out(fake.call());
    int begun = 0;
    bkt::mysql::DumpSplit into(out, {{"a", "a.sql", false}, {"b", "b.sql", true}},
                               [&] { ++begun; });
    bkt::Status done;
    for (std::size_t at = 0; at < dump.size() && done; at += chunk_bytes)
        done = into.sink().write(bkt::as_bytes(dump.substr(at, chunk_bytes)));
    if (into.failed().has_value() == static_cast<bool>(done)) std::abort();
    if (done) done = into.finish(dump.size());
    if (done && (!memory.complete() || begun != 1)) std::abort();
    Answer answer;
    if (!done) answer.code = static_cast<int>(done.error().code);
    for (const auto& [name, part] : memory.parts) answer.parts[name] = part->sink.text;
    return answer;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view dump(reinterpret_cast<const char*>(data), size);
    const auto whole = split(dump, size + 1);
    if (!(split(dump, 1) == whole) || !(split(dump, 7) == whole)) std::abort();
    if (whole.code != 0) return 0;
    // The first section goes to the first part, what is behind it to the other.
    const auto second = dump.find("-- Current Database: `b`\n");
    if (second == dump.npos) std::abort();
    if (whole.parts.at("b.sql").find("-- Current Database: `b`\n") == std::string::npos)
        std::abort();
    return 0;
}
