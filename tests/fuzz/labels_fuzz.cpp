// Labels and environments are other people's bytes: resolving them must end in jobs or findings, each
// name a safe folder, each blocked job with a reason, no secret in a setting.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/target/resolve.hpp"

namespace {

// Cuts the input at NUL bytes: key, value, key, value, ...
std::vector<std::string> pieces_of(const std::uint8_t* data, std::size_t size) {
    std::vector<std::string> pieces(1);
    for (std::size_t i = 0; i < size; ++i) {
        if (data[i] == 0) pieces.emplace_back();
        else pieces.back() += static_cast<char>(data[i]);
    }
    return pieces;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bkt::target;
    const auto pieces = pieces_of(data, size);
    auto target = std::make_shared<Target>();
    target->name = pieces[0];
    target->labels["baktainer.backup"] = "true";
    for (std::size_t i = 1; i + 1 < pieces.size(); i += 2)
        target->labels["baktainer." + pieces[i]] = pieces[i + 1];
    const Rules rules{{}, {"postgres", "sqlite"}, {"disk"}, size % 2 == 0};
    const Recognised postgres{"postgres", 100, "image", {{"db.name", {pieces[0], "environment"}}}};
    for (const auto& job : resolve(target, {postgres}, rules)) {
        if (job.name != slug_of(job.name) || job.name.find('/') != job.name.npos) std::abort();
        if (job.blocked && job.blocked->text.empty()) std::abort();
        if (!job.blocked && job.engine.empty()) std::abort();
        if (!job.password.empty() && job.setting("db.password") != "") std::abort();
    }
    return 0;
}
