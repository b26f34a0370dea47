#include "core/cli/console.hpp"

#include <unistd.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "core/base/timestamp.hpp"
#include "core/base/units.hpp"

namespace bkt::cli {

namespace {

using Json = nlohmann::ordered_json;
constexpr auto kBarInterval = std::chrono::milliseconds(200);
constexpr auto kJsonInterval = std::chrono::seconds(1);
constexpr const char* kRed = "31";
constexpr const char* kYellow = "33";
constexpr const char* kGreen = "32";

void print(std::FILE* to, const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), to);
    std::fputc('\n', to);
    std::fflush(to);
}

std::string dumped(const Json& j) { return j.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::string field(const run::Event& event, std::string_view name) {
    for (const auto& [key, value] : event.fields)
        if (key == name)
            return std::holds_alternative<std::string>(value)
                       ? std::get<std::string>(value)
                       : std::to_string(std::get<std::uint64_t>(value));
    return {};
}

std::uint64_t number(const run::Event& event, std::string_view name) {
    for (const auto& [key, value] : event.fields)
        if (key == name && std::holds_alternative<std::uint64_t>(value))
            return std::get<std::uint64_t>(value);
    return 0;
}

std::string sizes(const run::Event& e) { return base::human_size(number(e, "plain_bytes")); }
std::string took(const run::Event& e) {
    return base::human_duration(std::chrono::milliseconds(number(e, "duration_ms")));
}

// The sentence a person reads for an event; "" = nothing to say.
std::string sentence(const run::Event& e) {
    const auto target =
        field(e, "target") +
        (field(e, "job").empty() || field(e, "job") == "default" ? "" : "." + field(e, "job"));
    if (e.id == "run.started") return {};
    if (e.id == "run.finished")
        return target + ": backed up as " + field(e, "backup") + ", " + sizes(e) + " in " +
               field(e, "parts") + (field(e, "parts") == "1" ? " part" : " parts") +
               ", stored as " + base::human_size(number(e, "stored_bytes")) + ", " + took(e);
    if (e.id == "run.degraded")
        return target + ": backup " + field(e, "backup") + " is not in store '" +
               field(e, "store") + "': " + field(e, "reason");
    if (e.id == "run.failed") return target + ": backup failed: " + field(e, "reason");
    if (e.id == "target.blocked") return target + ": blocked: " + field(e, "reason");
    if (e.id == "verify.finished")
        return field(e, "backup") + " (" + target + "): whole in store '" + field(e, "store") +
               "', " + sizes(e) + " read in " + took(e);
    if (e.id == "verify.failed")
        return field(e, "backup") + " (" + target + "): NOT WHOLE in store '" + field(e, "store") +
               "': " + field(e, "reason");
    if (e.id == "restore.started") return {};
    if (e.id == "restore.finished")
        return field(e, "backup") + " (" + target + "): restored to " + field(e, "to") + ", " +
               sizes(e) + ", " + took(e);
    if (e.id == "restore.failed")
        return field(e, "backup") + " (" + target + "): restore failed: " + field(e, "reason");
    if (e.id == "store.swept")
        return "store '" + field(e, "store") + "': removed " + field(e, "objects") +
               " left by an interrupted run";
    if (e.id == "store.unreachable")
        return "store '" + field(e, "store") + "': " + field(e, "reason");
    if (e.id == "source.unreachable") return field(e, "reason");
    return std::string(e.id) + ": " + field(e, "reason");
}

}  // namespace

Console::Console(const Options& options)
    : options_(options),
      bar_(!options.json() && !options.quiet && ::isatty(STDERR_FILENO) == 1),
      color_(!options.no_color && ::isatty(STDERR_FILENO) == 1) {}

Console::~Console() { clear_bar(); }

std::string Console::colored(const char* color, const std::string& text) const {
    return color_ ? std::string("\033[") + color + "m" + text + "\033[0m" : text;
}

void Console::line(const std::string& text) {
    const std::lock_guard lock(mutex_);
    if (json()) return;
    clear_bar();
    print(stdout, text);
}

