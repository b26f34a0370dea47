// testing/collectors.hpp: what a plugin hands to the host, kept for a test: objects, targets, a hook's
// answers, a secret, a header. `raw` is what its method is called with.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "baktainer/abi/kinds/discovery.h"
#include "baktainer/abi/kinds/hook.h"
#include "baktainer/abi/kinds/secrets.h"
#include "baktainer/abi/kinds/storage.h"
#include "baktainer/abi/kinds/transform.h"
#include "baktainer/call.hpp"

namespace bkt::testing {

// Of stat() and list(): key and size, in the order they came.
struct ListedObjects {
    std::vector<std::pair<std::string, std::uint64_t>> all;
    bkt_object_out raw{sizeof raw, 0, this, &take};

    ListedObjects() = default;
    ListedObjects(const ListedObjects&) = delete;

private:
    static bkt_rc take(const bkt_object_out* o, const bkt_object* object) noexcept {
        static_cast<ListedObjects*>(o->ctx)->all.emplace_back(view(object->key),
                                                              object->size_bytes);
        return BKT_OK;
    }
};

struct ListedTarget {
    std::string id, name, image, state;
    std::map<std::string, std::string> labels;
};

// Of scan() and clone().
struct ListedTargets {
    std::vector<ListedTarget> all;
    bkt_target_out raw{sizeof raw, 0, this, &take};

    ListedTargets() = default;
    ListedTargets(const ListedTargets&) = delete;

private:
    static bkt_rc take(const bkt_target_out* o, const bkt_target* t) noexcept {
        ListedTarget found{std::string(view(t->id)),
                           std::string(view(t->name)),
                           std::string(view(t->image)),
                           std::string(view(t->state)),
                           {}};
        for (std::uint64_t i = 0; i < t->label_count; ++i)
            found.labels.emplace(view(t->labels[i].key), view(t->labels[i].value));
        static_cast<ListedTargets*>(o->ctx)->all.push_back(std::move(found));
        return BKT_OK;
    }
};

// Of before() and after(): BKT_DECISION_* with its reason, and what was noted.
struct HookAnswers {
    std::vector<std::pair<std::int32_t, std::string>> decisions;
    std::map<std::string, std::string> notes;
    bkt_hook_out raw{sizeof raw, 0, this, &decide, &annotate};

    HookAnswers() = default;
    HookAnswers(const HookAnswers&) = delete;

private:
    static void decide(const bkt_hook_out* o, std::int32_t d, bkt_str reason) noexcept {
        static_cast<HookAnswers*>(o->ctx)->decisions.emplace_back(d, view(reason));
    }
    static void annotate(const bkt_hook_out* o, bkt_str key, bkt_str value) noexcept {
        static_cast<HookAnswers*>(o->ctx)->notes[std::string(view(key))] = view(value);
    }
};

// Of a secrets plugin's resolve().
struct HandedSecret {
    std::string value;
    std::uint64_t ttl_s = 0;
    bkt_secret_out raw{sizeof raw, 0, this, &take};

    HandedSecret() = default;
    HandedSecret(const HandedSecret&) = delete;

private:
    static bkt_rc take(const bkt_secret_out* o, const void* bytes, std::uint64_t len,
                       std::uint64_t ttl_s) noexcept {
        auto* self = static_cast<HandedSecret*>(o->ctx);
        self->value.assign(static_cast<const char*>(bytes), len);
        self->ttl_s = ttl_s;
        return BKT_OK;
    }
};

// Of encode().
struct KeptHeader {
    std::string bytes;
    bkt_header_out raw{sizeof raw, 0, this, &take};

    KeptHeader() = default;
    KeptHeader(const KeptHeader&) = delete;

private:
    static bkt_rc take(const bkt_header_out* o, const void* bytes, std::uint64_t len) noexcept {
        static_cast<KeptHeader*>(o->ctx)->bytes.assign(static_cast<const char*>(bytes), len);
        return BKT_OK;
    }
};

}  // namespace bkt::testing
