// worker/worker.hpp: an isolated plugin: its process, the channel to it, and the calls under way.
//
// One worker serves one plugin instance, so that a crash costs one run and no instance sees another's
// secrets. Whatever the process does wrong ends it, and every call under way fails with Code::fault and
// the rule that was broken; nothing of it may be taken for success.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>

#include "core/plugin/sealed_file.hpp"
#include "core/plugin/wire/peer.hpp"
#include "core/plugin/worker/process.hpp"

namespace bkt::plugin::worker {

struct Limits {
    std::chrono::milliseconds start{10'000};     // load and open
    std::chrono::milliseconds grace{15'000};     // from cancel to kill
    std::chrono::milliseconds silence{600'000};  // without a byte, a request or progress
};

// What one plugin's processes are started from.
struct Image {
    std::string module;   // its id
    std::string program;  // baktainer-plugin-host
    std::shared_ptr<const SealedFile> library;
    bool trusted = false;  // a built-in: no file restrictions, no change of user
    std::vector<std::string> needs;
    std::vector<std::string> experimental;  // draft services the operator allowed
    std::string manifest;  // its plugin.json, which the module must be; "" = not known
    Limits limits;
    // Told of every fault, with what happened. Any thread.
    std::function<void(const std::string& module, const std::string& what)> on_fault;
};

class Op;
struct OpGate;

class Worker final {
public:
    // Starts the process and loads the library. `temp_dir`: the one folder it may write to; "" = none.
    static Result<std::shared_ptr<Worker>> start(const Image& image, const std::string& temp_dir);
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;
    ~Worker();

    const Image& image() const { return image_; }
    wire::Peer& peer() { return peer_; }
    // "no_new_privs, rlimits, seccomp, landlock, user": what the kernel granted.
    const std::string& sandbox() const { return sandbox_; }

    // The plugin broke a rule: ends the process. The first reason stands. Any thread.
    void break_off(const std::string& rule);
    // Why calls fail now; waits a moment for the process's end to be known.
    Error fault();

    // What its instance tells (log lines, events, metrics) goes to `listener`, on the receiving thread; an
    // empty one ends that.
    void listen(std::function<void(wire::Message&)> listener);

    // For Op.
    std::uint64_t enter(Op& op);
    void leave(std::uint64_t id);

private:
    Worker(const Image& image, std::unique_ptr<Process> process, UniqueFd socket)
        : image_(image),
          process_(std::move(process)),
          peer_(std::move(socket), wire::Peer::Receiving::by_callers) {}
    Status load(const std::string& temp_dir);
    wire::Reply answer(wire::Message& request);
    void hear(wire::Message& notice);
    void gone(const std::string& why);

    const Image& image_;
    std::string sandbox_;
    std::unique_ptr<Process> process_;
    std::mutex mutex_;  // guards what follows
    std::uint64_t next_op_ = 1;
    std::map<std::uint64_t, std::shared_ptr<OpGate>> ops_;
    std::function<void(wire::Message&)> listener_;
    std::string broken_rule_;
    bool reported_ = false;
    wire::Peer peer_;  // last: its threads use all of the above
};

}  // namespace bkt::plugin::worker
