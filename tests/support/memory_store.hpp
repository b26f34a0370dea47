// tests/support/memory_store.hpp: a storage plugin that lives in this process, to see what a pipeline
// leaves behind and to make it fail where nature would not.
#pragma once

#include <map>
#include <mutex>

#include "baktainer/detail/storage_ops.hpp"
#include "core/archive/store.hpp"

namespace bkt::test {

// What every MemoryStore opened with config "shelf" = its name shares with the test.
struct Shelf {
    std::mutex mutex;
    std::map<std::string, std::string> objects;
    std::size_t full_after_bytes = SIZE_MAX;  // put fails with no_space past it
};

inline Shelf& shelf(const std::string& name) {
    static std::map<std::string, Shelf> shelves;
    return shelves[name];
}

class MemoryStore final : public Storage {
public:
    explicit MemoryStore(Call& call) : shelf_(shelf(call.config("shelf"))) {}

    Status put(Call&, const std::string& key, bool replace, const Source& source) override {
        std::string text, buffer(64 * 1024, '\0');
        for (;;) {
            BKT_LET(const std::size_t n, source.read(std::as_writable_bytes(std::span(buffer))));
            if (n == 0) break;
            text.append(buffer, 0, n);
            if (text.size() > shelf_.full_after_bytes)
                return Error{Code::no_space, "the shelf is full"};
        }
        const std::lock_guard lock(shelf_.mutex);
        if (!replace && shelf_.objects.count(key))
            return Error{Code::exists, "'" + key + "' is taken"};
        shelf_.objects[key] = std::move(text);
        return {};
    }
    Status get(Call&, const std::string& key, std::uint64_t offset, std::uint64_t length,
               const Sink& sink) override {
        std::string text;
        {
            const std::lock_guard lock(shelf_.mutex);
            const auto found = shelf_.objects.find(key);
            if (found == shelf_.objects.end())
                return Error{Code::not_found, "no object '" + key + "'"};
            text = found->second.substr(offset, length ? length : std::string::npos);
        }
        return sink.write(as_bytes(text));
    }
    Status stat(Call&, const std::string& key, const ObjectOut& out) override {
        const std::lock_guard lock(shelf_.mutex);
        const auto found = shelf_.objects.find(key);
        if (found == shelf_.objects.end()) return Error{Code::not_found, "no object '" + key + "'"};
        return out({key, found->second.size(), 0});
    }
    Status list(Call&, const std::string& prefix, const ObjectOut& out) override {
        std::map<std::string, std::string> all;
        {
            const std::lock_guard lock(shelf_.mutex);
            all = shelf_.objects;
        }
        for (const auto& [key, text] : all)
            if (key.starts_with(prefix)) BKT_TRY(out({key, text.size(), 0}));
        return {};
    }
    Status remove(Call&, const std::string& key) override {
        const std::lock_guard lock(shelf_.mutex);
        shelf_.objects.erase(key);
        return {};
    }
    Result<std::uint64_t> sweep(Call&, const std::string&) override { return std::uint64_t{0}; }
    Result<std::string> health(Call&) override { return std::string("memory"); }

private:
    Shelf& shelf_;
};

inline archive::Store memory_store(const std::string& name, const plugin::CallScope& scope) {
    shelf(name).objects.clear();
    shelf(name).full_after_bytes = SIZE_MAX;
    const plugin::Component component{"test.storage.memory",
                                      "1",
                                      BKT_KIND_STORAGE,
                                      "memory",
                                      "",
                                      &detail::StorageOps<MemoryStore>::kOps};
    plugin::Grants grants;
    grants.config["shelf"] = name;
    return *archive::Store::open(name, component, std::move(grants), scope);
}

}  // namespace bkt::test
