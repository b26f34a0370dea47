#include "plugins/engines/influxdb/tools.hpp"

#include <nlohmann/json.hpp>

namespace bkt::influxdb {
namespace {

constexpr std::size_t kAnswerBytesMax = 32 << 20;

Error explain(std::string_view said) {
    const auto has = [&](std::string_view words) { return said.find(words) != said.npos; };
    std::string line = detail::last_line(said);
    if (has("authorization failed") || has("unable to parse authentication"))
        return {Code::denied, "the server refused the account: authorization failed",
                "check 'db.user' and where 'db.secret' says the password is"};
    if (has("not authorized") || has("requires admin privilege"))
        return {Code::denied, "the account may not do it: " + line,
                "use an account with ALL PRIVILEGES"};
    if (has("Failed to connect") || has("connection refused"))
        return {Code::unavailable, "the server does not answer: " + line,
                "check that it runs and where it listens"};
    return {Code::failed, "'influx' failed: " + line, "run it in the container to see more"};
}

Error no_tool(const char* tool) {
    return {Code::unsupported, "the target has no '" + std::string(tool) + "'",
            "use an image that holds InfluxDB's programs"};
}

}  // namespace

Result<Tools> Tools::create(Call& call, Settings settings, std::string version) {
    BKT_LET(const std::string_view password, call.secret("db.password"));
    Tools tools(call, std::move(settings), password);
    if (!version.empty()) {
        tools.version_ = std::move(version);
        return tools;
    }
    std::string said;
    const auto r = call.exec({"influxd", "version"}).capture(said, 4096).result();
    if (!r && r.error().code != Code::not_found) return r.error();
    if (!r || r->exit_code == 126 || r->exit_code == 127) return no_tool("influxd");
    // "InfluxDB v1.6.7~rc0 (git: ...)"
    const auto v = said.find(" v");
    if (v != said.npos)
        tools.version_ = said.substr(v + 2, said.find_first_of(" \n", v + 2) - v - 2);
    if (!tools.version_.starts_with("1."))
        return Error{Code::unsupported,
                     "the server is InfluxDB " +
                         (tools.version_.empty() ? "of an unknown version" : tools.version_) +
                         ", which has no 'influxd backup'",
                     "set baktainer.mode=remote for InfluxDB 2: it is asked over the network"};
    return tools;
}

Result<std::string> Tools::query(const std::string& statement) const {
    std::vector<std::string> argv{"influx", "-format=json", "-execute=" + statement};
    if (!settings_.host.empty()) argv.push_back("-host=" + settings_.host);
    if (!settings_.port.empty()) argv.push_back("-port=" + settings_.port);
    Exec influx = call_.exec(std::move(argv));
    if (!settings_.user.empty()) influx.env("INFLUX_USERNAME", settings_.user);
    if (!password_.empty()) influx.env("INFLUX_PASSWORD", password_);
    std::string answer;
    const auto r = influx.capture(answer, kAnswerBytesMax).result();
    if (!r && r.error().code == Code::not_found) return no_tool("influx");
    if (!r) return r.error();
    if (r->exit_code == 126 || r->exit_code == 127) return no_tool("influx");
    if (r->exit_code != 0) return explain(answer.substr(0, 1000) + "\n" + r->stderr_tail);
    return answer;
}

Result<nlohmann::json> Tools::series(const std::string& statement) const try {
    BKT_LET(const std::string answer, query(statement));
    const auto result = nlohmann::json::parse(answer).at("results").at(0);
    if (result.contains("error")) return explain(result.at("error").get<std::string>());
    return result.value("series", nlohmann::json::array());
} catch (const nlohmann::json::exception&) {
    return Error{Code::failed, "the server's answer cannot be read",
                 "run " + statement + " in the container to see more"};
}

Result<std::vector<std::string>> Tools::databases() const try {
    BKT_LET(const auto list, series("SHOW DATABASES"));
    std::vector<std::string> names;
    for (const auto& one : list)
        for (const auto& row : one.value("values", nlohmann::json::array()))
            if (auto name = row.at(0).get<std::string>(); name != "_internal")
                names.push_back(std::move(name));
    return names;
} catch (const nlohmann::json::exception&) {
    return Error{Code::failed, "the server's list of databases cannot be read",
                 "run SHOW DATABASES in the container to see more"};
}

Status Tools::command(const std::string& statement) const {
    const auto answered = series(statement);
    return answered ? Status() : Status(answered.error());
}

// Of administrators alone, and of anybody where no account is asked for.
bool Tools::sees_all() const { return bool(command("SHOW USERS")); }

Status Tools::drop(const std::string& database) const {
    return command("DROP DATABASE " + quoted_name(database));
}

Status Tools::create_database(const std::string& database) const {
    return command("CREATE DATABASE " + quoted_name(database));
}

Exec Tools::script(const std::string& text, std::vector<std::string> words) const {
    std::vector<std::string> argv{"sh", "-c", text, "baktainer"};
    for (auto& w : words) argv.push_back(std::move(w));
    return call_.exec(std::move(argv));
}

}  // namespace bkt::influxdb
