#include "core/cli/console.hpp"

#include <unistd.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "core/base/timestamp.hpp"
#include "core/base/units.hpp"
#include "core/report/sentence.hpp"

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
    running_.erase(event.id == "run.started" ? std::string() : run::field(event, "target"));
    if (json()) {
        Json j = {
            {"message_type", "event"}, {"event", event.id}, {"time", base::rfc3339(base::now())}};
        for (const auto& [key, value] : event.fields)
            std::visit([&, k = std::string(key)](const auto& v) { j[k] = v; }, value);
        return print(stdout, dumped(j));
    }
    const auto severity = run::severity_of(event);
    const auto text = report::sentence(event);
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
    if (const auto hint = run::field(event, "hint"); !hint.empty())
        print(stderr, "  hint: " + hint);
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
