#include "plugins/discovery/docker/docker_discovery.hpp"

#include <gtest/gtest.h>

#include "baktainer/testing/fake_host.hpp"
#include "tests/unit/plugins/discovery/docker/scripted_engine.hpp"

namespace bkt::docker {
namespace {

struct Scanned {
    Status status;
    std::vector<std::string> ids;
};

Scanned scan(const ScriptedEngine::Answer& answer) {
    const ScriptedEngine engine([&](const std::string& request) {
        return request.starts_with("GET /version") ? kVersion : answer(request);
    });
    testing::FakeHost host;
    host.config["socket"] = engine.endpoint().text();
    testing::FakeCall fake(host.raw());
    Call call = fake.call();
    DockerDiscovery source(call);
    Scanned scanned;
    scanned.status = source.scan(call, [&](const FoundTarget& found) -> Status {
        scanned.ids.push_back(found.id);
        return {};
    });
    return scanned;
}

bool is_list(const std::string& request) {
    return request.starts_with("GET /v1.41/containers/json?all=true ");
}

std::string listed(const std::string& id) {
    return R"({"Id":")" + id + R"(","Labels":{"baktainer.backup":"true"}})";
}

std::string inspected(const std::string& id) {
    return answered(200, R"({"Id":")" + id + R"(","Config":{}})");
}

TEST(Scan, FindsAThousand) {
    std::string list;
    for (int i = 0; i < 1000; ++i) list += (i ? "," : "") + listed("id" + std::to_string(i));
    const auto found = scan([&](const std::string& request) {
        if (is_list(request)) return answered(200, "[" + list + "]");
        const auto at = std::string_view("GET /v1.41/containers/").size();
        return inspected(request.substr(at, request.find("/json") - at));
    });
    ASSERT_TRUE(found.status) << found.status.error().message;
    ASSERT_EQ(found.ids.size(), 1000u);
    EXPECT_EQ(found.ids.back(), "id999");
}

// Gone between the list and the look is gone; everything else that goes wrong is said.
TEST(Scan, PassesOverWhatIsGoneAndOverNothingElse) {
    const std::string list = "[" + listed("a") + "," + listed("b") + "]";
    const struct {
        const char* name;
        std::string list, second;
        bool well;
        std::size_t count;
    } kCases[] = {
        {"both there", answered(200, list), inspected("b"), true, 2},
        {"one gone", answered(200, list), answered(404, "{}"), true, 1},
        {"one that cannot be read", answered(200, list), answered(200, "[]"), false, 1},
        {"one that cannot be asked", answered(200, list), answered(500, "{}"), false, 1},
        {"an answer that is cut", answered(200, list), inspected("b").substr(0, 40), false, 1},
        {"an entry without an id", answered(200, R"([{"Labels":{"baktainer.x":"1"}}])"), "", false,
         0},
        {"an entry whose id is none", answered(200, R"([{"Id":7,"Labels":{"baktainer.x":"1"}}])"),
         "", false, 0},
        {"entries that ask for nothing", answered(200, R"([7,null,[],{},{"Labels":null}])"), "",
         true, 0},
        {"no list", answered(200, "{}"), "", false, 0},
        {"a cut list", answered(200, list).substr(0, 60), "", false, 0},
        {"nothing", answered(200, ""), "", false, 0},
        {"an engine in trouble", answered(500, "{}"), "", false, 0},
    };
    for (const auto& c : kCases) {
        const auto found = scan([&](const std::string& request) {
            if (is_list(request)) return c.list;
            return request.find("/containers/a/") != request.npos ? inspected("a") : c.second;
        });
        EXPECT_EQ(found.status.has_value(), c.well) << c.name;
        EXPECT_EQ(found.ids.size(), c.count) << c.name;
    }
}

// An answer that did not arrive may have left a container behind; only a clone that does not run is ours.
TEST(Clone, LeavesNothingBehindWhenTheAnswerIsLost) {
    const struct {
        const char* name;
        const char* found;
        bool removed;
    } kCases[] = {
        {"the clone",
         R"({"Id":"c1","Config":{"Labels":{"baktainer.clone-of":"x"}},"State":{"Running":false}})",
         true},
        {"one that runs",
         R"({"Id":"c1","Config":{"Labels":{"baktainer.clone-of":"x"}},"State":{"Running":true}})",
         false},
        {"somebody else's", R"({"Id":"c1","Config":{"Labels":{}},"State":{"Running":false}})",
         false},
    };
    for (const auto& c : kCases) {
        const ScriptedEngine engine([&](const std::string& request) -> std::string {
            if (request.starts_with("GET /version")) return kVersion;
            if (request.starts_with("GET /v1.41/containers/x/json")) return inspected("x");
            if (request.starts_with("POST /v1.41/containers/create")) return "HTTP/1.1 20";
            if (request.starts_with("GET /v1.41/containers/copy/json"))
                return answered(200, c.found);
            return answered(204, "");
        });
        testing::FakeHost host;
        host.config["socket"] = engine.endpoint().text();
        testing::FakeCall fake(host.raw());
        Call call = fake.call();
        DockerDiscovery source(call);
        EXPECT_FALSE(source.clone(call, "x", "copy")) << c.name;
        const auto requests = engine.requests();
        const bool removed = std::any_of(requests.begin(), requests.end(), [](const auto& r) {
            return r.starts_with("DELETE /v1.41/containers/c1?");
        });
        EXPECT_EQ(removed, c.removed) << c.name;
    }
}

// What this plugin did not make it does not remove, whatever the engine says of it.
TEST(RemoveClone, NeedsTheLabelOfAClone) {
    for (const char* inspected :
         {"{}", "[]", "null", R"({"Config":null})", R"({"Config":{"Labels":null}})",
          R"({"Config":{"Labels":["baktainer.clone-of"]}})",
          R"({"Config":{"Labels":{"baktainer.backup":"true"}}})"}) {
        const ScriptedEngine engine([&](const std::string& request) {
            return request.starts_with("GET /version") ? kVersion : answered(200, inspected);
        });
        testing::FakeHost host;
        host.config["socket"] = engine.endpoint().text();
        testing::FakeCall fake(host.raw());
        Call call = fake.call();
        DockerDiscovery source(call);
        const auto removed = source.remove_clone(call, "x");
        ASSERT_FALSE(removed) << inspected;
        EXPECT_EQ(removed.error().code, Code::denied) << inspected;
        for (const auto& request : engine.requests())
            EXPECT_FALSE(request.starts_with("DELETE")) << inspected;
    }
}

}  // namespace
}  // namespace bkt::docker
