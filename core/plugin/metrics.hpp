// plugin/metrics.hpp: the numbers plugins count, bounded, for a metrics page to read.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace bkt::plugin {

inline constexpr std::size_t kMaxMetricsOfComponent = 100;
inline constexpr std::size_t kMaxMetricNameBytes = 100;

struct Metric {
    std::string component;  // its name, e.g. "webhook"
    std::string name;       // as the plugin gave it
    bool counter = false;   // else a gauge
    double value = 0;
    bool operator==(const Metric&) const = default;
};

// Thread-safe. What breaks a rule of abi/services/metrics.h is dropped: a bad name, one too many, a
// counter that would fall, a number that is none, a counter used as a gauge.
class Metrics final {
public:
    void add(const std::string& component, std::string_view name, double amount);
    void set(const std::string& component, std::string_view name, double value);
    // In order of component and name.
    std::vector<Metric> all() const;

private:
    Metric* slot(const std::string& component, std::string_view name, bool counter);

    mutable std::mutex mutex_;
    std::map<std::string, std::map<std::string, Metric, std::less<>>> components_;
};

}  // namespace bkt::plugin
