// testing/engine_contract/box.hpp: a subject's container, and the program that backs it up.
#pragma once

#include "baktainer/testing/end_to_end/baktainer.hpp"
#include "baktainer/testing/end_to_end/docker.hpp"
#include "baktainer/testing/engine_contract/subject.hpp"

namespace bkt::testing {

// `docker exec` of a script of the subject.
inline Ended run_script(const std::string& container, const std::string& script,
                        const std::vector<std::string>& env = {}) {
    std::vector<std::string> args{"exec"};
    for (const auto& e : env) args.insert(args.end(), {"-e", e});
    args.insert(args.end(), {container, "sh", "-euc", script});
    return docker(args);
}

inline std::string must_run_script(const std::string& container, const std::string& script,
                                   const std::vector<std::string>& env = {}) {
    auto ended = run_script(container, script, env);
    EXPECT_EQ(ended.exit_code, 0) << script.substr(0, 400) << "\n" << ended.out << ended.err;
    return ended.out;
}

inline void wait_until_ready(const EngineSubject& subject, const std::string& container) {
    if (comes_true_in(container, subject.ready, std::chrono::seconds(subject.start_s))) return;
    const auto logs = docker({"logs", "--tail", "30", container});
    FAIL() << subject.name << " did not start\n" << logs.out << logs.err;
}

// A started server with the labels given as "db.user=x"; baktainer.backup=true is given.
class EngineBox final {
public:
    explicit EngineBox(const EngineSubject& subject, std::vector<std::string> labels = {})
        : subject_(subject), box_(subject.image, options(subject, labels), subject.command) {
        wait_until_ready(subject, name());
    }
    const std::string& name() const { return box_.name(); }
    std::string run(const std::string& script, const std::vector<std::string>& env = {}) const {
        return must_run_script(name(), script, env);
    }
    std::string digest() const { return run(subject_.digest); }

private:
    static std::vector<std::string> options(const EngineSubject& subject,
                                            const std::vector<std::string>& labels) {
        auto all = subject.options;
        all.insert(all.end(), {"--label", "baktainer.backup=true"});
        for (const auto& set : {subject.labels, labels})
            for (const auto& label : set) all.insert(all.end(), {"--label", "baktainer." + label});
        return all;
    }
    const EngineSubject& subject_;
    Container box_;
};

// The program looking at this machine's Docker.
class DockerBaktainer final {
public:
    DockerBaktainer() : program_("  docker: { socket: \"" + docker_host() + "\" }") {}
    Baktainer* operator->() { return &program_; }
    // The only backup there is.
    std::string only_id() {
        const auto ids = program_.ids();
        EXPECT_EQ(ids.size(), 1u);
        return ids.empty() ? "" : ids.front();
    }

private:
    Baktainer program_;
};

// A container that `restore` made, removed when it goes.
class RestoredBox final {
public:
    explicit RestoredBox(const Ended& restored) {
        constexpr std::string_view kBefore = "container ";
        const auto at = restored.out.find(kBefore);
        if (at != std::string::npos) {
            const auto begin = at + kBefore.size();
            name_ = restored.out.substr(begin, restored.out.find(',', begin) - begin);
        }
        EXPECT_FALSE(name_.empty()) << restored.out << restored.err;
    }
    ~RestoredBox() {
        if (!name_.empty()) docker({"rm", "-fv", name_});
    }
    RestoredBox(const RestoredBox&) = delete;
    RestoredBox& operator=(const RestoredBox&) = delete;
    const std::string& name() const { return name_; }

private:
    std::string name_;
};

}  // namespace bkt::testing
