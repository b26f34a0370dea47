// testing/memory_parts.hpp: where an engine's plan, parts and facts go in a test, and where its restore
// reads from. Breaks of the engine's contract are listed in `violations`, which a test expects empty.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <mutex>

#include "baktainer/engine.hpp"
#include "baktainer/testing/memory_stream.hpp"

namespace bkt::testing {

struct PlannedPart {
    std::string media_type;
    std::uint64_t estimate_bytes = 0;
};

inline bool is_part_name(std::string_view name) {
    return !name.empty() && name.size() <= 200 && name.front() != '.' &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      std::string_view("._%+=@,-").find(c) != std::string_view::npos;
           });
}

class MemoryPlan final {
public:
    MemoryPlan() { raw_ = {sizeof raw_, 0, this, &part, &set_consistency, &note, &say_gone}; }
    MemoryPlan(const MemoryPlan&) = delete;
    MemoryPlan& operator=(const MemoryPlan&) = delete;

    std::map<std::string, PlannedPart> parts;
    std::int32_t consistency = -1;
    std::vector<std::string> notes, gone, violations;

    const bkt_plan* raw() const { return &raw_; }
    Plan plan() const { return Plan(&raw_); }

private:
    static MemoryPlan& of(const bkt_plan* p) { return *static_cast<MemoryPlan*>(p->ctx); }
    static bkt_rc part(const bkt_plan* p, bkt_str name, bkt_str media,
                       std::uint64_t estimate) noexcept {
        auto& self = of(p);
        const std::string text(view(name));
        if (!is_part_name(text)) self.violations.push_back("bad part name '" + text + "'");
        if (!self.parts.emplace(text, PlannedPart{std::string(view(media)), estimate}).second)
            self.violations.push_back("part '" + text + "' planned twice");
        return BKT_OK;
    }
    static void set_consistency(const bkt_plan* p, std::int32_t c) noexcept {
        of(p).consistency = c;
    }
    static void note(const bkt_plan* p, bkt_str text) noexcept {
        of(p).notes.emplace_back(view(text));
    }
    static void say_gone(const bkt_plan* p, bkt_str what) noexcept {
        of(p).gone.emplace_back(view(what));
    }
    bkt_plan raw_{};
};

struct MemoryPart {
    MemorySink sink;
    bool finished = false;
    std::int32_t exit_code = -1;
    std::uint64_t tool_bytes = 0;
};

class MemoryPartsOut final {
public:
    explicit MemoryPartsOut(const MemoryPlan& plan) : plan_(plan) {
        raw_ = {sizeof raw_, 0, this, &begin, &finish, &fact};
    }
    MemoryPartsOut(const MemoryPartsOut&) = delete;
    MemoryPartsOut& operator=(const MemoryPartsOut&) = delete;

    std::map<std::string, std::unique_ptr<MemoryPart>> parts;
    std::map<std::string, std::string> facts;
    std::vector<std::string> violations;
    std::map<std::string, std::uint64_t> fail_at_byte;  // by part name

