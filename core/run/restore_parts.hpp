// run/restore_parts.hpp: the parts of a stored backup as an engine's restore() reads them, each byte
// checked on the way.
#pragma once

#include <memory>
#include <optional>
#include <thread>

#include "baktainer/abi/kinds/engine.h"
#include "core/archive/manifest.hpp"
#include "core/archive/store.hpp"
#include "core/run/observer.hpp"
#include "core/stream/budget.hpp"
#include "core/stream/ring.hpp"

namespace bkt::run {

class RestoreParts final {
public:
    // Borrows store, scope and observer. `parts` are those of `folder` that shall be restored.
    RestoreParts(const archive::Store& store, std::string folder, std::vector<archive::Part> parts,
                 stream::Budget budget, const plugin::CallScope& scope, Observer& observer,
                 std::string target);
    ~RestoreParts();
    RestoreParts(const RestoreParts&) = delete;
    RestoreParts& operator=(const RestoreParts&) = delete;

    const bkt_parts_in& in() const { return in_; }
    // After restore() said OK: what it left unread is read and checked too, and every part must have
    // been opened. Then, and only then, is the restore true.
    Status settle();
    // What the engine's failure really was: a plugin whose read failed knows only a code.
    Error why(Error restore_error) const {
        return failed_ && failed_->code == restore_error.code ? *failed_ : std::move(restore_error);
    }

private:
    static std::uint64_t count(const bkt_parts_in*) noexcept;
    static bkt_str name(const bkt_parts_in*, std::uint64_t index) noexcept;
    static bkt_rc open(const bkt_parts_in*, const bkt_call*, bkt_str name,
                       const bkt_source** source) noexcept;
    static bkt_rc read(const bkt_source*, void*, std::uint64_t, std::uint64_t*) noexcept;

    Status open_part(std::string_view name);
    Status close_part(bool drain);

    const archive::Store& store_;
    const std::string folder_;
    const std::vector<archive::Part> parts_;
    const stream::Budget budget_;
    const plugin::CallScope& scope_;
    Observer& observer_;
    const std::string target_;
    bkt_parts_in in_{};
    bkt_source source_{};
    std::vector<bool> opened_;
    std::unique_ptr<stream::Ring> ring_;  // of the open part
    std::thread reader_;
    Bytes left_{};
    bool ended_ = false;
    std::optional<Error> failed_;  // the first read that failed
    std::string part_;
    std::uint64_t done_bytes_ = 0, total_bytes_ = 0;
};

}  // namespace bkt::run
