#include "core/target/choose_mode.hpp"

#include <algorithm>

#include "baktainer/abi/kinds/engine.h"

namespace bkt::target {

namespace {

// A dump tool and its connection take some tens of MiB, which a database with so little cannot spare.
constexpr std::uint64_t kTightMemory_bytes = 256u << 20;

struct Mode {
    const char* name;
    std::uint32_t bit;
};
constexpr Mode kModes[] = {
    {"exec", BKT_MODE_EXEC}, {"sidecar", BKT_MODE_SIDECAR}, {"remote", BKT_MODE_REMOTE}};

std::uint32_t modes_of(const Job& job, const std::vector<Recognised>& recognised) {
    if (job.target->host_files) return BKT_MODE_EXEC;  // "the container" is this machine
    const auto own = std::find_if(recognised.begin(), recognised.end(),
                                  [&](const auto& r) { return r.engine == job.engine; });
    return own == recognised.end() ? std::uint32_t{BKT_MODE_EXEC} : own->modes;
}

Setting best_mode(const Target& target, std::uint32_t modes) {
    const auto limit = target.memory_limit_bytes;
    if ((modes & BKT_MODE_SIDECAR) && limit > 0 && limit < kTightMemory_bytes)
        return {"sidecar", "the container may use only " + std::to_string(limit >> 20) + " MiB"};
    // An engine that speaks to its server over the network only.
    if (modes == BKT_MODE_REMOTE) return {"remote", "the engine works over the network only"};
    return {"exec", "default"};
}

void imply_host(Job& job, const std::string& host, const std::string& why) {
    auto& setting = job.settings["db.host"];
    if (setting.value.empty()) setting = {host, why, ""};
}

void check_offered(Job& job, const Setting& mode, std::uint32_t modes) {
    std::string offered;
    for (const auto& m : kModes) {
        if (!(modes & m.bit)) continue;
        if (mode.value == m.name) return;
        offered += (offered.empty() ? "" : ", ") + std::string(m.name);
    }
    job.refuse({"engine '" + job.engine + "' cannot work in mode '" + mode.value + "'",
                "it can: " + offered, mode.label});
}

}  // namespace

void choose_mode(Job& job, const std::vector<Recognised>& recognised) {
    auto& mode = job.settings["mode"];
    const auto modes = modes_of(job, recognised);
    if (mode.value.empty() || mode.value == "auto") mode = best_mode(*job.target, modes);
    if (job.engine.empty() || job.blocked) return;
    check_offered(job, mode, modes);
    if (mode.value == "sidecar")
        imply_host(job, "127.0.0.1", "mode sidecar: the container's own network");
    if (mode.value != "remote") return;
    if (!job.target->address.empty())
        imply_host(job, job.target->address, "mode remote: the container's address");
    if (job.setting("db.host").empty())
        job.refuse({"mode 'remote' needs to know where the server listens",
                    "say it with the label baktainer.db.host", mode.label});
}

}  // namespace bkt::target
