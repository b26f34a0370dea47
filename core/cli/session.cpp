#include "core/cli/session.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "core/plugin/quarantine.hpp"
#include "core/plugin/worker/isolate.hpp"

namespace bkt::cli {

namespace {

// One object a process: a signal has nowhere else to go.
base::Cancel& interrupt() {
    static base::Cancel cancel;
    return cancel;
}

// The first Ctrl-C lets runs end cleanly; the second ends the process at once.
void on_signal(int signal) {
    if (interrupt().requested()) ::_exit(128 + signal);
    interrupt().request();
}

void catch_signals() {
    interrupt();  // made before a signal needs it
    struct sigaction action {};
    action.sa_handler = on_signal;
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
    ::signal(SIGPIPE, SIG_IGN);  // a closed pipe is an error to report, not a way to die
}

// %* in a pattern: the message as a JSON string, whatever a plugin or a tool put into it.
class JsonMessage final : public spdlog::custom_flag_formatter {
public:
    void format(const spdlog::details::log_msg& message, const std::tm&,
                spdlog::memory_buf_t& out) override {
        const std::string text(message.payload.data(), message.payload.size());
        const auto quoted =
            nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
        out.append(quoted.data(), quoted.data() + quoted.size());
    }
    std::unique_ptr<custom_flag_formatter> clone() const override {
        return std::make_unique<JsonMessage>();
    }
};

std::unique_ptr<spdlog::formatter> formatter(bool json) {
    auto made = std::make_unique<spdlog::pattern_formatter>();
    if (json)
        made->add_flag<JsonMessage>('*').set_pattern(
            R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l","message":%*})");
    else made->set_pattern("%Y-%m-%dT%H:%M:%S%z %l %v");
    return made;
}

void start_log(const Options& options, const config::Settings& settings) {
    auto logger = std::make_shared<spdlog::logger>(
        "baktainer", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    logger->set_formatter(formatter(settings.text("log.format") == "json"));
    auto level = settings.text("log.level") == "warning"
                     ? spdlog::level::warn
                     : spdlog::level::from_str(settings.text("log.level"));
    // On the command line results speak for themselves; the log is for what goes wrong, unless asked.
    if (settings.values.at("log.level").origin == "default") level = spdlog::level::warn;
    if (options.quiet) level = spdlog::level::err;
    if (options.verbose == 1) level = spdlog::level::info;
    if (options.verbose > 1) level = spdlog::level::debug;
    logger->set_level(level);
    spdlog::set_default_logger(std::move(logger));
}

}  // namespace

Session::~Session() = default;

Result<config::Settings> Session::settings() {
    BKT_LET(auto settings, config::load(options_.config, config::process_environment()));
    start_log(options_, settings);
    return settings;
}

Result<std::string> Session::dev_path() {
    return plugin::dev_plugin_path(options_.dev, config::process_environment(),
                                   plugin::is_privileged());
}

Result<run::Context*> Session::context() {
    if (context_) return context_.get();
    BKT_LET(auto loaded, settings());
    catch_signals();
    BKT_LET(const auto dev_path, this->dev_path());
    registry_ = plugin::load_plugins(
        loaded, dev_path,
        plugin::worker::isolate_with(
            plugin::worker::plugin_host_program(), {},
            [state_dir = loaded.text("state_dir")](const auto& module, const auto& what) {
                static_cast<void>(plugin::Quarantine(state_dir).note_fault(module, what));
            }));
    for (const auto& problem : registry_.problems())
        console_.note("warning: " + problem.message +
                      (problem.hint.empty() ? "" : "\n  hint: " + problem.hint));
    facilities_ = std::make_shared<plugin::Facilities>(loaded.text("state_dir"));
    facilities_->ca_file = loaded.text("http_client.ca_file");
    BKT_LET(reporter_,
            report::Reporter::create(loaded, registry_, facilities_, interrupt(), console_));
    facilities_->on_event = [to = std::weak_ptr(reporter_)](const plugin::PluginEvent& event) {
        if (const auto reporter = to.lock()) reporter->plugin_event(event);
    };
    context_ = std::make_unique<run::Context>(std::move(loaded), registry_, interrupt(), *reporter_,
                                              facilities_);
    return context_.get();
}

}  // namespace bkt::cli
