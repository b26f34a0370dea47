#include "plugins/engines/redis/settings.hpp"

#include <algorithm>

#include "baktainer/setting_text.hpp"

namespace bkt::redis {
namespace {

constexpr std::size_t kMaxUserBytes = 256;
constexpr std::size_t kMaxHostBytes = 255;

Status check_text(const char* key, std::string_view value, std::size_t bytes_max) {
    // A NUL or line break no server could have; a blank no ACL user and no host either.
    const bool odd = std::any_of(value.begin(), value.end(), [](char c) {
        return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f;
    });
    if (!odd && value.size() <= bytes_max) return {};
    return invalid_setting(key, value,
                           odd ? "holds a blank or control character"
                               : "is longer than " + std::to_string(bytes_max) + " bytes");
}

}  // namespace

Result<Settings> Settings::load(const Call& call) {
    Settings s;
    s.user = call.config("db.user");
    BKT_TRY(check_text("db.user", s.user, kMaxUserBytes));
    s.host = call.config("db.host");
    BKT_TRY(check_text("db.host", s.host, kMaxHostBytes));
    if (s.host.starts_with('/')) s.socket.swap(s.host);
    s.mode = call.config("mode");
    if (!s.socket.empty() && !s.in_the_container())
        return Error{Code::invalid,
                     "'db.host' is a socket in the container, which mode '" + shown(s.mode) +
                         "' does not reach",
                     "remove 'db.host', or set mode to exec"};
    s.port = call.config("db.port");
    if (!s.port.empty()) BKT_TRY(check_port(s.port));
    const std::string name = call.config("db.name");
    if (!name.empty() && name != "*")
        return Error{Code::invalid,
                     "'db.name' is '" + shown(name) + "', but a Redis backup is the whole server",
                     "remove the label, or set it to *"};
    return s;
}

std::vector<std::string> Settings::connection_words() const {
    std::vector<std::string> words;
    const auto add = [&](const char* option, const std::string& value) {
        if (!value.empty()) words.insert(words.end(), {option, value});
    };
    add("--user", user);
    add("-h", host);
    add("-p", port);
    add("-s", socket);
    return words;
}

}  // namespace bkt::redis
