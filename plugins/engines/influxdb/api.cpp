#include "plugins/engines/influxdb/api.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "baktainer/setting_text.hpp"

namespace bkt::influxdb {
namespace {

using nlohmann::json;

constexpr std::uint64_t kApiReadyLimitMs = 180'000;
constexpr std::uint64_t kApiReadyPauseMs = 300;
// One shard may be large and its reader slow: the run's own time limit is what ends it.
constexpr std::uint64_t kTransferMs = 7ull * 24 * 3600 * 1000;
constexpr std::size_t kApiAnswerBytesMax = 16 << 20;
constexpr std::size_t kMetricsBytesMax = 16 << 20;

// "http://10.0.0.2:8086". The host may say https itself; it comes from a label.
Result<std::string> base_of(const Settings& settings) {
    std::string_view host = settings.host;
    std::string base = "http://";
    for (const std::string_view scheme : {"http://", "https://"})
        if (host.starts_with(scheme)) {
            base = scheme;
            host.remove_prefix(scheme.size());
        }
    if (host.empty())
        return Error{Code::invalid, "where the server listens is not known",
                     "say it with the label baktainer.db.host"};
    const bool odd = std::any_of(host.begin(), host.end(), [](unsigned char c) {
        return !(std::isalnum(c) || c == '.' || c == '-' || c == '_' || c == ':');
    });
    if (odd)
        return invalid_setting("db.host", settings.host,
                               "is neither a name nor an address; the port is 'db.port'");
    if (host.find(':') != host.npos) base.append("[").append(host).append("]");
    else base.append(host);
    return base + ":" + (settings.port.empty() ? "8086" : settings.port);
}

Error unlike_ours(const std::string& what) {
    return {Code::unsupported,
            "the server is " + what + ": over the network this engine backs up InfluxDB 2",
            "set baktainer.mode=exec for InfluxDB 1; InfluxDB 3 keeps its data in an object store"};
}

// The host's client says what it saw of the network; what to do about it is ours to say.
Result<HttpAnswer> answer_of(Http request) {
    auto answer = request.answer();
    if (!answer && answer.error().code == Code::unavailable)
        return Error{
            Code::unavailable, "the server does not answer, or not to the end",
            "check that it runs, and that this machine reaches its address; where not, say "
            "the one that it does with baktainer.db.host"};
    if (!answer && answer.error().code == Code::truncated)
        return Error{Code::truncated, "the server ended its answer early",
                     "look into its log: was it restarted?"};
    return answer;
}

Error refused(const HttpAnswer& answer, const std::string& path) {
    if (answer.status == 401 || answer.status == 403)
        return {Code::denied,
                "the server refused the token (" + std::to_string(answer.status) + ")",
                "give the operator token, which 'influx setup' printed, by 'db.secret': one with "
                "all access to an organisation is not enough"};
    auto error = Http::failure(answer);
    error.message = "asking for " + path + ": " + error.message;
    return error;
}

// "v2.7.12" -> "2.7.12".
std::string plain_version(std::string version) {
    if (version.starts_with('v')) version.erase(0, 1);
    return version.substr(0, 64);
}

}  // namespace

Result<Api> Api::create(Call& call, const Settings& settings) {
    BKT_LET(auto base, base_of(settings));
    BKT_LET(const std::string_view token, call.secret("db.password"));
    return Api(call, std::move(base), token);
}

Http Api::request(const char* method, const std::string& path) const {
    Http request(call_, method, base_ + path);
    const std::string_view token = own_token_.empty() ? token_ : own_token_;
    if (!token.empty()) request.header("Authorization", "Token " + std::string(token));
    return request;
}

Status Api::ask_version() {
    std::string said;
    // Nobody has to know us to answer this one.
    BKT_LET(const HttpAnswer answer,
            answer_of(Http(call_, "GET", base_ + "/health").capture(said)));
    const json health = json::parse(said, nullptr, false);
    if (health.is_object() && health.value("name", json()) == "influxdb") {
        if (health.value("status", json()) == "fail")
            return Error{Code::unavailable, "the server says that it is not well",
                         "look into its log"};
        if (const auto version = health.value("version", json()); version.is_string())
            version_ = plain_version(version);
    }
    if (version_.starts_with("2.")) return {};
    if (answer.status >= 500)
        return Error{Code::unavailable, "the server is not ready yet", "wait until it has started"};
    return unlike_ours(version_.empty() ? "no InfluxDB that says its version"
                                        : "InfluxDB " + version_);
}

Status Api::wait_until_ready() {
    for (std::uint64_t waited_ms = 0;; waited_ms += kApiReadyPauseMs) {
        const Status asked = ask_version();
        if (asked || asked.error().code != Code::unavailable || waited_ms >= kApiReadyLimitMs)
            return asked;
        BKT_TRY(call_.sleep_ms(kApiReadyPauseMs));
    }
}

Status Api::check_token() const {
    if (token_.empty() && own_token_.empty())
        return Error{Code::denied, "there is no token for the server",
                     "say where its operator token is with 'db.secret'"};
    // Of the answers that only an operator gets this is the cheapest; 2.1 does not have it.
    const std::string path = "/api/v2/config";
    std::string said;
    BKT_LET(const HttpAnswer answer, answer_of(request("GET", path).capture(said)));
    if (answer.ok() || answer.status == 404) return {};
    return refused(answer, path);
}

std::uint64_t Api::stored_bytes() const {
    std::string said;
    const auto answer = request("GET", "/metrics").capture(said, kMetricsBytesMax).answer();
    if (!answer || !answer->ok()) return 0;
    double sum = 0;
    constexpr std::string_view kSeries = "\nstorage_shard_disk_size{";
    for (auto at = said.find(kSeries); at != said.npos; at = said.find(kSeries, at + 1)) {
        const auto blank = said.find("} ", at);
        if (blank == said.npos) break;
        double bytes = 0;
        std::from_chars(said.data() + blank + 2, said.data() + said.size(), bytes);
        sum += bytes;
    }
    return sum > 0 && sum < 1e18 ? static_cast<std::uint64_t>(sum) : 0;
}

Status Api::set_up_if_new() {
    const std::string path = "/api/v2/setup";
    std::string said;
    BKT_LET(const HttpAnswer state, answer_of(Http(call_, "GET", base_ + path).capture(said)));
    const json allowed = json::parse(said, nullptr, false);
    if (!state.ok() || !allowed.is_object() || allowed.value("allowed", json()) != true) return {};
    json wish = {{"username", "baktainer"}, {"org", "baktainer"}, {"bucket", "baktainer"}};
    if (!token_.empty()) wish["token"] = token_;
    std::string body = wish.dump();
    std::string made;
    BKT_LET(const HttpAnswer answer,
            answer_of(Http(call_, "POST", base_ + path).json(body).capture(made)));
    detail::wipe(body);
    if (!answer.ok()) return refused(answer, path);
    json result = json::parse(made, nullptr, false);
    detail::wipe(made);
    try {
        own_token_ = result.at("auth").at("token").get<std::string>();
    } catch (const json::exception&) {
        return Error{Code::failed, "the new server did not say which token it made"};
    }
    return {};
}

Result<std::string> Api::ask(const char* method, const std::string& path,
                             std::string_view json) const {
    std::string said;
    Http http = request(method, path);
    if (!json.empty()) http.json(json);
    BKT_LET(const HttpAnswer answer, answer_of(http.capture(said, kApiAnswerBytesMax)));
    if (!answer.ok()) return refused(answer, path);
    return said;
}

Result<Api::Fetched> Api::fetch(const std::string& path, const Sink& to) const {
    BKT_LET(const HttpAnswer answer,
            answer_of(request("GET", path).timeout_ms(kTransferMs).out(to)));
    if (answer.status == 404) return Fetched::missing;
    if (answer.status == 500) return Fetched::failed;
    if (!answer.ok()) return refused(answer, path);
    return Fetched::whole;
}

Result<std::string> Api::send(const std::string& path, const Source& body) const {
    std::string said;
    BKT_LET(const HttpAnswer answer,
            answer_of(request("POST", path)
                          .header("Content-Type", "application/octet-stream")
                          .timeout_ms(kTransferMs)
                          .body(body)
                          .capture(said, kApiAnswerBytesMax)));
    if (!answer.ok()) return refused(answer, path);
    return said;
}

}  // namespace bkt::influxdb
