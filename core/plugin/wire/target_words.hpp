// wire/target_words.hpp: a target as the wire says it, and back into the contract's struct that borrows it.
#pragma once

#include "baktainer/abi/kinds/discovery.h"
#include "baktainer/call.hpp"
#include "core/plugin/wire/body.hpp"

namespace bkt::wire {

inline json said_pairs(const bkt_pair* all, std::uint64_t count) {
    json made = json::array();
    for (std::uint64_t i = 0; i < count; ++i)
        made.push_back(json::array({view(all[i].key), view(all[i].value)}));
    return made;
}

inline json said_programs(const bkt_target& t) {
    json made = json::array();
    if (!BKT_HAS(&t, bkt_target, program_count)) return made;
    for (std::uint64_t i = 0; i < t.program_count; ++i) made.push_back(view(t.programs[i]));
    return made;
}

inline json said_target(const bkt_target& t) {
    return {{"flags", t.flags},
            {"id", view(t.id)},
            {"name", view(t.name)},
            {"image", view(t.image)},
            {"image_digest", view(t.image_digest)},
            {"state", view(t.state)},
            {"labels", said_pairs(t.labels, t.label_count)},
            {"env", said_pairs(t.env, t.env_count)},
            {"memory_limit_bytes",
             BKT_HAS(&t, bkt_target, memory_limit_bytes) ? t.memory_limit_bytes : 0},
            {"address", BKT_HAS(&t, bkt_target, address) ? view(t.address) : ""},
            {"programs", said_programs(t)},
            {"transport", BKT_HAS(&t, bkt_target, transport) ? view(t.transport) : ""},
            {"transport_reason",
             BKT_HAS(&t, bkt_target, transport_reason) ? view(t.transport_reason) : ""}};
}

class TargetWords final {
public:
    explicit TargetWords(const json& said)
        : id_(text(said, "id")),
          name_(text(said, "name")),
          image_(text(said, "image")),
          digest_(text(said, "image_digest")),
          state_(text(said, "state")),
          address_(text(said, "address")),
          transport_(text(said, "transport")),
          transport_reason_(text(said, "transport_reason")) {
        take(list(said, "labels"), label_words_, labels_);
        take(list(said, "env"), env_words_, env_);
        for (const auto& program : list(said, "programs"))
            program_words_.push_back(text_of(program));
        for (const auto& program : program_words_) programs_.push_back(str(program));
        raw_ = {sizeof raw_,
                static_cast<std::uint32_t>(number(said, "flags")),
                str(id_),
                str(name_),
                str(image_),
                str(digest_),
                str(state_),
                labels_.data(),
                labels_.size(),
                env_.data(),
                env_.size(),
                number(said, "memory_limit_bytes"),
                str(address_),
                programs_.data(),
                programs_.size(),
                str(transport_),
                str(transport_reason_)};
    }
    TargetWords(const TargetWords&) = delete;
    TargetWords& operator=(const TargetWords&) = delete;
    const bkt_target& raw() const { return raw_; }

private:
    using Words = std::vector<std::pair<std::string, std::string>>;
    static void take(const json& list, Words& words, std::vector<bkt_pair>& pairs) {
        for (const auto& entry : list)
            if (entry.is_array() && entry.size() == 2)
                words.emplace_back(text_of(entry[0]), text_of(entry[1]));
        for (const auto& [key, value] : words) pairs.push_back({str(key), str(value)});
    }

    std::string id_, name_, image_, digest_, state_, address_, transport_, transport_reason_;
    Words label_words_, env_words_;
    std::vector<bkt_pair> labels_, env_;
    std::vector<std::string> program_words_;
    std::vector<bkt_str> programs_;
    bkt_target raw_{};
};

}  // namespace bkt::wire
