#include "core/plugin/worker/checker.hpp"

#include <fcntl.h>

#include <cerrno>
#include <cstring>

#include "core/plugin/elf_rules.hpp"
#include "core/plugin/wire/body.hpp"
#include "core/plugin/wire/peer.hpp"
#include "core/plugin/worker/process.hpp"
#include "core/plugin/worker/refusals.hpp"

namespace bkt::plugin::worker {

using wire::json;
using Clock = std::chrono::steady_clock;

namespace {

std::map<int, std::string> numbered_names(const json& body) {
    std::map<int, std::string> names;
    for (const auto& row : wire::list(body, "names"))
        names[static_cast<int>(wire::integer(row, "number"))] = wire::text(row, "name");
    return names;
}

// One question to a process of its own: its answer, or how it ended instead.
struct Asked {
    json answer;
    std::string broken;  // "" = answered
    std::string printed;
    std::vector<std::string> tried;
    std::string unwatched;
    std::uint64_t rounds = 0;
};

Result<Asked> ask(const std::string& program, int library, std::string_view method,
                  const json& body, std::chrono::milliseconds limit) {
    BKT_LET(auto ends, wire::Channel::pair());
    BKT_LET(auto process, Process::start(program, "--check", std::move(ends.second)));
    Refusals refusals;
    Asked asked;
    // Notices come before the reply, or the end, that is waited for here.
    const auto hear = [&](wire::Message& notice) {
        if (notice.method == "watch" && !notice.fds.empty())
            refusals.start(std::move(notice.fds[0]), numbered_names(notice.body));
        if (notice.method == "unwatched") asked.unwatched = wire::text(notice.body, "why");
        if (notice.method == "round") asked.rounds = wire::number(notice.body, "round") + 1;
    };
    wire::Peer peer(std::move(ends.first));
    peer.start({[](wire::Message&) { return wire::Reply{}; }, hear, [](const std::string&) {}});
    const auto until = Clock::now() + limit;
    auto reply = peer.call(method, body, {&library, 1}, [&]() -> Status {
        if (Clock::now() < until) return {};
        return Error{Code::timeout, "late"};
    });
    if (reply) {
        asked.answer = std::move(reply->body);
        // It has said all: what it breaks while it ends is a finding too.
        const auto end = process->end(5000);
        if (end.empty()) asked.broken = "its process does not end";
        else if (end != "exited with 0") asked.broken = "its process " + end + " when it was done";
    } else if (reply.error().code == Code::timeout) {
        asked.broken = "it takes longer than " + std::to_string(limit.count() / 1000) + " s";
    } else {
        asked.broken = "its process " + process->end(2000);
    }
    process->kill();
    process->end(2000);
    peer.close();
    refusals.stop();
    asked.tried = refusals.tried();
    asked.printed = process->last_words();
    return asked;
}

}  // namespace

Result<Checker> Checker::open(const std::string& file, std::string program, CheckOptions options) {
    const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd)
        return Error{Code::not_found, "cannot open '" + file + "': " + std::strerror(errno),
                     "name the plugin's library, lib<name>.so"};
    BKT_LET(SealedFile library, SealedFile::read(fd.get(), file));
    return Checker(std::move(library), file, std::move(program), std::move(options));
}

std::vector<std::string> Checker::check_file() const {
    const auto facts = read_elf(library_.bytes());
    if (!facts) return {facts.error().message};
    if (const auto good = check_elf(*facts); !good) return {good.error().message};
    return {};
}

Result<std::vector<CheckCase>> Checker::list() const {
    BKT_LET(const Asked asked,
            ask(program_, library_.fd(), "list", {{"file", file_}}, options_.limit));
    if (!asked.broken.empty())
        return Error{Code::fault, "'" + file_ + "' cannot be loaded: " + asked.broken,
                     "its last words: " + asked.printed};
    if (const auto error = wire::text(asked.answer, "error"); !error.empty())
        return Error{Code::fault, error, wire::text(asked.answer, "hint")};
    std::vector<CheckCase> all;
    for (const auto& component : wire::list(asked.answer, "components"))
        for (const auto& one : wire::list(component, "cases"))
            all.push_back({wire::text(component, "kind"), wire::text(component, "name"),
                           wire::text(one, "name"), static_cast<int>(wire::integer(one, "level"))});
    return all;
}

CheckResult Checker::run(const CheckCase& one) const {
    const auto begun = Clock::now();
    CheckResult result;
    const auto asked = ask(program_, library_.fd(), "case",
                           {{"file", file_},
                            {"kind", one.kind},
                            {"name", one.name},
                            {"case", one.title},
                            {"config", options_.config},
                            {"secrets", options_.secrets},
                            {"seed", options_.seed},
                            {"random_ms", options_.random_time.count()}},
                           options_.limit + options_.random_time);
    if (!asked) {
        result.findings.push_back(asked.error().message);
    } else {
        for (const auto& finding : wire::list(asked->answer, "findings"))
            result.findings.push_back(wire::text_of(finding));
        if (!asked->broken.empty())
            result.findings.push_back(asked->broken +
                                      (asked->rounds > 0
                                           ? ", in round " + std::to_string(asked->rounds - 1) +
                                                 " of seed " + std::to_string(options_.seed)
                                           : ""));
        result.tried = asked->tried;
        result.unwatched = asked->unwatched;
        result.rounds = asked->rounds;
        if (!asked->printed.empty())
            result.findings.push_back("it writes to stdout or stderr: " +
                                      asked->printed.substr(0, 200));
    }
    result.took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun);
    return result;
}

}  // namespace bkt::plugin::worker
