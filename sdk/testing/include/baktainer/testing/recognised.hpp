// testing/recognised.hpp: what an engine makes of an image and its environment.
//
//     const auto seen = recognised("redis:7", {{"REDIS_PASSWORD", "x"}}, [](Call& call, const TargetView& target,
//         Recognition& out) { return RedisEngine::recognise(call, target, out); });
#pragma once

#include <gtest/gtest.h>

#include <map>

#include "baktainer/engine.hpp"
#include "baktainer/testing/fake_host.hpp"

namespace bkt::testing {

struct Recognised {
    std::uint32_t score = 0;
    std::uint32_t modes = BKT_MODE_EXEC;
    std::map<std::string, std::string> settings;
};

using EnvironmentOfTarget = std::vector<std::pair<std::string, std::string>>;

template <class Recognise>
Recognised recognised(const std::string& image, const EnvironmentOfTarget& env,
                      Recognise&& recognise, const std::vector<std::string>& programs = {}) {
    std::vector<bkt_str> names;
    for (const auto& program : programs) names.push_back(str(program));
    std::vector<bkt_pair> pairs;
    for (const auto& [k, v] : env) pairs.push_back({str(k), str(v)});
    bkt_target target{};
    target.size = sizeof target;
    target.image = str(image);
    target.env = pairs.data();
    target.env_count = pairs.size();
    target.programs = names.data();
    target.program_count = names.size();
    Recognised seen;
    const bkt_recognition raw{
        sizeof raw,
        0,
        &seen,
        [](const bkt_recognition* r, std::uint32_t score, bkt_str) noexcept {
            static_cast<Recognised*>(r->ctx)->score = score;
        },
        [](const bkt_recognition* r, bkt_str key, bkt_str value, bkt_str) noexcept {
            static_cast<Recognised*>(r->ctx)->settings[std::string(view(key))] = view(value);
        },
        [](const bkt_recognition* r, std::uint32_t modes) noexcept {
            static_cast<Recognised*>(r->ctx)->modes = modes;
        }};
    FakeHost host;
    FakeCall fake(host.raw());
    Call call = fake.call();
    Recognition out(&raw);
    EXPECT_TRUE(recognise(call, TargetView(&target), out));
    return seen;
}

}  // namespace bkt::testing
