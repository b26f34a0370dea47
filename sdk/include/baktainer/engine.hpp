// engine.hpp: derive from bkt::Engine to teach Baktainer a database.
#pragma once

#include <array>
#include <span>

#include "baktainer/abi/kinds/engine.h"
#include "baktainer/abi/services/events.h"
#include "baktainer/abi/services/kv.h"
#include "baktainer/abi/services/metrics.h"
#include "baktainer/abi/services/secret.h"
#include "baktainer/abi/services/temp.h"
#include "baktainer/exec.hpp"

namespace bkt {

// The target as recognise() sees it. Borrowed for the call.
class TargetView final {
public:
    explicit TargetView(const bkt_target* raw) : raw_(raw) {}
    std::string_view image() const { return view(raw_->image); }
    // "postgres" of "docker.io/library/postgres:15@sha256:...": no registry path, tag or digest.
    std::string_view image_family() const {
        std::string_view s = image();
        s = s.substr(0, s.find('@'));
        if (const auto slash = s.rfind('/'); slash != s.npos) s.remove_prefix(slash + 1);
        return s.substr(0, s.find(':'));
    }
    // Where this machine reaches its ports, as `mode` remote would; empty when nowhere.
    std::string_view address() const {
        return BKT_HAS(raw_, bkt_target, address) ? view(raw_->address) : std::string_view();
    }
    // Whether a program of that name runs there: the last thing to go by, for it is not known of every
    // target and says nothing of how to log in.
    bool runs(std::string_view program) const {
        if (!BKT_HAS(raw_, bkt_target, program_count)) return false;
        for (std::uint64_t i = 0; i < raw_->program_count; ++i)
            if (view(raw_->programs[i]) == program) return true;
        return false;
    }
    // The variable's value, nullopt when unset. May be a secret: never log it.
    std::optional<std::string_view> env(std::string_view name) const {
        for (std::uint64_t i = 0; i < raw_->env_count; ++i)
            if (view(raw_->env[i].key) == name) return view(raw_->env[i].value);
        return std::nullopt;
    }

private:
    const bkt_target* raw_;
};

class Recognition final {
public:
    explicit Recognition(const bkt_recognition* raw) : raw_(raw) {}
    void score(std::uint32_t score, std::string_view reason) {
        raw_->score(raw_, score, str(reason));
    }
    void setting(std::string_view key, std::string_view value, std::string_view reason) {
        raw_->setting(raw_, str(key), str(value), str(reason));
    }
    // BKT_MODE_*; an older host knows BKT_MODE_EXEC only.
    void modes(std::uint32_t modes) {
        if (BKT_HAS(raw_, bkt_recognition, modes)) raw_->modes(raw_, modes);
    }

private:
    const bkt_recognition* raw_;
};

class Plan final {
public:
    Plan(const bkt_plan* raw) : raw_(raw) {}
    Status part(std::string_view name, std::string_view media_type = "application/octet-stream",
                std::uint64_t estimate_bytes = 0) {
        const bkt_rc rc = raw_->part(raw_, str(name), str(media_type), estimate_bytes);
        if (rc != BKT_OK) return Call::passed_on(rc, name);
        return {};
    }
    void consistency(std::int32_t c) { raw_->consistency(raw_, c); }
    void note(std::string_view text) { raw_->note(raw_, str(text)); }
    // Whether this plan is of a safety backup, taken before a restore in place.
    static bool is_safety(const Call& call) { return call.config("restore.safety") == "true"; }
    // In such a plan: `what` is surely not there. An older host takes a plan without a part for that.
    void gone(std::string_view what) {
        if (BKT_HAS(raw_, bkt_plan, gone)) raw_->gone(raw_, str(what));
    }

private:
    const bkt_plan* raw_;
};

// A part being written; made by PartsOut::begin.
class PartOut final {
public:
    PartOut(Call call, const bkt_parts_out* out, Result<const bkt_sink*> sink)
        : call_(call), out_(out), sink_(std::move(sink)) {}
    // Why begin failed, if it did.
    Status opened() const { return sink_ ? Status{} : Status{sink_.error()}; }
    Sink sink() const { return Sink(*sink_); }  // only when opened()
    // The part is whole. `tool_bytes`: what the tool says it wrote, UINT64_MAX = not counted.
    Status finish(std::int32_t exit_code = 0, std::uint64_t tool_bytes = UINT64_MAX) const {
        BKT_TRY(opened());
        const bkt_rc rc = out_->finish(out_, call_.raw(), *sink_, exit_code, tool_bytes);
        if (rc != BKT_OK) return Call::passed_on(rc, "finishing a part");
        return {};
    }

private:
    Call call_;
    const bkt_parts_out* out_;
    Result<const bkt_sink*> sink_;
};

class PartsOut final {
public:
    PartsOut(Call call, const bkt_parts_out* raw) : call_(call), raw_(raw) {}
    PartOut begin(std::string_view name) {
        const bkt_sink* sink = nullptr;
        const bkt_rc rc = raw_->begin(raw_, call_.raw(), str(name), &sink);
        if (rc != BKT_OK) return {call_, raw_, Call::passed_on(rc, name)};
        return {call_, raw_, sink};
    }
    void fact(std::string_view key, std::string_view value) {
        raw_->fact(raw_, str(key), str(value));
    }

private:
    Call call_;
    const bkt_parts_out* raw_;
};

class PartsIn final {
public:
    PartsIn(Call call, const bkt_parts_in* raw) : call_(call), raw_(raw) {}
    std::vector<std::string> names() const {
        std::vector<std::string> all;
        for (std::uint64_t i = 0; i < raw_->count(raw_); ++i)
            all.emplace_back(view(raw_->name(raw_, i)));
        return all;
    }
    Result<Source> open(std::string_view name) {
        const bkt_source* source = nullptr;
        const bkt_rc rc = raw_->open(raw_, call_.raw(), str(name), &source);
        if (rc != BKT_OK) return Call::passed_on(rc, name);
        return Source(source);
    }

private:
    Call call_;
    const bkt_parts_in* raw_;
};

inline Exec& Exec::out(PartOut part) {
    if (const Status opened = part.opened(); !opened) {
        failed_ = opened.error();
        return *this;
    }
    out_ = part.sink().raw();
    finish_ = [part](const ExecResult& r) { return part.finish(r.exit_code, r.stdout_bytes); };
    return *this;
}

// One instance serves one operation on one job. A derived class has a constructor taking Call&
// (which may throw bkt::Error), and may have
//   static Status recognise(Call&, const TargetView&, Recognition&);
class Engine {
public:
    static constexpr std::array needs{BKT_SERVICE_EXEC, BKT_SERVICE_SECRET,  BKT_SERVICE_TEMP,
                                      BKT_SERVICE_KV,   BKT_SERVICE_METRICS, BKT_SERVICE_EVENTS};
    static constexpr std::span<const char* const> experimental{};

