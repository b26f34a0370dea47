// The tables of the kinds that are few calls each: notifier, hook, secrets, transform.
#include "baktainer/call.hpp"
#include "core/plugin/worker/tables.hpp"

namespace bkt::plugin::worker {

using wire::json;

namespace {

// ---- notifier ----

json event_arguments(const bkt_event& e) {
    return {{"severity", e.severity}, {"time_ns", e.time_ns},   {"key", view(e.key)},
            {"type", view(e.type)},   {"title", view(e.title)}, {"text", view(e.text)},
            {"json", view(e.json)}};
}

bkt_rc notify(void* self, const bkt_call* call, const bkt_event* event) noexcept {
    return on(self, call, [&](Instance& instance, Op& op) {
        return op.run("notifier.notify", {{"instance", instance.id},
                                          {"events", json::array({event_arguments(*event)})}});
    });
}

bkt_rc digest(void* self, const bkt_call* call, const bkt_event* const* events,
              std::uint64_t count) noexcept {
    return on(self, call, [&](Instance& instance, Op& op) {
        json all = json::array();
        for (std::uint64_t i = 0; i < count; ++i) all.push_back(event_arguments(*events[i]));
        return op.run("notifier.digest", {{"instance", instance.id}, {"events", std::move(all)}});
    });
}

// ---- hook ----

bkt_rc hook(const char* method, void* self, const bkt_call* call, const bkt_hook_event* e,
            const bkt_hook_out* out) noexcept {
    return on(self, call, [&](Instance& instance, Op& op) {
        json said;
        const bkt_rc rc = op.run(method,
                                 {{"instance", instance.id},
                                  {"phase", e->phase},
                                  {"outcome", e->outcome},
                                  {"target", view(e->target)},
                                  {"job", view(e->job)},
                                  {"backup", view(e->backup)},
                                  {"json", view(e->json)}},
                                 &said);
        for (const auto& pair : wire::list(said, "annotations")) {
            const auto key = wire::text(pair, "key"), value = wire::text(pair, "value");
            out->annotate(out, str(key), str(value));
        }
        if (const json& decision = wire::at(said, "decision"); decision.is_number_integer()) {
            const auto reason = wire::text(said, "reason");
            out->decide(out, static_cast<std::int32_t>(wire::integer(said, "decision")),
                        str(reason));
        }
        return rc;
    });
}
bkt_rc before(void* self, const bkt_call* call, const bkt_hook_event* e,
              const bkt_hook_out* out) noexcept {
    return hook("hook.before", self, call, e, out);
}
bkt_rc after(void* self, const bkt_call* call, const bkt_hook_event* e,
             const bkt_hook_out* out) noexcept {
    return hook("hook.after", self, call, e, out);
}

// ---- secrets ----

bkt_rc resolve(void* self, const bkt_call* call, bkt_str ref, const bkt_secret_out* out) noexcept {
    return on(self, call, [&](Instance& instance, Op& op) {
        // By a memory file, as every secret: what goes through messages is copied where nobody wipes.
        op.on("secret.value", [out](wire::Message& m) -> wire::Reply {
            constexpr std::size_t kMaxSecretBytes = 64 * 1024;
            std::vector<char> bytes(kMaxSecretBytes);
            std::size_t len = 0;
            if (!m.fds.empty())
                for (ssize_t n; len < bytes.size() &&
                                (n = ::pread(m.fds[0].get(), bytes.data() + len, bytes.size() - len,
                                             static_cast<off_t>(len))) > 0;)
                    len += static_cast<std::size_t>(n);
            const bkt_rc rc = out->value(out, bytes.data(), len, wire::number(m.body, "ttl_s"));
            ::explicit_bzero(bytes.data(), bytes.size());
            return {{{"rc", rc}}, {}};
        });
        return op.run("secrets.resolve", {{"instance", instance.id}, {"ref", view(ref)}});
    });
}

// ---- transform ----

bkt_rc caps(void* self, const bkt_call* call, std::uint64_t* into) noexcept {
    return on(self, call, [&](Instance& instance, Op& op) {
        json out;
        const bkt_rc rc = op.run("transform.caps", {{"instance", instance.id}}, &out);
        *into = wire::number(out, "caps");
        return rc;
    });
}

bkt_rc encode(void* self, const bkt_call* call, const bkt_source* source, const bkt_sink* sink,
              const bkt_header_out* header) noexcept {
    return on(self, call, [&](Instance& instance, Op& op) {
        op.on("header", [header](auto& m) -> wire::Reply {
            const json& bytes = wire::at(m.body, "bytes");
            if (!bytes.is_binary()) return {{{"rc", BKT_BUG}}, {}};
            const auto& content = bytes.get_binary();
            return {{{"rc", header->header(header, content.data(), content.size())}}, {}};
        });
        return op.run(
            "transform.encode",
            {{"instance", instance.id}, {"source", op.lend(source)}, {"sink", op.lend(sink)}});
    });
}

bkt_rc decode(void* self, const bkt_call* call, const void* header, std::uint64_t header_len,
              const bkt_source* source, const bkt_sink* sink) noexcept {
    return on(self, call, [&](Instance& instance, Op& op) {
        const auto* at = static_cast<const std::uint8_t*>(header);
        return op.run("transform.decode",
                      {{"instance", instance.id},
                       {"header", json::binary(std::vector<std::uint8_t>(at, at + header_len))},
                       {"source", op.lend(source)},
                       {"sink", op.lend(sink)}});
    });
}

}  // namespace

bkt_notifier_ops notifier_table(OpenFn open) {
    return {sizeof(bkt_notifier_ops), 0, open, &close_instance, &notify, &digest, &health, nullptr};
}
bkt_hook_ops hook_table(OpenFn open) {
    return {sizeof(bkt_hook_ops), 0, open, &close_instance, &before, &after, &health, nullptr};
}
bkt_secrets_ops secrets_table(OpenFn open) {
    return {sizeof(bkt_secrets_ops), 0, open, &close_instance, &resolve, &health, nullptr};
}
bkt_transform_ops transform_table(OpenFn open) {
    return {sizeof(bkt_transform_ops), 0, open, &close_instance, &caps, &encode, &decode, nullptr};
}

}  // namespace bkt::plugin::worker
