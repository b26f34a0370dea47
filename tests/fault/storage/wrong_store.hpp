// A store in memory that is right, or wrong in the one way its setting "wrong" says: what the conformance
// suite must find before a plugin's author's users do.
#pragma once

#include <map>
#include <mutex>
#include <set>

#include "baktainer/detail/storage_ops.hpp"

namespace bkt::test {

class WrongStore final : public Storage {
public:
    explicit WrongStore(Call& call) : wrong_(call.config("wrong")) {}

    Status put(Call& call, const std::string& key, bool replace, const Source& source) override {
        const auto name = stored_name(key);
        if (is("looks before it reads") && !replace && is_taken(name)) return taken(key);
        if (is("keeps the name of a cut put") && spoilt_.contains(name) && !replace)
            return taken(key);
        auto text = read(call, name, source);
        if (!text) {
            const std::lock_guard lock(mutex_);
            ++left_;  // an upload nobody ended
            spoilt_.insert(name);
            return text.error();
        }
        const std::lock_guard lock(mutex_);
        if (!replace && !is("overwrites") && !is("looks before it reads") && objects_.count(name))
            return taken(key);
        objects_[name] = {*std::move(text), key};
        return {};
    }

    Status get(Call&, const std::string& key, std::uint64_t offset, std::uint64_t length,
               const Sink& sink) override {
        std::string text;
        {
            const std::lock_guard lock(mutex_);
            const auto found = objects_.find(stored_name(key));
            if (found == objects_.end()) return Error{Code::not_found, "there is no '" + key + "'"};
            text = found->second.text;
        }
        const std::uint64_t size = text.size();
        const bool wraps = is("adds range and length") && length > 0;
        const bool beyond = wraps ? offset + length > size
                                  : offset > size || (length > 0 && length > size - offset);
        if (beyond && !is("cuts ranges"))
            return Error{Code::truncated,
                         "'" + key + "' has only " + std::to_string(size) + " bytes"};
        if (offset > size) return {};
        return sink.write(as_bytes(std::string_view(text).substr(
            offset, length ? static_cast<std::size_t>(length) : std::string::npos)));
    }

    Status stat(Call&, const std::string& key, const ObjectOut& out) override {
        std::uint64_t size = 0;
        {
            const std::lock_guard lock(mutex_);
            const auto found = objects_.find(stored_name(key));
            if (found == objects_.end()) return Error{Code::not_found, "there is no '" + key + "'"};
            size = found->second.text.size();
        }
        return out({key, size, 0});
    }

    // In pages, as a remote store lists: each begins after the last key of the one before.
    Status list(Call&, const std::string& prefix, const ObjectOut& out) override {
        constexpr std::size_t kPage = 1000;
        std::string after;
        for (std::size_t told = 0;;) {
            const auto page = page_of(prefix, after, told, kPage);
            for (const auto& object : page) BKT_TRY(out(object));
            told += page.size();
            if (page.size() < kPage || is("lists one page")) return {};
            after = page.back().key;
            if (is("lists a key twice")) after.pop_back();
        }
    }

    Status remove(Call&, const std::string& key) override {
        const std::lock_guard lock(mutex_);
        objects_.erase(stored_name(key));
        return {};
    }
    Result<std::uint64_t> sweep(Call&, const std::string& prefix) override {
        const std::lock_guard lock(mutex_);
        if (is("sweeps all"))
            std::erase_if(objects_, [&](const auto& o) { return o.first.starts_with(prefix); });
        if (is("sweeps nothing")) return left_;
        return std::exchange(left_, 0);
    }
    Result<std::string> health(Call&) override { return std::string("memory"); }

private:
    struct Stored {
        std::string text, key;
    };

    bool is(const char* wrong) const { return wrong_ == wrong; }
    static Error taken(const std::string& key) { return {Code::exists, "'" + key + "' is taken"}; }

    std::string stored_name(std::string key) const {
        if (is("folds case"))
            for (auto& c : key)
                if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if (is("decodes percent"))
            for (auto at = key.find("%20"); at != key.npos; at = key.find("%20"))
                key.replace(at, 3, "+");
        if (is("cuts long keys")) key.resize(std::min<std::size_t>(key.size(), 255));
        return key;
    }
    bool is_taken(const std::string& name) const {
        const std::lock_guard lock(mutex_);
        return objects_.count(name) > 0;
    }

    Result<std::string> read(Call& call, const std::string& name, const Source& source) {
        std::string text, buffer(64 * 1024, '\0');
        for (;;) {
            if (call.cancelled() && !is("is deaf")) return Error{Code::cancelled, "cancelled"};
            BKT_LET(const std::size_t n, source.read(std::as_writable_bytes(std::span(buffer))));
            if (n == 0) break;
            text.append(buffer, 0, n);
            if (is("believes the size") && source.size_bytes() > 0 &&
                text.size() >= source.size_bytes())
                break;
            if (is("reads half") && text.size() >= 100'000) return text;
            if (is("shows what is not whole")) {
                const std::lock_guard lock(mutex_);
                objects_[name] = {text, name};
            }
        }
        if (is("reads nothing")) return std::string();
        // Uploaded in parts side by side, put together in the order in which they arrived.
        if (is("puts parts out of order") && text.size() > 2'000'000)
            std::swap_ranges(text.begin(), text.begin() + 1'000'000, text.begin() + 1'000'000);
        return text;
    }

    std::vector<Object> page_of(const std::string& prefix, const std::string& after,
                                std::size_t told, std::size_t count) {
        const std::lock_guard lock(mutex_);
        if (is("lists from memory") && !remembered_.empty()) return remembered_;
        std::vector<Object> page;
        std::size_t at = 0;
        for (const auto& [name, object] : objects_) {
            if (!name.starts_with(prefix)) continue;
            const bool is_over = is("counts pages") ? at++ < told : name <= after;
            if (!is_over && page.size() < count)
                page.push_back({object.key, object.text.size(), 0});
        }
        if (is("lists from memory") && page.size() == 1) remembered_ = page;
        if (is("lists in no order")) std::reverse(page.begin(), page.end());
        return page;
    }

    const std::string wrong_;
    mutable std::mutex mutex_;  // guards what follows
    std::map<std::string, Stored> objects_;
    std::set<std::string> spoilt_;
    std::uint64_t left_ = 0;
    std::vector<Object> remembered_;
};

}  // namespace bkt::test
