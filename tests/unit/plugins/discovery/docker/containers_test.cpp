#include "plugins/discovery/docker/containers.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace bkt::docker {
namespace {

using nlohmann::json;

// Cut from GET /containers/ID/json of Docker 20.10.
const json kInspected = json::parse(R"({
  "Id": "0123456789abcdef", "Name": "/shop_db_1", "Image": "sha256:feed",
  "State": {"Status": "running", "Running": true},
  "Config": {"Image": "postgres:15", "Env": ["POSTGRES_DB=shop", "EMPTY=", "EQ=a=b", "broken"], "Cmd": ["postgres", "-c", "x=y"],
    "Entrypoint": ["docker-entrypoint.sh"], "User": "", "WorkingDir": "/", "Hostname": "0123", "Volumes": {"/data": {}}, "ExposedPorts": {"5432/tcp": {}},
    "Labels": {"baktainer.backup": "true", "com.docker.compose.project": "shop", "com.docker.compose.service": "db", "com.docker.compose.container-number": "2"}},
  "HostConfig": {"Binds": ["/srv/db:/var/lib/postgresql/data"], "PortBindings": {"5432/tcp": [{"HostPort": "5432"}]}, "NetworkMode": "shop_default", "Memory": 67108864,
    "RestartPolicy": {"Name": "always"}, "Privileged": true, "ShmSize": 1000, "VolumesFrom": ["other"], "AutoRemove": true},
  "Mounts": [{"Type": "bind", "Source": "/srv/db"}]
})");

TEST(TargetOf, SaysWhatTheEngineSays) {
    const auto target = target_of(kInspected);
    ASSERT_TRUE(target);
    EXPECT_EQ(target->name, "shop/db-2");
    EXPECT_EQ(target->image, "postgres:15");
    EXPECT_EQ(target->image_digest, "sha256:feed");
    EXPECT_EQ(target->state, "running");
    EXPECT_EQ(target->env, (std::vector<std::pair<std::string, std::string>>{
                               {"POSTGRES_DB", "shop"}, {"EMPTY", ""}, {"EQ", "a=b"}}));
    EXPECT_EQ(target->labels.size(), 4u);
    for (const char* text : {"null", "[]", "{}", R"({"Id": 7})", R"({"Id": "x", "Config": 1})",
                             R"({"Id": "x", "Config": []})", R"("text")", "7"})
        EXPECT_FALSE(target_of(json::parse(text))) << text;
}

TEST(TargetOf, CallsACloneByItsOwnName) {
    auto clone = kInspected;
    clone["Config"]["Labels"][kCloneLabel] = "x";
    clone["Name"] = "/restored";
    EXPECT_EQ(target_of(clone)->name, "restored");
}

TEST(TargetOf, ToleratesWhatItDoesNotNeed) {
    for (const char* text :
         {R"({"Id": "x", "Config": {}})",
          R"({"Id": "x", "Config": {"Labels": null, "Env": null}, "State": null})",
          R"({"Id": "x", "Config": {"Labels": [1], "Env": "A=b"}, "State": 1})",
          R"({"Id": "x", "Config": {"Labels": {"a": 1}, "Env": [1, null]}})"}) {
        const auto target = target_of(json::parse(text));
        ASSERT_TRUE(target) << text;
        EXPECT_TRUE(target->labels.empty()) << text;
        EXPECT_TRUE(target->env.empty()) << text;
        EXPECT_EQ(target->state, "") << text;
        EXPECT_NO_THROW(clone_body(json::parse(text))) << text;
    }
    EXPECT_NO_THROW(clone_body(json()));
}

TEST(DisplayName, IsThatOfComposeElseTheContainers) {
    EXPECT_EQ(display_name(json::object(), "/web"), "web");
    EXPECT_EQ(display_name({{"com.docker.compose.project", "p"},
                            {"com.docker.compose.service", "s"},
                            {"com.docker.compose.container-number", "1"}},
                           "/p_s_1"),
              "p/s");
    EXPECT_EQ(display_name({{"com.docker.compose.project", "p"}}, "/web"), "web");
}

TEST(IsAsking, NeedsALabelOfOursUnlessToldOtherwise) {
    EXPECT_TRUE(is_asking({{"baktainer.backup", "true"}}, true));
    EXPECT_TRUE(is_asking({{"baktainer.bakup", "true"}}, true))
        << "a slip must be seen to be reported";
    EXPECT_FALSE(is_asking({{"com.example", "x"}}, true));
    EXPECT_TRUE(is_asking({{"com.example", "x"}}, false));
    EXPECT_FALSE(is_asking({{kCloneLabel, "x"}, {"baktainer.backup", "true"}}, false))
        << "what a restore made is no target";
    EXPECT_FALSE(is_asking(json(), true));
}

TEST(IsUnnamed, WhatAsksForABackupAndNamesNoEngine) {
    FoundTarget t;
    t.labels = {{"maintainer", "x"}};
    EXPECT_FALSE(is_unnamed(t)) << "asks for nothing";
    t.labels.emplace_back("baktainer.backup", "true");
    EXPECT_TRUE(is_unnamed(t));
    t.state = "exited";
    EXPECT_FALSE(is_unnamed(t)) << "runs nothing";
    t.state = "running";
    t.labels.emplace_back("baktainer.job.a.db.engine", "sqlite");
    EXPECT_FALSE(is_unnamed(t));
}

TEST(ProgramsOf, AreNamedOnceAndWhatIsNoAnswerNamesNone) {
    const auto programs = [](const char* text) { return programs_of(json::parse(text)); };
    EXPECT_EQ(programs(R"({"Titles":["PID","COMMAND"],
                           "Processes":[["1","postgres"],["7","postgres"],["9","my sh"]]})"),
              (std::vector<std::string>{"postgres", "my sh"}));
    for (const char* text :
         {"null", "[]", "{}", R"({"Processes":7})", R"({"Processes":[7,[],["1"],["1",2]]})"})
        EXPECT_TRUE(programs(text).empty()) << text;
}

TEST(CloneBody, IsTheSameServerAndNobodyElsesInItsPlace) {
    const auto body = clone_body(kInspected);
    EXPECT_EQ(body["Image"], "sha256:feed");
    EXPECT_EQ(body["Cmd"], kInspected["Config"]["Cmd"]);
    EXPECT_EQ(body["Env"], kInspected["Config"]["Env"]);
    EXPECT_EQ(body["Labels"], (json{{kCloneLabel, "0123456789abcdef"}}));
    EXPECT_EQ(body["HostConfig"]["NetworkMode"], "shop_default");
    EXPECT_EQ(body["HostConfig"]["Memory"], 67108864);
    for (const char* key : {"Binds", "PortBindings", "RestartPolicy", "Privileged", "VolumesFrom",
                            "AutoRemove", "Mounts"})
        EXPECT_FALSE(body["HostConfig"].contains(key)) << key;
    for (const char* key : {"Hostname", "ExposedPorts", "NetworkingConfig"})
        EXPECT_FALSE(body.contains(key)) << key;
    auto sharing = kInspected;
    for (const char* mode : {"container:abc", "host", ""}) {
        sharing["HostConfig"]["NetworkMode"] = mode;
        EXPECT_EQ(clone_body(sharing)["HostConfig"]["NetworkMode"], "default") << mode;
    }
}

}  // namespace
}  // namespace bkt::docker
