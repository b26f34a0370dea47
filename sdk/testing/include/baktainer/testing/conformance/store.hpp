// testing/conformance/store.hpp: a store under test, open: each of its calls held against the contract.
#pragma once

#include <functional>
#include <thread>

#include "baktainer/testing/conformance/subject.hpp"
#include "baktainer/testing/memory_stream.hpp"

namespace bkt::testing::conformance {

namespace storage_kind {

class Store final {
public:
    Store(const Subject& s, Findings& found)
        : ops_(ops_of<bkt_storage_ops>(s)), found_(found), instance_(s, found) {
        if (instance_.must_open(found)) empty();
    }
    ~Store() {
        if (is_open()) empty();
    }
    bool is_open() const { return instance_.is_open(); }

    // `fails`: with what code the source ends, if it does (subject.hpp).
    bkt_rc put(const std::string& key, const bkt_source* source, std::uint32_t flags = 0,
               bkt_rc fails = BKT_OK) {
        return run(
            "put()",
            [&](const bkt_call* c) {
                return ops_.put(instance_.self(), c, str(key), flags, source);
            },
            fails);
    }
    bkt_rc put(const std::string& key, const std::string& text, std::uint32_t flags = 0) {
        const MemorySource source(text);
        return put(key, source.raw(), flags);
    }
    bkt_rc get(const std::string& key, const bkt_sink* sink, std::uint64_t offset = 0,
               std::uint64_t length = 0, bkt_rc fails = BKT_OK) {
        return run(
            "get()",
            [&](const bkt_call* c) {
                return ops_.get(instance_.self(), c, str(key), offset, length, sink);
            },
            fails);
    }
    // What is there; a note of the error otherwise.
    std::string content(const std::string& key, std::uint64_t offset = 0,
                        std::uint64_t length = 0) {
        MemorySink sink;
        const bkt_rc rc = get(key, sink.raw(), offset, length);
        found_.hear_bytes(sink.text);
        return rc == BKT_OK ? sink.text : "error " + std::to_string(rc);
    }
    // Beside other calls, on any thread: told to nobody but `c`.
    bkt_rc put_with(const FakeCall& c, const std::string& key, const bkt_source* source,
                    std::uint32_t flags = 0) const {
        return ops_.put(instance_.self(), c.raw(), str(key), flags, source);
    }
    bkt_rc remove_with(const FakeCall& c, const std::string& key) const {
        return ops_.remove(instance_.self(), c.raw(), str(key));
    }
    const bkt_host* host() const { return instance_.host.raw(); }
    bool is_there(const std::string& key) {
        Found at;
        return stat(key, at) == BKT_OK;
    }
    // Removes what interrupted puts left; how many, nullopt = it failed.
    std::optional<std::uint64_t> sweep(const std::string& prefix) {
        std::uint64_t removed = 0;
        const bkt_rc rc = run("sweep()", [&](const bkt_call* c) {
            return ops_.sweep(instance_.self(), c, str(prefix), &removed);
        });
        return rc == BKT_OK ? std::optional(removed) : std::nullopt;
    }
    struct Found {
        std::vector<std::pair<std::string, std::uint64_t>> objects;
        std::function<void(std::size_t so_far)> on_object = {};  // while the listing goes on
        static bkt_rc object(const bkt_object_out* out, const bkt_object* o) noexcept {
            auto& self = *static_cast<Found*>(out->ctx);
            self.objects.emplace_back(view(o->key), o->size_bytes);
            if (self.on_object) self.on_object(self.objects.size());
            return BKT_OK;
        }
        std::vector<std::string> keys() const {
            std::vector<std::string> all;
            for (const auto& [key, size] : objects) all.push_back(key);
            return all;
        }
    };
    bkt_rc stat(const std::string& key, Found& into) {
        const bkt_object_out out{sizeof out, 0, &into, &Found::object};
        return run("stat()", [&](const bkt_call* c) {
            return ops_.stat(instance_.self(), c, str(key), &out);
        });
    }
    Found list(const std::string& prefix, std::function<void(std::size_t so_far)> on_object = {}) {
        Found into;
        into.on_object = std::move(on_object);
        const bkt_object_out out{sizeof out, 0, &into, &Found::object};
        const bkt_rc rc = run("list()", [&](const bkt_call* c) {
            return ops_.list(instance_.self(), c, str(prefix), &out);
        });
        found_.expect(rc == BKT_OK, "list() of '" + prefix + "' failed");
        for (const auto& [key, size] : into.objects) found_.hear(key + " " + std::to_string(size));
        return into;
    }
    bkt_rc remove(const std::string& key) {
        return run("remove()",
                   [&](const bkt_call* c) { return ops_.remove(instance_.self(), c, str(key)); });
    }

private:
    template <class Body>
    bkt_rc run(const char* what, Body&& body, bkt_rc streams_failed = BKT_OK) {
        return call(instance_.host, found_, what, body, false, streams_failed).rc;
    }
    void empty() {
        for (const auto& [key, size] : list("conformance/").objects) remove(key);
        sweep("conformance/");
    }

    const bkt_storage_ops& ops_;
    Findings& found_;
    Instance instance_;
};

inline std::string bytes(std::size_t n, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::string text(n, '\0');
    for (auto& c : text) c = static_cast<char>(random());
    return text;
}

}  // namespace storage_kind

}  // namespace bkt::testing::conformance
