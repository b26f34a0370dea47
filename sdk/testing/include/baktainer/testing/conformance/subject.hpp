// testing/conformance/subject.hpp: a component under test, and what is found wrong with it.
#pragma once

#include <chrono>
#include <functional>
#include <random>

#include "baktainer/detail/common_ops.hpp"
#include "baktainer/testing/fake_host.hpp"

namespace bkt::testing::conformance {

// What went wrong in one case; empty = it passed. And all that the component answered in it, which must be
// the same however it is called. One thread.
class Findings final {
public:
    void expect(bool good, const std::string& what) {
        if (!good) all_.push_back(what);
    }
    void hear(std::string answer) { heard_.push_back(std::move(answer)); }
    void hear_bytes(const std::string& bytes) {
        hear(std::to_string(bytes.size()) + " bytes, " +
             std::to_string(std::hash<std::string>()(bytes)));
    }
    const std::vector<std::string>& all() const { return all_; }
    const std::vector<std::string>& heard() const { return heard_; }

private:
    std::vector<std::string> all_, heard_;
};

struct Subject {
    const bkt_component& component;
    std::map<std::string, std::string> config, secrets;  // with which its instances open
    std::uint64_t seed = 0;
    std::chrono::milliseconds random_time{300};  // for which random inputs are tried
    // Told before each round of them; unset = nobody.
    std::function<void(std::uint64_t round)> on_round = {};
};

using Common = detail::CommonOps;
inline Common common_of(const bkt_component& c) { return detail::common_ops(c); }

// One call, held against the rules of call.h: a known code; an error is explained. `streams_failed`: a stream
// of the host failed meanwhile with this code; passed on, it needs no words, because the host knows them.
struct Called {
    bkt_rc rc;
    Error said;
};

template <class Body>
Called call(FakeHost& host, Findings& found, const std::string& what, Body&& body,
            bool cancelled = false, bkt_rc streams_failed = BKT_OK) {
    FakeCall c(host.raw());
    if (cancelled) c.cancel();
    const bkt_rc rc = body(c.raw());
    const auto said = c.failure().value_or(Error{Code::bug, ""});
    const auto code = std::to_string(rc);
    found.hear(what + " " + code + " " + said.message + " | " + said.hint + " | " +
               std::to_string(said.retry_after_ms));
    found.expect(rc <= BKT_OK && rc >= BKT_BUG, what + " returned " + code + ", which is no code");
    if (rc != BKT_OK && rc != BKT_CANCELLED && rc != BKT_TIMEOUT && rc != streams_failed)
        found.expect(!said.message.empty(), what + " returned " + code + " and did not say why");
    found.expect(said.message.empty() || said.message.back() != '.',
                 what + " says '" + said.message + "': a message has no full stop");
    return {rc, said};
}

// An open instance with a host of its own, closed when it goes.
class Instance final {
public:
    Instance(const Subject& subject, Findings& found) : common_(common_of(subject.component)) {
        host.config = subject.config;
        host.secrets = subject.secrets;
        opened_ = call(host, found, "open()",
                       [&](const bkt_call* c) { return common_.open(host.raw(), c, &self_); });
    }
    Instance(const Instance&) = delete;
    Instance& operator=(const Instance&) = delete;
    ~Instance() {
        if (is_open()) common_.close(self_);
    }
    bool is_open() const { return opened_.rc == BKT_OK; }
    const Called& opened() const { return opened_; }
    const Common& common() const { return common_; }
    void* self() const { return self_; }
    // Records that it must open for the rest of a case to make sense.
    bool must_open(Findings& found) const {
        found.expect(is_open(),
                     "it does not open with the given settings: " + opened_.said.message);
        return is_open();
    }

    FakeHost host;

private:
    Common common_;
    void* self_ = nullptr;
    Called opened_{BKT_BUG, Error{Code::bug, ""}};
};

template <class Ops>
const Ops& ops_of(const Subject& subject) {
    return *static_cast<const Ops*>(subject.component.ops);
}

struct Case {
    int level;         // 1 load, 2 contract, 3 the kind's suite, 4 fault injection
    const char* kind;  // BKT_KIND_*, or "" for all
    const char* name;  // a claim
    void (*run)(const Subject& subject, Findings& found);
};

}  // namespace bkt::testing::conformance
