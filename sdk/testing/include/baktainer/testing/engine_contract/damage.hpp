// testing/engine_contract/damage.hpp: a dump's parts in their plain form, cut, and stored files spoilt.
#pragma once

#include <array>

#include "baktainer/testing/end_to_end/baktainer.hpp"
#include "baktainer/testing/plugin_under_test.hpp"

namespace bkt::testing {

struct PlainPart {
    std::string name, media_type, bytes;
};

inline std::string file_content(const std::filesystem::path& path) {
    return detail::content(path.string());
}

// The parts of a backup as `restore --to file:` decodes them.
class PlainParts final {
public:
    PlainParts(Baktainer& program, const std::string& id) {
        const auto done = program.run({"restore", id, "--to", "file:" + dir_.path() + "/plain"});
        EXPECT_EQ(done.exit_code, 0) << done.err;
        const auto shown = program.run({"--output", "json", "show", id});
        const auto manifest = nlohmann::json::parse(shown.out, nullptr, false);
        if (!manifest.is_object()) return;
        for (const auto& part : manifest.at("parts"))
            for (const auto& entry :
                 std::filesystem::recursive_directory_iterator(dir_.path() + "/plain"))
                if (entry.path().filename() == part.at("name").get<std::string>())
                    all_.push_back(
                        {part.at("name"), part.at("media_type"), file_content(entry.path())});
    }
    const std::vector<PlainPart>& all() const { return all_; }

private:
    TempDir dir_;
    std::vector<PlainPart> all_;
};

// Lengths shorter than `size`: nothing, all but one byte, and places between.
inline std::vector<std::size_t> cuts(std::size_t size, std::size_t count) {
    std::vector<std::size_t> lengths;
    for (std::size_t i = 0; i + 1 < count && size > 0; ++i)
        lengths.push_back(size * i / (count - 1));
    if (size > 0) lengths.push_back(size - 1);
    return lengths;
}

// The engine's own judgement of bytes, in this process; "" = whole.
class EngineValidator final {
public:
    explicit EngineValidator(const std::string& library,
                             std::map<std::string, std::string> settings = {})
        : engine_(library, host_) {
        host_.config = std::move(settings);
        EXPECT_TRUE(engine_.opened()) << engine_.opened().error().message;
    }
    std::string judge(const PlainPart& part, std::string_view bytes) const {
        const auto judged = engine_.call([&](const auto& ops, void* self, const bkt_call* call) {
            const bkt_tap* tap = nullptr;
            bkt_rc rc = ops.validator(self, call, str(part.name), str(part.media_type), 0, &tap);
            if (rc != BKT_OK) return rc;
            const auto tail = BKT_HAS(tap, bkt_tap, tail_bytes) ? tap->tail_bytes : 0;
            auto seen = bytes;
            if (tail > 0 && seen.size() > tail) seen = seen.substr(seen.size() - tail);
            constexpr std::size_t kChunk = 64 * 1024;
            for (std::size_t at = 0; rc == BKT_OK && at < seen.size(); at += kChunk)
                rc = tap->feed(tap, call, seen.data() + at, std::min(kChunk, seen.size() - at));
            if (rc == BKT_OK) rc = tap->finish(tap, call);
            tap->release(tap);
            return rc;
        });
        if (judged) return {};
        return judged.error().message.empty() ? "not whole" : judged.error().message;
    }

private:
    FakeHost host_;
    PluginUnderTest<bkt_engine_ops> engine_;
};

struct Damage {
    const char* name;
    std::string (*spoil)(std::string bytes);
};

inline const std::array kDamages{
    Damage{"with one bit flipped",
           [](std::string b) {
               b[b.size() / 2] = static_cast<char>(b[b.size() / 2] ^ 1);
               return b;
           }},
    Damage{"with its halves exchanged",
           [](std::string b) { return b.substr(b.size() / 2) + b.substr(0, b.size() / 2); }},
    Damage{"twice after another", [](std::string b) { return b + b; }},
    Damage{"without its last byte", [](std::string b) { return b.substr(0, b.size() - 1); }},
};

// A file spoilt for as long as this lives.
class DamagedFile final {
public:
    DamagedFile(std::string path, const Damage& damage)
        : path_(std::move(path)), original_(file_content(path_)) {
        write(damage.spoil(original_));
    }
    ~DamagedFile() { write(original_); }
    DamagedFile(const DamagedFile&) = delete;
    DamagedFile& operator=(const DamagedFile&) = delete;

private:
    // A file of the store is read-only: replaced, as a careless hand would.
    void write(const std::string& bytes) const {
        std::filesystem::remove(path_);
        std::ofstream(path_, std::ios::binary) << bytes;
    }
    std::string path_, original_;
};

}  // namespace bkt::testing
