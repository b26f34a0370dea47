#include "core/archive/store.hpp"

#include <algorithm>
#include <cstring>

#include "baktainer/call.hpp"

namespace bkt::archive {

namespace {

// A ring as the source a storage plugin reads. A failed ring is a failed read, never an end.
struct RingSource {
    stream::Ring& ring;
    Bytes left{};
    bool ended = false;  // all of it was read
    std::optional<Error> failed{};

    static bkt_rc read(const bkt_source* source, void* into, std::uint64_t cap,
                       std::uint64_t* len) noexcept {
        auto& self = *static_cast<RingSource*>(source->ctx);
        *len = 0;
        try {
            if (self.failed) return static_cast<bkt_rc>(self.failed->code);
            if (self.left.empty()) {
                auto next = self.ring.read();
                if (!next) {
                    self.failed = std::move(next).error();
                    return static_cast<bkt_rc>(self.failed->code);
                }
                self.left = *next;
                self.ended = next->empty();
            }
            const auto n = std::min<std::size_t>(cap, self.left.size());
            if (n > 0) std::memcpy(into, self.left.data(), n);
            self.left = self.left.subspan(n);
            *len = n;
            return BKT_OK;
        } catch (...) {
            return BKT_BUG;
        }
    }
};

struct TextSource {
    std::string_view left;
    static bkt_rc read(const bkt_source* source, void* into, std::uint64_t cap,
                       std::uint64_t* len) noexcept {
        auto& self = *static_cast<TextSource*>(source->ctx);
        *len = std::min<std::size_t>(cap, self.left.size());
        if (*len > 0) std::memcpy(into, self.left.data(), *len);
        self.left.remove_prefix(*len);
        return BKT_OK;
    }
};

// A stage as the sink a storage plugin writes; remembers the stage's own error, which says more than
// the code the plugin passes back.
struct StageSink {
    stream::Stage& stage;
    std::optional<Error> failed{};

    static bkt_rc write(const bkt_sink* sink, const void* bytes, std::uint64_t len) noexcept {
        auto& self = *static_cast<StageSink*>(sink->ctx);
        try {
            if (self.failed) return static_cast<bkt_rc>(self.failed->code);
            auto done = self.stage.write({static_cast<const std::byte*>(bytes), len});
            if (done) return BKT_OK;
            self.failed = std::move(done).error();
            return static_cast<bkt_rc>(self.failed->code);
        } catch (...) {
            return BKT_BUG;
        }
    }
};

struct Collector {
    const std::function<void(const StoredObject&)>& out;
    static bkt_rc object(const bkt_object_out* raw, const bkt_object* o) noexcept {
        try {
            static_cast<Collector*>(raw->ctx)->out({std::string(view(o->key)), o->size_bytes});
            return BKT_OK;
        } catch (...) {
            return BKT_BUG;
        }
    }
};

// A plugin that says OK has stored what it read; the rest is nowhere.
Error put_short(const std::string& store, const std::string& key) {
    return {Code::fault,
            "store '" + store + "' said it has '" + key + "' before it had read all of it",
            "report it to the author of the store's plugin"};
}

class TextStage final : public stream::Stage {
public:
    explicit TextStage(std::size_t bytes_max) : bytes_max_(bytes_max) {}
    Status write(Bytes bytes) override {
        if (text.size() + bytes.size() > bytes_max_)
            return Error{Code::corrupt,
                         "the object is larger than " + std::to_string(bytes_max_) + " bytes"};
        text += as_text(bytes);
        return {};
    }
    Status finish() override { return {}; }
    std::string text;

private:
    std::size_t bytes_max_;
};

}  // namespace

Result<Store> Store::open(std::string name, const plugin::Component& component,
                          plugin::Grants grants, const plugin::CallScope& scope) {
    auto opened = Opened::open(component, std::move(grants), scope);
    if (!opened) return std::move(opened).error().within("store '" + name + "'");
    return Store(std::move(name), *std::move(opened));
}

Status Store::named(Status status) const {
    if (status) return status;
    return std::move(status).error().within("store '" + name_ + "'");
}

Status Store::put(const plugin::CallScope& scope, const std::string& key,
                  stream::Ring& from) const {
    RingSource source{from};
    const bkt_source raw{sizeof raw, 0, &source, &RingSource::read, 0};
    auto done = opened_.call(scope, [&](const auto& ops, void* self, const bkt_call* call) {
        return ops.put(self, call, str(key), 0, &raw);
    });
    if (source.failed) return *source.failed;
    done = named(std::move(done));
    if (done && !source.ended) done = put_short(name_, key);
    if (!done) from.close(done.error());
    return done;
}

Status Store::put_text(const plugin::CallScope& scope, const std::string& key,
                       std::string_view text, bool replace) const {
    TextSource source{text};
    const bkt_source raw{sizeof raw, 0, &source, &TextSource::read, text.size()};
    BKT_TRY(named(opened_.call(scope, [&](const auto& ops, void* self, const bkt_call* call) {
        return ops.put(self, call, str(key),
                       replace ? static_cast<std::uint32_t>(BKT_PUT_REPLACE) : 0u, &raw);
    })));
    if (!source.left.empty()) return put_short(name_, key);
    return {};
}

Status Store::get(const plugin::CallScope& scope, const std::string& key, stream::Stage& to) const {
    StageSink sink{to};
    const bkt_sink raw{sizeof raw, 0, &sink, &StageSink::write, nullptr, nullptr};
    auto done = opened_.call(scope, [&](const auto& ops, void* self, const bkt_call* call) {
        return ops.get(self, call, str(key), 0, 0, &raw);
    });
    if (sink.failed) return *sink.failed;
    BKT_TRY(named(std::move(done)));
    return to.finish();
}

Result<std::string> Store::get_text(const plugin::CallScope& scope, const std::string& key,
                                    std::size_t bytes_max) const {
    TextStage stage(bytes_max);
    BKT_TRY(get(scope, key, stage));
    return std::move(stage.text);
}

Result<StoredObject> Store::stat(const plugin::CallScope& scope, const std::string& key) const {
    std::optional<StoredObject> found;
    const std::function<void(const StoredObject&)> keep = [&](const StoredObject& o) { found = o; };
    Collector collector{keep};
    const bkt_object_out out{sizeof out, 0, &collector, &Collector::object};
    BKT_TRY(named(opened_.call(scope, [&](const auto& ops, void* self, const bkt_call* call) {
        return ops.stat(self, call, str(key), &out);
    })));
    if (!found) return Error{Code::fault, "store '" + name_ + "' said nothing about '" + key + "'"};
    return *found;
}

Status Store::list(const plugin::CallScope& scope, const std::string& prefix,
                   const std::function<void(const StoredObject&)>& out) const {
    Collector collector{out};
    const bkt_object_out raw{sizeof raw, 0, &collector, &Collector::object};
    return named(opened_.call(scope, [&](const auto& ops, void* self, const bkt_call* call) {
        return ops.list(self, call, str(prefix), &raw);
    }));
}

Status Store::remove(const plugin::CallScope& scope, const std::string& key) const {
    return named(opened_.call(scope, [&](const auto& ops, void* self, const bkt_call* call) {
        return ops.remove(self, call, str(key));
    }));
}

Result<std::uint64_t> Store::sweep(const plugin::CallScope& scope,
                                   const std::string& prefix) const {
    std::uint64_t removed = 0;
    BKT_TRY(named(opened_.call(scope, [&](const auto& ops, void* self, const bkt_call* call) {
        return ops.sweep(self, call, str(prefix), &removed);
    })));
    return removed;
}

}  // namespace bkt::archive
