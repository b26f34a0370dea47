// Containers found, watched and copied.
#include <grp.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <thread>

#include "tests/integration/docker/opened.hpp"
#include "tests/support/cutting_proxy.hpp"
#include "tests/support/temp_dir.hpp"

namespace bkt::docker {
namespace {

using test::Container;

class DockerContainers : public ::testing::Test {
protected:
    void SetUp() override { BKT_NEED_IMAGE(kBusybox); }

    static std::map<std::string, FoundTarget> scan(Opened& docker) {
        testing::FakeCall call(docker.host.raw());
        Call c = call.call();
        std::map<std::string, FoundTarget> found;
        const auto done = docker.source->scan(c, [&](const FoundTarget& t) -> Status {
            found[t.name] = t;
            return {};
        });
        EXPECT_TRUE(done) << done.error().message;
        return found;
    }
};

TEST_F(DockerContainers, AreFoundWithTheirStateAndComposeName) {
    const auto project = test::unique_name("p");
    const Container running(kBusybox, {"--label", "baktainer.backup=true", "-e", "X=y"},
                            {"sleep", "600"});
    const Container stopped(kBusybox, {"--label", "baktainer.backup=true"}, {"true"});
    const Container paused(kBusybox, {"--label", "baktainer.name=x"}, {"sleep", "600"});
    const Container silent(kBusybox, {}, {"sleep", "600"});
    const Container composed(
        kBusybox,
        {"--label", "baktainer.backup=true", "--label", "com.docker.compose.project=" + project,
         "--label", "com.docker.compose.service=db", "--label",
         "com.docker.compose.container-number=1"},
        {"sleep", "600"});
    test::docker({"wait", stopped.name()});
    test::must_docker({"pause", paused.name()});
    Opened docker;
    const auto found = scan(docker);
    ASSERT_EQ(found.count(running.name()), 1u);
    EXPECT_EQ(found.at(running.name()).state, "running");
    EXPECT_EQ(found.at(running.name()).image, kBusybox);
    EXPECT_EQ(found.at(running.name()).programs, std::vector<std::string>{"sleep"});
    EXPECT_TRUE(found.at(stopped.name()).programs.empty());
    EXPECT_TRUE(found.at(running.name()).image_digest.starts_with("sha256:"));
    EXPECT_EQ(found.at(stopped.name()).state, "exited");
    EXPECT_EQ(found.at(paused.name()).state, "paused");
    EXPECT_EQ(found.count(silent.name()), 0u);
    EXPECT_EQ(found.count(project + "/db"), 1u);
    Opened open(Settings{{"opt_in", "false"}});
    EXPECT_EQ(scan(open).count(silent.name()), 1u);
    test::must_docker({"unpause", paused.name()});
}

TEST_F(DockerContainers, ACloneIsLikeItsOriginalAndOnlyClonesAreRemoved) {
    const Container original(
        kBusybox,
        {"--label", "baktainer.backup=true", "--label", "com.docker.compose.project=p", "-e",
         "SECRET=s", "-v", "/tmp:/host-tmp", "-p", "127.0.0.1::80"},
        {"sleep", "601"});
    const auto id = test::must_docker({"inspect", "-f", "{{.Id}}", original.name()});
    Opened docker;
    testing::FakeCall call(docker.host.raw());
    Call c = call.call();
    const auto name = test::unique_name("clone");
    const auto clone = docker.source->clone(c, id, name);
    ASSERT_TRUE(clone) << clone.error().message;
    EXPECT_EQ(clone->name, name);
    const auto inspect = [&](const char* what) {
        return test::must_docker({"inspect", "-f", what, name});
    };
    const auto labels = inspect("{{json .Config.Labels}}");
    EXPECT_NE(labels.find("\"baktainer.clone-of\":\"" + id + "\""), std::string::npos) << labels;
    EXPECT_EQ(labels.find("baktainer.backup"), std::string::npos) << labels;
    EXPECT_EQ(labels.find("compose"), std::string::npos) << labels;
    EXPECT_EQ(inspect("{{json .Config.Cmd}}"), R"(["sleep","601"])");
    EXPECT_EQ(inspect("{{json .HostConfig.Binds}}{{json .Mounts}}"), "null[]");
    EXPECT_NE(inspect("{{json .Config.Env}}").find("SECRET=s"), std::string::npos);
    EXPECT_EQ(scan(docker).count(name), 0u) << "a clone is no target";
    EXPECT_EQ(docker.source->clone(c, id, name).error().code, Code::exists);
    EXPECT_EQ(docker.source->remove_clone(c, id).error().code, Code::denied);
    EXPECT_TRUE(docker.source->remove_clone(c, clone->id));
    EXPECT_NE(test::docker({"inspect", name}).exit_code, 0);
    EXPECT_EQ(docker.source->clone(c, "0123456789ab", name).error().code, Code::not_found);
}

TEST_F(DockerContainers, ComingAndGoingIsToldUntilCancelled) {
    Opened docker;
    testing::FakeCall call(docker.host.raw());
    Call c = call.call();
    std::mutex mutex;
    std::vector<std::pair<Change, std::string>> changes;
    const auto saw = [&](Change change, const std::string& id) {
        const std::lock_guard lock(mutex);
        return std::find(changes.begin(), changes.end(), std::pair{change, id}) != changes.end();
    };
    Status ended;
    std::thread watcher([&] {
        ended = docker.source->watch(c, [&](Change change, std::string_view id) -> Status {
            const std::lock_guard lock(mutex);
            changes.emplace_back(change, id);
            return {};
        });
    });
    bool added = false, removed = false;
    for (int i = 0; i < 20 && !(added && removed); ++i) {  // the first may come before we listen
        std::string id;
        {
            const Container box(kBusybox, {}, {"sleep", "600"});
            id = test::must_docker({"inspect", "-f", "{{.Id}}", box.name()});
            for (int t = 0; t < 100 && !saw(Change::added, id); ++t)
                std::this_thread::sleep_for(std::chrono::milliseconds(10));
            added = saw(Change::added, id);
        }
        for (int t = 0; t < 100 && !saw(Change::removed, id); ++t)
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        removed = saw(Change::removed, id);
    }
    EXPECT_TRUE(added && removed);
    call.cancel();
    watcher.join();
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().code, Code::cancelled);
}

TEST_F(DockerContainers, AnUnreachableEngineNamesTheRemedy) {
    const struct {
        const char* socket;
        Code code;
    } kCases[] = {{"unix:///nowhere/docker.sock", Code::unavailable},
                  {"tcp://127.0.0.1:1", Code::unavailable},
                  {"tcp://no-such-host.invalid:2375", Code::unavailable}};
    for (const auto& c : kCases) {
        Opened docker(Settings{{"socket", c.socket}});
        testing::FakeCall call(docker.host.raw());
        Call k = call.call();
        const auto health = docker.source->health(k);
        ASSERT_FALSE(health) << c.socket;
        EXPECT_EQ(health.error().code, c.code) << c.socket;
        EXPECT_FALSE(health.error().hint.empty()) << c.socket;
    }
    Opened docker;
    testing::FakeCall call(docker.host.raw());
    Call c = call.call();
    EXPECT_NE(docker.source->health(c)->find("API 1."), std::string::npos);
}

TEST_F(DockerContainers, ASocketOfSomebodyElseNamesTheRemedy) {
    if (::getuid() != 0) GTEST_SKIP() << "needs root, to be somebody else";
    if (!test::docker_host().starts_with("unix://")) GTEST_SKIP() << "needs a unix socket";
    const test::TempDir dir;
    const auto path = dir.path() + "/docker.sock";
    const test::CuttingProxy proxy(path, test::docker_host().substr(7));
    ASSERT_EQ(::chmod(dir.path().c_str(), 0755), 0);  // the way is free,
    ASSERT_EQ(::chmod(path.c_str(), 0660), 0);        // the socket is not
    Opened docker(Settings{{"socket", path}});
    const auto ask = [&]() -> int {
        testing::FakeCall call(docker.host.raw());
        Call c = call.call();
        const auto health = docker.source->health(c);
        if (health) return 0;
        const auto& error = health.error();
        if (error.code != Code::denied) return 2;
        return error.hint.find("group") == std::string::npos ? 3 : 1;
    };
    const pid_t child = ::fork();
    if (child == 0) {
        const bool dropped =
            ::setgroups(0, nullptr) == 0 && ::setgid(65534) == 0 && ::setuid(65534) == 0;
        ::_exit(dropped ? ask() : 9);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 1);
    EXPECT_EQ(ask(), 0) << "root may";
}

// Labels of the image are labels of every container made of it.
TEST_F(DockerContainers, ACloneOfALabelledImageIsNoTargetEither) {
    test::TempDir context;
    test::must({"sh", "-euc",
                "printf 'FROM %s\\nLABEL baktainer.backup=true "
                "com.docker.compose.project=p com.docker.compose.service=s\\n' \"$2\" > "
                "\"$1/Dockerfile\"",
                "sh", context.path(), kBusybox});
    const auto image = test::unique_name("labelled");
    test::must_docker({"build", "-q", "-t", image, context.path()});
    const Container original(image, {}, {"sleep", "600"});
    Opened docker;
    testing::FakeCall call(docker.host.raw());
    Call c = call.call();
    const auto id = test::must_docker({"inspect", "-f", "{{.Id}}", original.name()});
    const auto name = test::unique_name("clone");
    const auto clone = docker.source->clone(c, id, name);
    ASSERT_TRUE(clone) << clone.error().message;
    EXPECT_EQ(clone->name, name) << "it answers to its own name, not to the service's";
    for (const auto& [found_name, found] : scan(docker)) EXPECT_NE(found.id, clone->id);
    EXPECT_TRUE(docker.source->remove_clone(c, clone->id));
    test::docker({"rm", "-f", original.name()});
    test::docker({"rmi", "-f", image});
}

}  // namespace
}  // namespace bkt::docker
