// tests/integration/docker/opened.hpp: the discovery source opened in this process, and one tool run of it.
#pragma once

#include <gtest/gtest.h>

#include "baktainer/testing/fake_host.hpp"
#include "baktainer/testing/memory_stream.hpp"
#include "plugins/discovery/docker/docker_discovery.hpp"
#include "tests/support/docker.hpp"

namespace bkt::docker {

inline constexpr const char* kBusybox = "busybox:1.35";

using Settings = std::map<std::string, std::string>;

// What is true of every way a tool's output may take is a test of both.
class EachTransport : public ::testing::TestWithParam<const char*> {
protected:
    static Settings way() { return {{"transport", GetParam()}}; }
};
inline std::string name_of(const ::testing::TestParamInfo<const char*>& info) {
    return info.param == std::string("auto") ? "Fifo" : "Stream";
}
inline const auto kTransports = ::testing::Values("auto", "stream");

// Of the columns the words alone: a process' number may hold any digits.
inline bool runs_in(const test::Container& box, const std::string& words) {
    const auto processes = test::must_docker({"top", box.name(), "-eo", "pid,args"});
    return processes.find(words) != std::string::npos;
}

class Opened final {
public:
    explicit Opened(Settings config = {}) {
        if (!config.count("socket")) config["socket"] = test::docker_host();
        host.config = std::move(config);
        testing::FakeCall call(host.raw());
        Call c = call.call();
        source = std::make_unique<DockerDiscovery>(c);
    }

    struct Ran {
        Result<ExecOutcome> outcome;
        std::string out;
    };
    // Runs argv in `container` with stdout collected and `in` as stdin.
    Ran run(const std::string& container, std::vector<std::string> argv,
            std::optional<std::string> in = {}, std::vector<std::string> env = {}) {
        return run_as(false, container, std::move(argv), std::move(in), std::move(env));
    }
    // The same in a sidecar.
    Ran run_beside(const std::string& container, std::vector<std::string> argv,
                   std::optional<std::string> in = {}, std::vector<std::string> env = {}) {
        return run_as(true, container, std::move(argv), std::move(in), std::move(env));
    }

    testing::FakeHost host;
    std::unique_ptr<DockerDiscovery> source;

private:
    Ran run_as(bool beside, const std::string& container, std::vector<std::string> argv,
               std::optional<std::string> in, std::vector<std::string> env) {
        testing::FakeCall call(host.raw());
        testing::MemorySink sink;
        ExecRequest request;
        request.target = container;
        request.argv = std::move(argv);
        request.env = std::move(env);
        request.beside = beside;
        request.out.emplace(sink.raw());
        std::optional<testing::MemorySource> source_in;
        if (in) request.in.emplace(source_in.emplace(*std::move(in)).raw());
        Call c = call.call();
        auto outcome = source->exec(c, request);
        return {std::move(outcome), std::move(sink.text)};
    }
};

}  // namespace bkt::docker
