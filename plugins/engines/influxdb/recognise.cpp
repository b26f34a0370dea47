#include "plugins/engines/influxdb/recognise.hpp"

namespace bkt::influxdb {
namespace {

// "2" of "docker.io/library/influxdb:2.7-alpine"; 0 = the tag does not begin with a number, or there is none: a
// container that a restore makes is of an image's id, "sha256:2...".
char major_of_tag(std::string_view image) {
    if (image.starts_with("sha256:")) return 0;
    image = image.substr(0, image.find('@'));
    const auto colon = image.rfind(':');
    if (colon == image.npos || colon + 1 == image.size()) return 0;
    const auto slash = image.rfind('/');
    if (slash != image.npos && slash > colon) return 0;  // a registry's port
    const char c = image[colon + 1];
    return c >= '0' && c <= '9' ? c : '\0';
}

// The official images say their version; INFLUXD_ is what only 2 reads.
char major_of(const TargetView& target) {
    for (const char* name :
         {"DOCKER_INFLUXDB_INIT_MODE", "INFLUXD_BOLT_PATH", "INFLUX_CONFIGS_PATH"})
        if (target.env(name)) return '2';
    if (const auto version = target.env("INFLUXDB_VERSION").value_or(""); !version.empty())
        return version.front();
    return major_of_tag(target.image());
}

// The variables of the official image of the 1.x line.
void settings_of_1(const TargetView& target, Recognition& out) {
    const auto database = target.env("INFLUXDB_DB").value_or("");
    out.setting("db.name", database.empty() ? "*" : database,
                database.empty() ? "every database" : "INFLUXDB_DB");
    // The administrator where there is one, else who owns the one database.
    for (const auto& [user, password] :
         {std::pair{"INFLUXDB_ADMIN_USER", "INFLUXDB_ADMIN_PASSWORD"},
          std::pair{"INFLUXDB_USER", "INFLUXDB_USER_PASSWORD"}}) {
        const auto name = target.env(user).value_or("");
        if (name.empty()) continue;
        out.setting("db.user", name, user);
        const std::string file = std::string(password) + "_FILE";
        if (target.env(password))
            out.setting("db.password", "env:" + std::string(password), password);
        else if (const auto path = target.env(file))
            out.setting("db.password", "file:" + std::string(*path), file);
        break;
    }
}

// Those of the 2.x line. The server is asked over the network, so its address is the host.
void settings_of_2(const TargetView& target, Recognition& out) {
    const std::string token = "DOCKER_INFLUXDB_INIT_ADMIN_TOKEN", file = token + "_FILE";
    if (const auto path = target.env(file).value_or(""); !path.empty())
        out.setting("db.password", "file:" + std::string(path), file);
    else if (!target.env(token).value_or("").empty())
        out.setting("db.password", "env:" + token, token);
    if (!target.address().empty())
        out.setting("db.host", target.address(), "the container's address");
    const auto bind = target.env("INFLUXD_HTTP_BIND_ADDRESS").value_or("");
    if (const auto colon = bind.rfind(':'); colon != bind.npos && colon + 1 < bind.size())
        out.setting("db.port", bind.substr(colon + 1), "INFLUXD_HTTP_BIND_ADDRESS");
}

constexpr std::string_view kProgram = "influxd";

// A container that says where its server is only uses one, unless it runs one as well.
bool is_client(const TargetView& target) {
    if (target.runs(kProgram)) return false;
    for (const char* name : {"INFLUXDB_HOST", "INFLUXDB_URL", "INFLUX_HOST", "INFLUX_URL"})
        if (!target.env(name).value_or("").empty()) return true;
    return false;
}

}  // namespace

Status recognise_server(const TargetView& target, Recognition& out) {
    if (target.image_family() == "influxdb") out.score(100, "the image is 'influxdb'");
    else if (is_client(target)) return {};
    else if (target.env("INFLUXDB_DB") || target.env("INFLUXDB_ADMIN_USER") ||
             target.env("INFLUXDB_DATA_DIR"))
        out.score(50, "its environment has INFLUXDB_ variables");
    else if (target.env("DOCKER_INFLUXDB_INIT_MODE") || target.env("INFLUXD_BOLT_PATH"))
        out.score(50, "its environment has variables of InfluxDB 2");
    else if (target.runs(kProgram))
        out.score(30, "a program '" + std::string(kProgram) + "' runs in it");
    else return {};
    const char major = major_of(target);
    if (major == '2') {
        out.modes(BKT_MODE_REMOTE);
        settings_of_2(target, out);
        return {};
    }
    // Beside the container /tmp is memory, so a sidecar is offered where backups go elsewhere. Of an unknown
    // version: InfluxDB 1 unless the job says 'remote', which only 2 is asked by.
    std::uint32_t modes = BKT_MODE_EXEC;
    if (!target.env("TMPDIR").value_or("").empty()) modes |= BKT_MODE_SIDECAR;
    if (major != '1') modes |= BKT_MODE_REMOTE;
    out.modes(modes);
    settings_of_1(target, out);
    return {};
}

}  // namespace bkt::influxdb
