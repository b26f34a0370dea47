// plugin_host/target_words.hpp: a target as the wire says it, as the contract's struct that borrows it.
#pragma once

#include "baktainer/abi/kinds/discovery.h"
#include "baktainer/call.hpp"
#include "core/plugin/wire/body.hpp"

namespace bkt::plugin_host {

class TargetWords final {
public:
    explicit TargetWords(const wire::json& said)
        : id_(wire::text(said, "id")),
          name_(wire::text(said, "name")),
          image_(wire::text(said, "image")),
          digest_(wire::text(said, "image_digest")),
          state_(wire::text(said, "state")) {
        take(wire::list(said, "labels"), label_words_, labels_);
        take(wire::list(said, "env"), env_words_, env_);
        raw_ = {sizeof raw_,    static_cast<std::uint32_t>(wire::number(said, "flags")),
                str(id_),       str(name_),
                str(image_),    str(digest_),
                str(state_),    labels_.data(),
                labels_.size(), env_.data(),
                env_.size()};
    }
    TargetWords(const TargetWords&) = delete;
    TargetWords& operator=(const TargetWords&) = delete;
    const bkt_target& raw() const { return raw_; }

private:
    using Words = std::vector<std::pair<std::string, std::string>>;
    static void take(const wire::json& list, Words& words, std::vector<bkt_pair>& pairs) {
        for (const auto& entry : list)
            if (entry.is_array() && entry.size() == 2)
                words.emplace_back(wire::text_of(entry[0]), wire::text_of(entry[1]));
        for (const auto& [key, value] : words) pairs.push_back({str(key), str(value)});
    }

    std::string id_, name_, image_, digest_, state_;
    Words label_words_, env_words_;
    std::vector<bkt_pair> labels_, env_;
    bkt_target raw_{};
};

}  // namespace bkt::plugin_host
