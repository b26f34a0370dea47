#include "core/plugin/worker/worker.hpp"

#include "baktainer/abi/abi.h"
#include "core/plugin/worker/op.hpp"

namespace bkt::plugin::worker {

using wire::json;

namespace {
constexpr int kEndMs = 2000;  // for a process that was killed to be gone
}

Result<std::shared_ptr<Worker>> Worker::start(const Image& image, const std::string& temp_dir) {
    BKT_LET(auto ends, wire::Channel::pair());
    BKT_LET(auto process, Process::start(image.program, "--serve", std::move(ends.second)));
    std::shared_ptr<Worker> worker(new Worker(image, std::move(process), std::move(ends.first)));
    worker->peer_.start({[w = worker.get()](wire::Message& m) { return w->answer(m); },
                         [w = worker.get()](wire::Message& m) { w->hear(m); },
                         [w = worker.get()](const std::string& why) { w->gone(why); }});
    BKT_TRY(worker->load(temp_dir));
    return worker;
}

Worker::~Worker() {
    {
        const std::lock_guard lock(mutex_);
        reported_ = true;  // its end from here on is ours
    }
    peer_.close();
    process_.reset();
}

Status Worker::load(const std::string& temp_dir) {
    const auto until = std::chrono::steady_clock::now() + image_.limits.start;
    const int fds[] = {image_.library->fd()};
    auto reply =
        peer_.call("load",
                   {{"module", image_.module},
                    {"trusted", image_.trusted},
                    {"temp_dir", temp_dir},
                    {"needs", image_.needs},
                    {"experimental", image_.experimental},
                    {"manifest", image_.manifest}},
                   fds, [&]() -> Status {
                       if (std::chrono::steady_clock::now() < until) return {};
                       break_off("was not loaded within " +
                                 std::to_string(image_.limits.start.count() / 1000) + " s");
                       return Error{Code::fault, "late"};
                   });
    if (!reply) return fault();
    if (const auto rc = wire::code(reply->body); rc != BKT_OK)
        return Error{static_cast<Code>(rc), wire::text(reply->body, "message"),
                     wire::text(reply->body, "hint")};
    sandbox_ = wire::text(reply->body, "sandbox");
    return {};
}

void Worker::break_off(const std::string& rule) {
    {
        const std::lock_guard lock(mutex_);
        if (broken_rule_.empty()) broken_rule_ = rule;
    }
    process_->kill();
    peer_.channel().shut();  // one that cannot be killed must not be asked again
}

Error Worker::fault() {
    const auto patience = [&] {  // what did not end then will not end now
        const std::lock_guard lock(mutex_);
        return reported_ ? 0 : kEndMs;
    }();
    const std::string end = process_->end(patience);
    std::string what;
    bool first = false;
    {
        const std::lock_guard lock(mutex_);
        what = !broken_rule_.empty() ? "broke a rule: it " + broken_rule_
               : end.empty()         ? "closed its connection while a call was under way"
                                     : end + " while a call was under way";
        first = !std::exchange(reported_, true);
    }
    if (end.empty()) {
        process_->kill();
        if (process_->end(patience).empty()) what += ", and its process does not end though killed";
    }
    if (first && image_.on_fault) image_.on_fault(image_.module, what);
    const auto words = process_->last_words();
    return {
        Code::fault, "plugin '" + image_.module + "' " + what,
        "report it to its author" + (words.empty() ? std::string() : "; its last words: " + words)};
}

std::uint64_t Worker::enter(Op& op) {
    auto gate = std::make_shared<OpGate>();
    gate->op = &op;
    const std::lock_guard lock(mutex_);
    const auto id = next_op_++;
    ops_[id] = std::move(gate);
    return id;
}

void Worker::leave(std::uint64_t id) {
    std::shared_ptr<OpGate> gate;
    {
        const std::lock_guard lock(mutex_);
        gate = ops_[id];
        ops_.erase(id);
    }
    const std::unique_lock lock(gate->mutex);
    gate->op = nullptr;
}

namespace {

std::shared_ptr<OpGate> find(const std::map<std::uint64_t, std::shared_ptr<OpGate>>& ops,
                             std::uint64_t id) {
    const auto found = ops.find(id);
    return found == ops.end() ? nullptr : found->second;
}

}  // namespace

wire::Reply Worker::answer(wire::Message& request) {
    std::shared_ptr<OpGate> gate;
    {
        const std::lock_guard lock(mutex_);
        gate = find(ops_, wire::number(request.body, "op"));
    }
    if (gate) {
        const std::shared_lock lock(gate->mutex);
        if (gate->op) return gate->op->answer(request);
    }
    break_off("used a call after it had returned ('" + request.method.substr(0, 64) + "')");
    return {{{"rc", BKT_FAULT}}, {}};
}

void Worker::hear(wire::Message& notice) {
    if (notice.method == "progress") {
        std::shared_ptr<OpGate> gate;
        {
            const std::lock_guard lock(mutex_);
            gate = find(ops_, wire::number(notice.body, "op"));
        }
        if (!gate) return;  // it came as the call ended
        // Never waits here: a call that is being left may need this thread to end.
        const std::shared_lock lock(gate->mutex, std::try_to_lock);
        if (lock && gate->op) gate->op->hear_progress(notice.body);
        return;
    }
    const std::lock_guard lock(mutex_);
    if (listener_) listener_(notice);
}

void Worker::listen(std::function<void(wire::Message&)> listener) {
    const std::lock_guard lock(mutex_);
    listener_ = std::move(listener);
}

// Whatever still works for this plugin works for nobody now.
void Worker::gone(const std::string& why) {
    std::vector<std::shared_ptr<OpGate>> gates;
    {
        const std::lock_guard lock(mutex_);
        if (!why.empty() && broken_rule_.empty()) broken_rule_ = "sent " + why;
        for (const auto& [id, gate] : ops_) gates.push_back(gate);
    }
    if (!why.empty()) process_->kill();
    for (const auto& gate : gates) {
        const std::shared_lock lock(gate->mutex, std::try_to_lock);
        if (lock && gate->op) gate->op->cancel();  // one that is being left is cancelled already
    }
}

}  // namespace bkt::plugin::worker
