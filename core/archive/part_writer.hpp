// archive/part_writer.hpp: one part on its way from the engine to the stores.
//
//   engine thread -> ring -> [throttle, validator, count+sha256, compress, count+sha256, tee] -> ring per
//   store -> storage.put
//
// No store commits its object before the engine said the part is whole, the validator saw its end and
// the counts agree; any failure before that leaves nothing.
#pragma once

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/archive/manifest.hpp"
#include "core/archive/store.hpp"
#include "core/config/label_value.hpp"
#include "core/stream/budget.hpp"
#include "core/stream/ring.hpp"
#include "core/stream/tap_stage.hpp"
#include "core/stream/throttle.hpp"

namespace bkt::archive {

struct PartOptions {
    std::string name;
    std::string media_type;
    std::string folder;  // of the backup
    config::Compression compression;
    stream::Budget budget;
    stream::Rate* rate = nullptr;  // borrowed, shared by the parts of a run; nullptr = no limit
};

// Where a part lies and what went wrong where it does not.
struct PartOutcome {
    Part part;
    std::vector<std::optional<Error>> store_errors;  // one a store, in the given order
};

class PartWriter final {
public:
    // Borrows stores and scope until destroyed. Null stores failed before and are left out.
    PartWriter(PartOptions options, std::unique_ptr<stream::Validator> validator,
               std::vector<const Store*> stores, const plugin::CallScope& scope);
    // Abandons what was not finished.
    ~PartWriter();
    PartWriter(const PartWriter&) = delete;
    PartWriter& operator=(const PartWriter&) = delete;

    // Where the engine writes; fails with the pipeline's error once that has one.
    stream::Ring& input() { return input_; }
    std::uint64_t plain_bytes() const { return passed_bytes_.load(std::memory_order_relaxed); }

    // The tool ended well and gave `tool_bytes` (UINT64_MAX = not counted): validates, stores, waits.
    // Fails when no store has the part.
    Result<PartOutcome> finish(int exit_code, std::uint64_t tool_bytes);
    void abandon(Error why);

private:
    void put(std::size_t store, const std::string& key);
    void encode();
    Status encode_all();
    void join();

    const PartOptions options_;
    std::unique_ptr<stream::Validator> validator_;
    const std::vector<const Store*> stores_;
    const plugin::CallScope& scope_;
    stream::Ring input_;
    std::vector<std::unique_ptr<stream::Ring>> store_rings_;
    std::vector<std::optional<Error>> store_errors_;
    std::atomic<std::uint64_t> passed_bytes_{0};
    std::uint64_t expected_bytes_ = UINT64_MAX;  // written before input_.finish(), read after
    std::optional<Error> encode_error_;
    Part part_;
    std::thread encoder_;
    std::vector<std::thread> putters_;
};

}  // namespace bkt::archive
