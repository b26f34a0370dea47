#include "plugins/discovery/docker/sidecar_run.hpp"

#include <ctime>

#include "plugins/discovery/docker/exec_end.hpp"
#include "plugins/discovery/docker/exit_status.hpp"
#include "plugins/discovery/docker/json_read.hpp"
#include "plugins/discovery/docker/program_tar.hpp"
#include "plugins/discovery/docker/traffic.hpp"

namespace bkt::docker {
namespace {

using nlohmann::json;

constexpr const char* kProgramFile = ".baktainer-program";
constexpr auto kRemoveLimit = std::chrono::seconds(20);
constexpr std::int64_t kLeftoverAge_s =
    600;  // younger ones may be another run's, about to start or be asked

// Enough to look for a file and to become its owner.
const std::vector<std::string> kProgramCapabilities{"DAC_READ_SEARCH", "SETUID", "SETGID"};

// A container of one tool, removed whatever becomes of it.
class Sidecar final {
public:
    Sidecar(Api& api, std::string id) : api_(api), id_(std::move(id)) {}
    Sidecar(const Sidecar&) = delete;
    Sidecar& operator=(const Sidecar&) = delete;
    ~Sidecar() {
        static_cast<void>(
            api_.remove(path("?force=true"), Wait::uncancelled().within(kRemoveLimit)));
    }
    const std::string& id() const { return id_; }
    std::string path(const std::string& rest) const { return "/containers/" + encoded(id_) + rest; }

private:
    Api& api_;
    std::string id_;
};

json body_of(const json& target, const ExecRequest& request, const std::string& mark) {
    const json& config = at(target, "Config");
    json env = at(config, "Env").is_array() ? at(config, "Env") : json::array();
    for (const auto& entry : request.env) env.push_back(entry);
    env.push_back(std::string(kExecMark) + "=" + mark);
    const auto id = text_at(target, "Id");
    const bool in = request.in.has_value();
    const bool brings_program = !request.program.empty();
    auto argv = request.argv;
    if (brings_program) argv.front() = std::string("/") + kProgramFile;
    json body = {{"Image", text_at(target, "Image")},
                 {"Entrypoint", argv},
                 {"Cmd", json::array()},
                 {"Env", env},
                 {"User", request.user.empty() ? text_at(config, "User") : request.user},
                 {"WorkingDir", text_at(config, "WorkingDir")},
                 {"Labels", {{kSidecarLabel, id}}},
                 {"AttachStdin", in},
                 {"OpenStdin", in},
                 {"StdinOnce", in},
                 {"AttachStdout", true},
                 {"AttachStderr", true},
                 {"Tty", false},
                 {"Healthcheck", {{"Test", {"NONE"}}}},
                 {"HostConfig",
                  {{"NetworkMode", "container:" + id},
                   {"VolumesFrom", {id}},
                   {"LogConfig", {{"Type", "none"}}},
                   {"CapDrop", {"ALL"}},
                   {"SecurityOpt", {"no-new-privileges"}},
                   // The engine puts no program into a root it may not write.
                   {"ReadonlyRootfs", !brings_program},
                   {"Tmpfs", {{"/tmp", "rw,nosuid,nodev,mode=1777"}}},
                   {"PidsLimit", 256}}}};
    // For a user that is root: its files are somebody else's where the image's own program gives up its rights.
    if (brings_program) body["HostConfig"]["CapAdd"] = kProgramCapabilities;
    return body;
}

// What a killed run of ours left: nobody waits for it any more.
void remove_leftovers(Api& api, const Wait& wait) {
    const json filters = {{"label", {kSidecarLabel}}, {"status", {"created", "exited", "dead"}}};
    auto listed = api.get("/containers/json?all=true&filters=" + encoded(filters.dump()), wait);
    if (!listed || !listed->is_array()) return;
    for (const auto& entry : *listed) {
        const auto& created = at(entry, "Created");
        if (!created.is_number_integer() ||
            created.get<std::int64_t>() + kLeftoverAge_s > std::time(nullptr))
            continue;
        static_cast<void>(
            api.remove("/containers/" + encoded(text_at(entry, "Id")) + "?force=true", wait));
    }
}

Result<std::string> create_sidecar(Api& api, const ExecRequest& request, const std::string& mark,
                                   const Wait& wait) {
    BKT_LET(const json target, api.get("/containers/" + encoded(request.target) + "/json", wait));
    if (text_at(at(target, "State"), "Status") != "running")
        return Error{Code::unavailable, "the container is not running", "start it"};
    BKT_LET(const json made, api.post("/containers/create", body_of(target, request, mark), wait));
    auto id = text_at(made, "Id");
    if (id.empty())
        return Error{Code::unavailable, "the container engine made no sidecar and did not say why",
                     "see whether something else listens there"};
    return id;
}

// A container whose image has the tool needs none beside it.
Error other_way(const ExecRequest& request, Error error) {
    if (!request.program.empty() && error.code == Code::denied)
        error.hint += (error.hint.empty() ? "" : "; or ") +
                      std::string("use an image that has the tool itself");
    return error;
}

// Before the sidecar starts. Another architecture shows itself then.
Status bring_program(Api& api, const Sidecar& sidecar, const ExecRequest& request,
                     const Wait& wait) {
    if (request.program.empty()) return {};
    BKT_LET(std::string tar, tar_of_program(kProgramFile, request.program));
    auto brought = api.put_tar(sidecar.path("/archive?path=%2F"), std::move(tar), wait);
    if (brought) return {};
    return other_way(request, std::move(brought).error())
        .within("bringing '" + request.argv.front() + "' into a container beside the target");
}

// Engines say it when they start the sidecar, or, once it counts as started, in its place on stderr.
bool is_for_another_machine(const ExecRequest& request, std::string_view said) {
    return !request.program.empty() && said.find("exec format error") != said.npos;
}

Error another_machine(const ExecRequest& request) {
    return {Code::unsupported,
            "the container engine's machine is of another architecture than this one, so '" +
                request.argv.front() + "' cannot run there",
            "use an image that has the tool itself"};
}

Error refused_start(const ExecRequest& request, Error error) {
    if (is_for_another_machine(request, error.message)) return another_machine(request);
    if (error.message.find("exec: \"") != std::string::npos)
        return not_started(request, error.message);
    return error;
}

}  // namespace

Result<ExecOutcome> run_sidecar(Api& api, Call& call, const ExecRequest& request) {
    BKT_TRY(check_words(request));
    const Wait wait(call);
    remove_leftovers(api, wait);
    const std::string mark = random_mark();
    auto id = create_sidecar(api, request, mark, wait);
    if (!id) return other_way(request, std::move(id).error());
    const Sidecar sidecar(api, *std::move(id));
    BKT_TRY(bring_program(api, sidecar, request, wait));
    // Attached before it starts: no byte is missed.
    BKT_LET(auto stream,
            api.open_stream("POST",
                            sidecar.path("/attach?stream=true&stdout=true&stderr=true" +
                                         std::string(request.in ? "&stdin=true" : "")),
                            "", true, wait));
    if (auto started = api.post(sidecar.path("/start"), json(), wait); !started)
        return refused_start(request, std::move(started).error());
    const RunningExec tool{"", sidecar.id(), "", mark};
    EndWatch watch(api, tool);
    Traffic traffic(std::move(stream), request, wait, [&] { return watch.has_ended(); });
    BKT_TRY(traffic.run());
    BKT_LET(const int exit_code, exit_code_of(api, tool, wait));
    if (exit_code != 0 && is_for_another_machine(request, traffic.first_words()))
        return another_machine(request);
    return traffic.ended(exit_code);
}

}  // namespace bkt::docker
