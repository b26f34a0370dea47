#include "plugins/discovery/docker/exec_run.hpp"

#include "plugins/discovery/docker/exec_end.hpp"
#include "plugins/discovery/docker/exit_status.hpp"
#include "plugins/discovery/docker/json_read.hpp"
#include "plugins/discovery/docker/traffic.hpp"

namespace bkt::docker {
namespace {

// What is said of a missing tool is the mark, which no tool knows to say. A word that is no path is the shell's own.
// The tool keeps the output it was given, as descriptor 3, so that the stream ends when the tool does and not before.
const std::string kIntoFifo =
    "t=$(command -v \"$0\") && case $t in /*) [ -x \"$t\" ];; esac || { echo \"$" +
    std::string(kExecMark) + "\" >&2; exit 127; }; [ -w \"$" + kFifoVariable +
    "\" ] || exec \"$0\" \"$@\"; exec \"$0\" \"$@\" 3>&1 >\"$" + kFifoVariable + "\"";

// A conflict: the container is stopped or paused.
Error refusal(Error error) {
    if (error.code != Code::conflict) return error;
    return {Code::unavailable, std::move(error.message), "start or unpause the container"};
}

// None where there can be none: then the output comes by the stream.
std::optional<Fifo> make_fifo(Api& api, const ExecRequest& request, const std::string& mark,
                              const Wait& wait) {
    const auto inspected = api.get("/containers/" + encoded(request.target) + "/json", wait);
    if (!inspected) return std::nullopt;
    auto root = root_of(*inspected);
    auto fifo = root ? Fifo::make(*root, mark) : Result<Fifo>(root.error());
    return fifo ? std::optional<Fifo>(*std::move(fifo)) : std::nullopt;
}

Result<std::string> create(Api& api, const ExecRequest& request, const std::string& mark,
                           const std::optional<Fifo>& fifo, const Wait& wait) {
    json env = request.env;
    env.push_back(std::string(kExecMark) + "=" + mark);
    std::vector<std::string> argv;
    if (fifo) {
        env.push_back(std::string(kFifoVariable) + "=" + fifo->path());
        argv = {"/bin/sh", "-c", kIntoFifo};
    }
    argv.insert(argv.end(), request.argv.begin(), request.argv.end());
    json body = {{"AttachStdin", request.in.has_value()},
                 {"AttachStdout", true},
                 {"AttachStderr", true},
                 {"Tty", false},
                 {"Cmd", argv},
                 {"Env", env}};
    if (!request.user.empty()) body["User"] = request.user;
    auto made = api.post("/containers/" + encoded(request.target) + "/exec", body, wait);
    if (!made) return refusal(std::move(made).error());
    auto id = text_at(*made, "Id");
    if (id.empty())
        return Error{Code::unavailable, "the container engine made no exec and did not say why",
                     "see whether something else listens there"};
    return id;
}

bool is_engines_complaint(std::string_view text) {
    return text.starts_with("OCI runtime exec failed") || text.starts_with("OCI runtime error") ||
           text.starts_with("Error: crun") || text.starts_with("Error: runc") ||
           text.starts_with("unable to find user ") || text.starts_with("unable to find group ");
}

void end(Api& api, Call& call, const RunningExec& exec, const ExecRequest& request) {
    if (!end_exec(api, exec))
        call.log_warning("'" + request.argv.front() +
                         "' could not be ended in its container; it may still run there");
}

}  // namespace

Result<ExecOutcome> run_exec(Api& api, Call& call, const ExecRequest& request,
                             Transport transport) {
    BKT_TRY(check_words(request));
    const Wait wait(call);
    RunningExec exec{"", request.target, request.user, random_mark()};
    auto fifo = request.out && transport == Transport::fifo
                    ? make_fifo(api, request, exec.mark, wait)
                    : std::nullopt;
    BKT_LET(exec.id, create(api, request, exec.mark, fifo, wait));
    auto stream = api.open_stream("POST", "/exec/" + encoded(exec.id) + "/start",
                                  R"({"Detach":false,"Tty":false})", true, wait);
    if (!stream) {
        auto error = std::move(stream).error();
        // Newer engines refuse the start instead of writing into the stream.
        if (const auto at = error.message.find("OCI runtime exec failed"); at != std::string::npos)
            return not_started(request, std::string_view(error.message).substr(at));
        // Without an answer nobody knows whether the tool was started.
        if (error.code == Code::cancelled || error.code == Code::timeout ||
            error.code == Code::unavailable)
            end(api, call, exec, request);
        return refusal(std::move(error));
    }
    EndWatch watch(api, exec);
    Traffic traffic(
        *std::move(stream), request, wait, [&] { return watch.has_ended(); },
        fifo ? &*fifo : nullptr);
    auto done = traffic.run();
    auto exit_code = done ? exit_code_of(api, exec, wait) : Result<int>(done.error());
    if (exit_code) done = traffic.empty_fifo();
    if (!exit_code || !done) {
        end(api, call, exec, request);
        return exit_code ? std::move(done).error() : std::move(exit_code).error();
    }
    if (fifo && *exit_code == 127 && traffic.first_words().starts_with(exec.mark))
        return no_such_tool(request);
    if ((*exit_code == 126 || *exit_code == 127) && is_engines_complaint(traffic.first_words()))
        return not_started(request, traffic.first_words());
    return traffic.ended(*exit_code);
}

}  // namespace bkt::docker
