#include "plugins/engines/influxdb/multipart.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace bkt::influxdb {
namespace {

class Collected final : public MultipartReader {
public:
    std::vector<std::pair<std::string, std::string>> parts;
    unsigned ended = 0;

private:
    Status begin(const std::string& name) override {
        parts.emplace_back(name, "");
        return {};
    }
    Status content(Bytes bytes) override {
        parts.back().second.append(as_text(bytes));
        return {};
    }
    Status end() override {
        ++ended;
        return {};
    }
};

// As InfluxDB 2.7.12 sends it.
std::string one_part(const std::string& name, const std::string& text) {
    return "\r\nContent-Disposition: attachment; name=\"" + name +
           "\"\r\nContent-Type: application/octet-stream\r\n\r\n" + text + "\r\n--b0undary";
}
const std::string kNearly = "x\r\n--b0undar\r\n--b\r\n\r\r\n--";
const std::string kAllParts = "--b0undary" + one_part("kv", kNearly) + one_part("sql", "") +
                              one_part("buckets", "[]") + "--\r\n";

std::string parts_verdict(std::string_view bytes, std::size_t chunk_bytes, Collected& into) {
    while (!bytes.empty()) {
        const auto chunk = bytes.substr(0, chunk_bytes);
        if (const auto fed = into.feed(as_bytes(chunk)); !fed)
            return std::string(code_name(fed.error().code));
        bytes.remove_prefix(chunk.size());
    }
    const auto end = into.finish();
    return end ? "ok" : std::string(code_name(end.error().code));
}
std::string parts_verdict(std::string_view bytes, std::size_t chunk_bytes = 4096) {
    Collected into;
    return parts_verdict(bytes, chunk_bytes, into);
}

TEST(Multipart, GivesEachPartsBytesWhateverTheChunks) {
    for (const std::size_t chunk : {1, 2, 7, 11, 12, 64, 65536}) {
        Collected into;
        EXPECT_EQ(parts_verdict(kAllParts, chunk, into), "ok") << chunk;
        EXPECT_EQ(into.parts, (std::vector<std::pair<std::string, std::string>>{
                                  {"kv", kNearly}, {"sql", ""}, {"buckets", "[]"}}))
            << chunk;
        EXPECT_EQ(into.ended, 3u);
    }
}

TEST(Multipart, CutAnywhereIsNotWhole) {
    const auto closed = kAllParts.size() - 2;  // without the last line end it is whole too
    for (std::size_t length = 0; length < closed; ++length)
        EXPECT_EQ(parts_verdict(std::string_view(kAllParts).substr(0, length)), "truncated")
            << length;
    EXPECT_EQ(parts_verdict(std::string_view(kAllParts).substr(0, closed)), "ok");
}

TEST(Multipart, OtherBytesAreRefused) {
    const struct {
        const char* name;
        std::string bytes, verdict;
    } kCases[] = {
        {"an error in the place of the rest",
         "--b0undary" + one_part("kv", "x") + one_part("sql", "y").substr(0, 90) +
             R"({"code":"internal"})",
         "truncated"},
        {"an error page", "<html>\r\n</html>\r\n", "corrupt"},
        {"no line at all", std::string(10'000, 'x'), "corrupt"},
        {"endless headers", "--b0undary\r\n" + std::string(20'000, 'x'), "corrupt"},
        {"a boundary of 81 bytes", "--" + std::string(79, 'b') + "\r\n", "corrupt"},
        {"the longest boundary", "--" + std::string(78, 'b') + "\r\n", "truncated"},
        {"something behind its end", kAllParts + "more", "corrupt"},
        {"a boundary that goes on", "--b0undary" + one_part("kv", "") + "xx\r\n", "corrupt"},
    };
    for (const auto& c : kCases)
        for (const std::size_t chunk : {1, 4096})
            EXPECT_EQ(parts_verdict(c.bytes, chunk), c.verdict) << c.name;
}

}  // namespace
}  // namespace bkt::influxdb
