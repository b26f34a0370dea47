// cli/console.hpp: what the user sees: results on stdout, everything else on stderr; or, with
// --output json, one JSON object a line on stdout.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "baktainer/result.hpp"
#include "core/base/exit_code.hpp"
#include "core/cli/options.hpp"
#include "core/run/observer.hpp"

namespace bkt::cli {

// Thread-safe.
class Console final : public run::Observer {
public:
    explicit Console(const Options& options);
    ~Console() override;

    bool json() const { return options_.json(); }
    // A result line for people; nothing in JSON mode.
    void line(const std::string& text);
    // A result object; nothing in text mode.
    void object(const nlohmann::ordered_json& object);
    // A remark on stderr; not with -q.
    void note(const std::string& text);
    // Tells the error, its hint, and returns the exit code it means.
    base::Exit fail(const Error& error);

    void event(const run::Event& event) override;
    void progress(const run::Progress& progress) override;

private:
    void clear_bar();
    void draw_bar();
    std::string colored(const char* color, const std::string& text) const;

    struct Seen {
        run::Progress progress;
        std::chrono::steady_clock::time_point began;
    };
    const Options options_;
    const bool bar_;  // stderr is a terminal
    const bool color_;
    std::mutex mutex_;
    std::map<std::string, Seen> running_;  // by target
    std::chrono::steady_clock::time_point drawn_{};
    bool bar_shown_ = false;
};

}  // namespace bkt::cli
