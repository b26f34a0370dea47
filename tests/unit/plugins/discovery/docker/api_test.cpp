#include "plugins/discovery/docker/api.hpp"

#include <gtest/gtest.h>

#include "plugins/discovery/docker/events.hpp"

namespace bkt::docker {
namespace {

TEST(ApiVersion, IsWhatBothSidesKnow) {
    const struct {
        const char* name;
        ApiVersion server;
        std::optional<ApiVersion> oldest;
        std::optional<ApiVersion> chosen;
    } kCases[] = {
        {"an old engine", {1, 41}, {}, ApiVersion{1, 41}},
        {"the newest we know", {1, 51}, ApiVersion{1, 24}, ApiVersion{1, 51}},
        {"a newer engine", {1, 60}, ApiVersion{1, 44}, ApiVersion{1, 51}},
        {"an engine that forgot ours", {1, 70}, ApiVersion{1, 60}, {}},
        {"an engine before exec had an environment", {1, 24}, {}, {}},
    };
    for (const auto& c : kCases) {
        const auto chosen = choose_api(c.server, c.oldest);
        EXPECT_EQ(chosen ? std::optional(*chosen) : std::nullopt, c.chosen) << c.name;
        if (!chosen) {
            EXPECT_FALSE(chosen.error().hint.empty()) << c.name;
        }
    }
    for (const char* text : {"", "1", "1.", ".41", "1.x", "1.41-rc", "-1.2"})
        EXPECT_FALSE(parse_api_version(text)) << text;
    for (const char* text : {"1.41", "v1.41"})
        EXPECT_EQ(parse_api_version(text)->text(), "1.41") << text;
}

TEST(ApiError, SaysWhatTheEngineSaidAndWhatItMeans) {
    const struct {
        unsigned status;
        const char* body;
        Code code;
        const char* message;
    } kCases[] = {
        {404, R"({"message":"No such container: x"})", Code::not_found, "No such container: x"},
        {409, R"({"message":"is paused"})", Code::conflict, "is paused"},
        {403, "<html>no</html>", Code::denied, "answered 403"},
        {400, "Client sent an HTTP request to an HTTPS server.\n", Code::denied, "only TLS"},
        {500, "", Code::failed, "answered 500"},
        {500, R"({"message":7})", Code::failed, "answered 500"},
    };
    for (const auto& c : kCases) {
        const auto error = api_error(c.status, c.body);
        EXPECT_EQ(error.code, c.code) << c.body;
        EXPECT_NE(error.message.find(c.message), std::string::npos) << error.message;
    }
    EXPECT_LE(api_error(500, std::string(1 << 20, 'x')).message.size(), 500u);
}

TEST(Encoded, LeavesNothingThatAPathOrQueryCouldMistake) {
    EXPECT_EQ(encoded("a/b?c=d&e f\n\xff"), "a%2Fb%3Fc%3Dd%26e%20f%0A%FF");
    EXPECT_EQ(encoded("shop-db_1.x~"), "shop-db_1.x~");
}

TEST(ChangeOf, TellsComingsAndGoings) {
    EXPECT_EQ(change_of("start"), Change::added);
    EXPECT_EQ(change_of("unpause"), Change::added);
    EXPECT_EQ(change_of("die"), Change::removed);
    EXPECT_EQ(change_of("destroy"), Change::removed);
    EXPECT_EQ(change_of("remove"), Change::removed);  // Podman's word
    EXPECT_EQ(change_of("health_status: healthy"), std::nullopt);
    EXPECT_EQ(change_of("exec_create: pg_dump"), std::nullopt);
    EXPECT_EQ(change_of(""), std::nullopt);
}

}  // namespace
}  // namespace bkt::docker
