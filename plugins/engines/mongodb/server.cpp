#include "plugins/engines/mongodb/server.hpp"

#include <cstdlib>
#include <nlohmann/json.hpp>

namespace bkt::mongodb {
namespace {

// For mongosh and the older mongo alike. Nothing of a label is in a script: all comes by the environment.
constexpr const char* kConnect = R"js(
const env = n => typeof process === 'undefined' ? _getEnv(n) : (process.env[n] || '');
const server = new Mongo(env('BAKTAINER_URI'));
if (env('BAKTAINER_USER') &&
    !server.getDB(env('BAKTAINER_AUTH_DB')).auth(env('BAKTAINER_USER'), env('BAKTAINER_PASSWORD')))
  throw new Error('AuthenticationFailed');
const number = x => x === undefined || x === null ? 0 : x.toNumber ? x.toNumber() : Number(x);
const tell = x => print('baktainer ' + JSON.stringify(x));
const words = env('BAKTAINER_WORDS') ? JSON.parse(env('BAKTAINER_WORDS')) : [];
)js";

constexpr const char* kAsk = R"js(
const admin = server.getDB('admin');
const hello = admin.runCommand({isMaster: 1});
let deleted = null;
try {
  const m = admin.runCommand({serverStatus: 1}).metrics;
  deleted = number(m.document.deleted) + number(m.ttl.deletedDocuments);
} catch (e) {}
const databases = admin.runCommand({listDatabases: 1});
if (!databases.ok) throw new Error(databases.errmsg);
let all = false;  // refused, unless the user may list whatever there is
try { all = admin.runCommand({listDatabases: 1, nameOnly: true, authorizedDatabases: false}).ok == 1; } catch (e) {}
const out = {all: all, version: admin.runCommand({buildInfo: 1}).version, set: hello.setName || '',
             deleted: deleted, databases: []};
for (const d of databases.databases) {
  const db = server.getDB(d.name), collections = [];
  if (d.name !== 'local' && d.name !== 'config')
    for (const c of db.getCollectionInfos({type: 'collection'}))
      collections.push([c.name, number(db.runCommand({count: c.name}).n)]);
  out.databases.push({name: d.name, bytes: number(d.sizeOnDisk), collections: collections});
}
tell(out);
)js";

constexpr const char* kCount =
    "tell(number(server.getDB(words[0]).getCollection(words[1]).countDocuments({})));";
constexpr const char* kDrop =
    "const r = server.getDB(words[0]).dropDatabase(); if (!r.ok) throw new Error(r.errmsg); "
    "tell(1);";

// The line that a script told, among what else a shell may print.
Result<nlohmann::json> told(const std::string& said) {
    constexpr std::string_view kMark = "baktainer ";
    auto at = said.starts_with(kMark) ? 0 : said.find("\nbaktainer ");
    if (at != said.npos) {
        if (at > 0 || said[0] == '\n') ++at;
        const auto line = said.substr(at + kMark.size(), said.find('\n', at) - at - kMark.size());
        auto json = nlohmann::json::parse(line, nullptr, false);
        if (!json.is_discarded()) return json;
    }
    return Error{Code::failed, "the mongo shell answered otherwise than asked",
                 "run it by hand to see more"};
}

Result<Server> server_of(const nlohmann::json& j) try {
    Server s;
    s.version = j.at("version").get<std::string>();
    s.replica_set = j.at("set").get<std::string>();
    // Servers before 4.0.5 do not know the question.
    s.sees_all = j.value("all", false) && std::atoi(s.version.c_str()) >= 5;
    if (!j.at("deleted").is_null()) s.deleted = j.at("deleted").get<std::uint64_t>();
    for (const auto& d : j.at("databases")) {
        const auto name = d.at("name").get<std::string>();
        s.databases[name] = d.at("bytes").get<std::uint64_t>();
        for (const auto& c : d.at("collections"))
            s.counts[{name, c.at(0).get<std::string>()}] = c.at(1).get<std::uint64_t>();
    }
    return s;
} catch (const nlohmann::json::exception&) {
    return Error{Code::failed, "the mongo shell answered otherwise than asked",
                 "run it by hand to see more"};
}

// Reads an archive's prelude and then wants no more.
struct PreludeSink {
    Archive archive;
    Status failed{};

