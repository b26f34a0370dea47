#include "core/report/message.hpp"

#include <nlohmann/json.hpp>

#include "baktainer/call.hpp"
#include "core/base/random_id.hpp"
#include "core/base/timestamp.hpp"
#include "core/report/sentence.hpp"

namespace bkt::report {

namespace {

using Json = nlohmann::ordered_json;
constexpr std::size_t kMaxTitleBytes = 250;

std::string dumped(const Json& j) { return j.dump(-1, ' ', false, Json::error_handler_t::replace); }

// A tool's words may be in any encoding.
std::string valid_utf8(const std::string& text) {
    return Json::parse(dumped(Json(text))).get<std::string>();
}

// Cuts between characters.
std::string cut(std::string text, std::size_t bytes_max) {
    if (text.size() <= bytes_max) return text;
    while (bytes_max > 0 && (static_cast<unsigned char>(text[bytes_max]) & 0xC0) == 0x80)
        --bytes_max;
    return text.substr(0, bytes_max) + "…";
}

std::string one_line(std::string text) {
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 0x20) c = ' ';
    return text;
}

const char* word_of(run::Severity severity) {
    static constexpr const char* kWords[] = {"info", "warning", "error"};
    return kWords[static_cast<int>(severity)];
}

std::string title_of(const run::Event& event, bool recovered) {
    auto text = sentence(event);
    if (text.empty())
        text = (run::field(event, "target").empty() ? "" : run::field(event, "target") + ": ") +
               std::string(run::row_of(event.id).meaning);
    if (recovered) text += " (recovered: the run before had failed)";
    return cut(one_line(valid_utf8(text)), kMaxTitleBytes);
}

std::string json_of(const Message& m, const run::Event& event, const std::string& host,
                    bool recovered) {
    Json j;
    for (const auto& [key, value] : event.fields)
        std::visit([&, k = std::string(key)](const auto& v) { j[k] = v; }, value);
    // Last, so that no field of an event stands for one of these.
    j["key"] = m.key;
    j["type"] = m.type;
    j["severity"] = word_of(m.severity);
    j["time"] = base::rfc3339(std::chrono::time_point_cast<std::chrono::seconds>(m.time));
    j["title"] = m.title;
    j["host"] = host;
    if (recovered) j["recovered"] = true;
    return dumped(j);
}

}  // namespace

bkt_event Message::raw() const {
    bkt_event raw{};
    raw.size = sizeof raw;
    raw.severity = severity == run::Severity::error     ? BKT_SEVERITY_ERROR
                   : severity == run::Severity::warning ? BKT_SEVERITY_WARNING
                                                        : BKT_SEVERITY_INFO;
    raw.time_ns = time.time_since_epoch().count();
    raw.key = str(key);
    raw.type = str(type);
    raw.title = str(title);
    raw.text = str(text);
    raw.json = str(json);
    return raw;
}

Message message_of(const run::Event& event, const std::string& host, bool recovered,
                   std::chrono::sys_time<std::chrono::nanoseconds> at) {
    Message m;
    m.key = base::random_id();
    m.type = event.id;
    m.severity = run::severity_of(event);
    m.time = at;
    m.title = title_of(event, recovered);
    m.text = m.title;
    if (const auto hint = run::field(event, "hint"); !hint.empty())
        m.text += "\nWhat to do: " + valid_utf8(hint);
    m.text += "\nHost: " + host;
    m.json = json_of(m, event, host, recovered);
    return m;
}

}  // namespace bkt::report
