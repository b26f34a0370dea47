#include "core/plugin/metrics.hpp"

#include <algorithm>
#include <cmath>

namespace bkt::plugin {

namespace {

bool is_name(std::string_view name) {
    return !name.empty() && name.size() <= kMaxMetricNameBytes &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
           });
}

}  // namespace

Metric* Metrics::slot(const std::string& component, std::string_view name, bool counter) {
    auto& own = components_[component];
    if (const auto there = own.find(name); there != own.end())
        return there->second.counter == counter ? &there->second : nullptr;
    if (!is_name(name) || own.size() >= kMaxMetricsOfComponent) return nullptr;
    Metric fresh{component, std::string(name), counter, 0};
    return &own.emplace(fresh.name, std::move(fresh)).first->second;
}

void Metrics::add(const std::string& component, std::string_view name, double amount) {
    if (!std::isfinite(amount) || amount < 0) return;
    const std::lock_guard lock(mutex_);
    if (Metric* metric = slot(component, name, true)) metric->value += amount;
}

void Metrics::set(const std::string& component, std::string_view name, double value) {
    if (!std::isfinite(value)) return;
    const std::lock_guard lock(mutex_);
    if (Metric* metric = slot(component, name, false)) metric->value = value;
}

std::vector<Metric> Metrics::all() const {
    const std::lock_guard lock(mutex_);
    std::vector<Metric> found;
    for (const auto& [component, own] : components_)
        for (const auto& [name, metric] : own) found.push_back(metric);
    return found;
}

}  // namespace bkt::plugin