    bkt_sink raw() { return {sizeof(bkt_sink), 0, this, &write, nullptr, nullptr}; }
    static bkt_rc write(const bkt_sink* sink, const void* bytes, std::uint64_t len) noexcept {
        auto& self = *static_cast<PreludeSink*>(sink->ctx);
        return detail::walled([&]() -> bkt_rc {
            const auto* at = static_cast<const std::byte*>(bytes);
            // A byte at a time, for what follows the prelude may be cut anywhere.
            for (std::uint64_t i = 0; i < len && !self.archive.prelude_ended(); ++i)
                if (self.failed = self.archive.feed({at + i, 1}); !self.failed) return BKT_CORRUPT;
            return self.archive.prelude_ended() ? BKT_CONFLICT : BKT_OK;
        });
    }
};

}  // namespace

bool is_system_database(std::string_view name) {
    return name == "admin" || name == "config" || name == "local";
}

Result<std::optional<Server>> Server::ask(const Tools& tools) {
    BKT_LET(const auto said, tools.shell(std::string(kConnect) + kAsk));
    if (!said) return std::optional<Server>();
    BKT_LET(const auto json, told(*said));
    BKT_LET(auto server, server_of(json));
    return std::optional(std::move(server));
}

Result<std::uint64_t> exact_count(const Tools& tools, const Namespace& name) {
    BKT_LET(const auto said, tools.shell(std::string(kConnect) + kCount,
                                         nlohmann::json({name.database, name.collection}).dump()));
    if (!said) return Error{Code::unsupported, "there is no shell to count with"};
    BKT_LET(const auto json, told(*said));
    if (!json.is_number_unsigned()) return Error{Code::failed, "the shell did not count"};
    return json.get<std::uint64_t>();
}

Status drop_database(const Tools& tools, const std::string& database) {
    BKT_LET(const auto said,
            tools.shell(std::string(kConnect) + kDrop, nlohmann::json::array({database}).dump()));
    if (!said) return Error{Code::unsupported, "there is no mongo shell"};
    BKT_TRY(told(*said));
    return {};
}

Status compare_counts(const Server& before, const Server& after, const Counts& archive,
                      const std::function<Result<std::uint64_t>(const Namespace&)>& count,
                      const std::function<bool(const Namespace&)>& is_chosen,
                      std::string& warning) {
    const bool deletes_known = before.deleted && after.deleted && *after.deleted >= *before.deleted;
    const std::uint64_t deleted = deletes_known ? *after.deleted - *before.deleted : 0;
    for (const auto& counted : before.counts) {
        const auto& name = counted.first;
        const auto were = counted.second;
        const auto are = after.counts.find(name);
        if (!is_chosen(name) || are == after.counts.end()) continue;
        const auto at = archive.find(name);
        const std::uint64_t have = at == archive.end() ? 0 : at->second;
        const auto least = [&](std::uint64_t now) {
            const auto both = std::min(were, now);
            return both > deleted ? both - deleted : 0;
        };
        if (at != archive.end() && have >= least(are->second)) continue;
        if (at != archive.end()) {
            BKT_LET(const std::uint64_t exact, count(name));
            if (have >= least(exact)) continue;
        }
        const std::string what =
            at == archive.end() ? "the archive lacks collection '" + name.text() + "'"
                                : "the archive holds " + std::to_string(have) + " documents of '" +
                                      name.text() + "', the server " + std::to_string(are->second);
        if (deletes_known || at == archive.end())
            return Error{Code::truncated, what,
                         "run the backup again; if it stays so, look into the server's log"};
        if (warning.empty()) warning = what + ", and does not tell what was deleted meanwhile";
    }
    return {};
}

Result<std::set<Namespace>> existing(const Tools& tools, std::vector<std::string> options) {
    PreludeSink sink;
    const bkt_sink raw = sink.raw();
    options.insert(options.begin(), "--archive");
    const auto r = tools.dump(std::move(options), Sink(&raw));
    if (!sink.failed) return std::move(sink.failed).error();
    if (!sink.archive.prelude_ended()) {
        if (!r) return r.error();
        BKT_TRY(succeeded("mongodump", *r));
    }
    std::set<Namespace> names;
    for (const auto& [name, seen] : sink.archive.collections()) names.insert(name);
    return names;
}

}  // namespace bkt::mongodb