void Console::object(const Json& object) {
    const std::lock_guard lock(mutex_);
    if (json()) print(stdout, dumped(object));
}

void Console::note(const std::string& text) {
    const std::lock_guard lock(mutex_);
    if (json() || options_.quiet) return;
    clear_bar();
    print(stderr, text);
}

base::Exit Console::fail(const Error& error) {
    const std::lock_guard lock(mutex_);
    const auto exit = base::exit_for(error.code);
    clear_bar();
    if (json()) {
        print(stdout, dumped({{"message_type", "error"},
                              {"code", code_name(error.code)},
                              {"message", error.message},
                              {"hint", error.hint},
                              {"exit_code", static_cast<int>(exit)}}));
        return exit;
    }
    print(stderr, "baktainer: " + colored(kRed, error.message));
    if (!error.hint.empty()) print(stderr, "  hint: " + error.hint);
    return exit;
}

void Console::event(const run::Event& event) {
    const std::lock_guard lock(mutex_);
    running_.erase(event.id == "run.started" ? std::string() : field(event, "target"));
    if (json()) {
        Json j = {
            {"message_type", "event"}, {"event", event.id}, {"time", base::rfc3339(base::now())}};
        for (const auto& [key, value] : event.fields)
            std::visit([&, k = std::string(key)](const auto& v) { j[k] = v; }, value);
        return print(stdout, dumped(j));
    }
    const auto severity = run::row_of(event.id).severity;
    const auto text = sentence(event);
    if (text.empty()) return;
    clear_bar();
    if (severity == run::Severity::info) {
        if (!options_.quiet)
            print(stdout, event.id.ends_with("finished") && ::isatty(STDOUT_FILENO) == 1
                              ? colored(kGreen, "ok ") + text
                              : text);
        return;
    }
    print(stderr, colored(severity == run::Severity::error ? kRed : kYellow,
                          severity == run::Severity::error ? "error " : "warning ") +
                      text);
    if (const auto hint = field(event, "hint"); !hint.empty()) print(stderr, "  hint: " + hint);
}

void Console::progress(const run::Progress& progress) {
    if (!bar_ && !json()) return;
    const std::lock_guard lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    auto& seen = running_[progress.target];
    if (seen.began == std::chrono::steady_clock::time_point{}) seen.began = now;
    seen.progress = progress;
    if (now - drawn_ < (json() ? std::chrono::milliseconds(kJsonInterval) : kBarInterval)) return;
    drawn_ = now;
    if (!json()) return draw_bar();
    print(stdout, dumped({{"message_type", "status"},
                          {"target", progress.target},
                          {"part", progress.stage},
                          {"done_bytes", progress.done_bytes},
                          {"total_bytes", progress.total_bytes}}));
}

void Console::draw_bar() {
    std::string text;
    for (const auto& [target, seen] : running_) {
        const auto& p = seen.progress;
        const double s =
            std::max(0.001, std::chrono::duration<double>(drawn_ - seen.began).count());
        const auto rate = static_cast<std::uint64_t>(static_cast<double>(p.done_bytes) / s);
        text += (text.empty() ? "" : " | ") + target + " " + p.stage + "  " +
                base::human_size(p.done_bytes) + "  " + base::human_size(rate) + "/s";
        if (p.total_bytes > p.done_bytes && rate > 0)
            text += "  ~" + std::to_string(100 * p.done_bytes / p.total_bytes) + "%  about " +
                    base::human_duration(
                        std::chrono::milliseconds((p.total_bytes - p.done_bytes) * 1000 / rate)) +
                    " left";
    }
    std::fprintf(stderr, "\r\033[K%s", text.substr(0, 150).c_str());
    std::fflush(stderr);
    bar_shown_ = true;
}

void Console::clear_bar() {
    if (!bar_shown_) return;
    std::fputs("\r\033[K", stderr);
    std::fflush(stderr);
    bar_shown_ = false;
}

}  // namespace bkt::cli
