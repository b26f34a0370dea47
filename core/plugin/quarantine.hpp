// plugin/quarantine.hpp: keeps a plugin that keeps breaking from being run, until a person looks at it.
//
// Three faults (crashes, broken rules) within ten minutes, in any process that shares the state folder, and
// the plugin stays out. Its configuration stays untouched; `baktainer plugin reset ID` lets it in again.
#pragma once

#include <string>
#include <vector>

#include "baktainer/result.hpp"
#include "core/base/timestamp.hpp"

namespace bkt::plugin {

struct Fault {
    base::WallTime time;
    std::string what;
    bool operator==(const Fault&) const = default;
};

inline constexpr std::size_t kMostFaults = 3;
inline constexpr std::chrono::minutes kFaultWindow{10};

// Thread-safe; other processes' too.
class Quarantine final {
public:
    explicit Quarantine(std::string state_dir) : folder_(std::move(state_dir) + "/quarantine") {}

    // Adds a fault and tells whether the plugin is in quarantine now. `what` must hold no secret; its first
    // kMaxFaultBytes are kept.
    Result<bool> note_fault(const std::string& id, const std::string& what,
                            base::WallTime now = base::now()) const;
    // Code::corrupt for a record that cannot be read: whoever cannot know leaves the plugin out.
    Result<bool> is_quarantined(const std::string& id) const;
    // Oldest first.
    Result<std::vector<Fault>> faults(const std::string& id) const;
    // Removes the record, readable or not. False when there was none.
    Result<bool> reset(const std::string& id) const;

    static constexpr std::size_t kMaxFaultBytes = 500;
    static constexpr std::size_t kKeptFaults = 20;

private:
    std::string file(const std::string& id) const { return folder_ + "/" + id + ".json"; }
    std::string folder_;
};

}  // namespace bkt::plugin