    const bkt_parts_out* raw() const { return &raw_; }
    PartsOut out(const Call& call) const { return {call, &raw_}; }
    // As the host judges it: parts were planned, and every one is here and was finished.
    bool complete() const {
        for (const auto& [name, planned] : plan_.parts)
            if (const auto at = parts.find(name); at == parts.end() || !at->second->finished)
                return false;
        return !plan_.parts.empty() && violations.empty();
    }
    const std::string& text(const std::string& name) const { return parts.at(name)->sink.text; }

private:
    static MemoryPartsOut& of(const bkt_parts_out* o) {
        return *static_cast<MemoryPartsOut*>(o->ctx);
    }
    static bkt_rc begin(const bkt_parts_out* o, const bkt_call*, bkt_str name,
                        const bkt_sink** sink) noexcept {
        auto& self = of(o);
        const std::string text(view(name));
        const std::lock_guard lock(self.mutex_);
        if (!self.plan_.parts.contains(text))
            self.violations.push_back("part '" + text + "' was not planned");
        auto& slot = self.parts[text];
        if (slot) self.violations.push_back("part '" + text + "' begun twice");
        slot = std::make_unique<MemoryPart>();
        if (const auto at = self.fail_at_byte.find(text); at != self.fail_at_byte.end())
            slot->sink.fail_at_byte = at->second;
        *sink = slot->sink.raw();
        return BKT_OK;
    }
    static bkt_rc finish(const bkt_parts_out* o, const bkt_call*, const bkt_sink* sink,
                         std::int32_t exit_code, std::uint64_t tool_bytes) noexcept {
        auto& self = of(o);
        const std::lock_guard lock(self.mutex_);
        for (auto& [name, part] : self.parts) {
            if (part->sink.raw() != sink) continue;
            if (part->finished) self.violations.push_back("part '" + name + "' finished twice");
            if (exit_code != 0)
                self.violations.push_back("part '" + name + "' finished with an exit code");
            if (tool_bytes != UINT64_MAX && tool_bytes != part->sink.text.size())
                return BKT_TRUNCATED;
            part->finished = true;
            part->exit_code = exit_code;
            part->tool_bytes = tool_bytes;
            return BKT_OK;
        }
        self.violations.emplace_back("an unknown sink was finished");
        return BKT_BUG;
    }
    static void fact(const bkt_parts_out* o, bkt_str key, bkt_str value) noexcept {
        const std::lock_guard lock(of(o).mutex_);
        of(o).facts[std::string(view(key))] = view(value);
    }

    const MemoryPlan& plan_;
    std::mutex mutex_;  // parts may be filled side by side
    bkt_parts_out raw_{};
};

class MemoryPartsIn final {
public:
    explicit MemoryPartsIn(std::map<std::string, std::string> parts) : parts_(std::move(parts)) {
        for (const auto& [name, text] : parts_) names_.push_back(name);
        raw_ = {sizeof raw_, 0, this, &count, &name_at, &open};
    }
    // The parts of a finished dump.
    explicit MemoryPartsIn(const MemoryPartsOut& out) : MemoryPartsIn(texts(out)) {}
    MemoryPartsIn(const MemoryPartsIn&) = delete;
    MemoryPartsIn& operator=(const MemoryPartsIn&) = delete;

    std::map<std::string, std::uint64_t> fail_at_byte;  // by part name

    const bkt_parts_in* raw() const { return &raw_; }
    PartsIn in(const Call& call) const { return {call, &raw_}; }

private:
    static std::map<std::string, std::string> texts(const MemoryPartsOut& out) {
        std::map<std::string, std::string> all;
        for (const auto& [name, part] : out.parts) all[name] = part->sink.text;
        return all;
    }
    static MemoryPartsIn& of(const bkt_parts_in* i) { return *static_cast<MemoryPartsIn*>(i->ctx); }
    static std::uint64_t count(const bkt_parts_in* i) noexcept { return of(i).names_.size(); }
    static bkt_str name_at(const bkt_parts_in* i, std::uint64_t n) noexcept {
        return str(of(i).names_[n]);
    }
    static bkt_rc open(const bkt_parts_in* i, const bkt_call*, bkt_str name,
                       const bkt_source** source) noexcept {
        auto& self = of(i);
        const auto at = self.parts_.find(std::string(view(name)));
        if (at == self.parts_.end()) return BKT_NOT_FOUND;
        auto& made = self.sources_.emplace_back(at->second);
        if (const auto fail = self.fail_at_byte.find(at->first); fail != self.fail_at_byte.end())
            made.fail_at_byte = fail->second;
        *source = made.raw();
        return BKT_OK;
    }
    std::map<std::string, std::string> parts_;
    std::vector<std::string> names_;
    std::list<MemorySource> sources_;
    bkt_parts_in raw_{};
};

}  // namespace bkt::testing