    virtual ~Engine() = default;
    virtual Status plan(Call& call, Plan& plan) = 0;
    virtual Status dump(Call& call, PartsOut& out) = 0;
    virtual Status restore(Call& call, PartsIn& in) = 0;
    // The tap that proves part `name` whole. `deep`: stored bytes are being verified, temporary disk
    // may be used.
    virtual Result<std::unique_ptr<Tap>> validator(Call&, std::string_view name,
                                                   std::string_view media_type, bool deep) {
        (void)media_type, (void)deep;
        return validator(name);
    }
    // The short form, for a plugin with one kind of part.
    virtual std::unique_ptr<Tap> validator(std::string_view) { return nullptr; }
    // Shell lines that restore `parts`, decoded to plain files of those names, with standard tools.
    virtual Result<std::string> recipe(Call&, const std::vector<std::string>& parts) {
        (void)parts;
        return Error{Code::unsupported, "this engine gives no recipe"};
    }
    virtual const void* extension(std::string_view) { return nullptr; }
};

// A database's name as a part name: everything outside [A-Za-z0-9_-] becomes %XX, and so does a '.' at
// its front, so two names never meet and no name can leave its folder. What stands before the last '.' of
// a part's name is the database's.
inline std::string part_name(std::string_view database, std::string_view extension) {
    static constexpr char kHex[] = "0123456789ABCDEF";
    std::string name;
    for (const char c : database) {
        const auto u = static_cast<unsigned char>(c);
        const bool plain = (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z') ||
                           (u >= '0' && u <= '9') || u == '_' || u == '-' ||
                           (u == '.' && !name.empty());
        if (plain) name += c;
        else (name += '%') += {kHex[u >> 4], kHex[u & 15]};
    }
    return name + std::string(extension);
}

// The database part_name() made `part` of; nullopt when that was not with this extension.
inline std::optional<std::string> database_of_part(std::string_view part,
                                                   std::string_view extension) {
    if (!part.ends_with(extension)) return std::nullopt;
    part.remove_suffix(extension.size());
    const auto digit = [](char c) {
        return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    };
    std::string database;
    for (std::size_t i = 0; i < part.size(); ++i) {
        if (part[i] != '%') {
            database += part[i];
            continue;
        }
        if (i + 2 >= part.size()) return std::nullopt;
        const int high = digit(part[i + 1]), low = digit(part[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        database += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return database;
}

// One word of a shell line, for recipe().
inline std::string shell_quoted(std::string_view text) {
    std::string quoted = "'";
    for (const char c : text) {
        if (c == '\'') quoted += "'\\''";
        else quoted += c;
    }
    return quoted + "'";
}

// Names what a run leaves in a target for a moment, so that the next one of the same target and `what` finds
// what a killed one left. No secret, so any hash will do.
inline std::string target_tag(const Call& call, std::string_view what = {}) {
    std::uint64_t hash = 14695981039346656037ull;  // FNV-1a
    for (const char c : call.config("target.id") + "\n" + std::string(what))
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ull;
    std::string hex;
    for (int shift = 60; shift >= 0; shift -= 4) hex += "0123456789abcdef"[hash >> shift & 15];
    return hex;
}

}  // namespace bkt
