// testing/engine_contract/gigabyte.hpp: a program watched while it runs long, for the memory it takes.
#pragma once

#include <map>

#include "baktainer/testing/end_to_end/process.hpp"

namespace bkt::testing {

// The memory a program and what it starts ever had, each at its own peak. Looks again and again at /proc.
class MemoryPeak final {
public:
    explicit MemoryPeak(pid_t root) : root_(root) {}

    void look() {
        std::map<pid_t, pid_t> parents;
        std::error_code none;
        for (const auto& entry : std::filesystem::directory_iterator("/proc", none)) {
            const auto name = entry.path().filename().string();
            if (name.find_first_not_of("0123456789") != name.npos) continue;
            const auto pid = static_cast<pid_t>(std::stol(name));
            parents[pid] = static_cast<pid_t>(number_in(pid, "PPid:"));
        }
        for (const auto& [pid, parent] : parents)
            if (is_ours(parents, pid))
                peaks_kib_[pid] = std::max(peaks_kib_[pid], number_in(pid, "VmHWM:"));
    }
    long sum_mib() const {
        long sum = 0;
        for (const auto& [pid, peak] : peaks_kib_) sum += peak;
        return sum / 1024;
    }

private:
    bool is_ours(const std::map<pid_t, pid_t>& parents, pid_t pid) const {
        for (int depth = 0; depth < 8 && pid > 1; ++depth) {
            if (pid == root_) return true;
            const auto parent = parents.find(pid);
            pid = parent == parents.end() ? 0 : parent->second;
        }
        return false;
    }
    static long number_in(pid_t pid, const std::string& key) {
        std::ifstream status("/proc/" + std::to_string(pid) + "/status");
        for (std::string line; std::getline(status, line);)
            if (line.starts_with(key)) return std::atol(line.c_str() + key.size());
        return 0;  // it has gone
    }

    pid_t root_;
    std::map<pid_t, long> peaks_kib_;
};

// Waits for it, at most `limit`; into `peak_mib` what it took.
inline Ended wait_watching(Process& process, std::chrono::seconds limit, long& peak_mib) {
    MemoryPeak peak(process.pid());
    const auto until = std::chrono::steady_clock::now() + limit;
    while (process.running() && std::chrono::steady_clock::now() < until) {
        peak.look();
        std::this_thread::sleep_for(std::chrono::milliseconds(100));  // between two looks
    }
    peak_mib = peak.sum_mib();
    return process.wait(std::chrono::seconds(0));
}

}  // namespace bkt::testing
