// The rogue's process, asked over the wire by hand: what our own host would never ask.
#pragma once

#include <condition_variable>
#include <mutex>

#include "core/plugin/sealed_file.hpp"
#include "core/plugin/wire/body.hpp"
#include "core/plugin/wire/peer.hpp"
#include "core/plugin/worker/process.hpp"
#include "tests/fault/worker/isolated.hpp"

namespace bkt::test {

using wire::json;

// The rogue's process, and a host that asks what it likes. Progress tells that a call is under way.
class AskedByHand final {
public:
    AskedByHand() {
        auto ends = wire::Channel::pair();
        process_ = *plugin::worker::Process::start(PLUGIN_HOST, "--serve", std::move(ends->second));
        peer_.emplace(std::move(ends->first));
        peer_->start({[this](wire::Message& m) { return answer(m); },
                      [this](wire::Message& m) { hear(m); }, [](const std::string&) {}});
        const UniqueFd file(::open(ROGUE_PLUGIN, O_RDONLY | O_CLOEXEC));
        const auto library = plugin::SealedFile::read(file.get(), ROGUE_PLUGIN);
        const int fd = library->fd();
        EXPECT_EQ(wire::code(ask("load", {{"module", "test.rogue"}}, {&fd, 1})), BKT_OK);
    }
    ~AskedByHand() { peer_->close(); }

    json ask(const char* method, const json& body, std::span<const int> fds = {}) {
        auto reply = peer_->call(method, body, fds);
        if (!reply) return {{"rc", BKT_FAULT}};
        return reply->body;
    }
    json op(const char* method, json arguments, std::uint64_t number = 1) {
        return ask(method, {{"op", number}, {"args", std::move(arguments)}});
    }
    json open(const char* kind, const std::string& mode) {
        return op("open", {{"kind", kind}, {"name", "rogue"}, {"settings", {{"mode", mode}}}});
    }
    json notify(std::uint64_t number = 1) {
        return op("notifier.notify", {{"instance", 1}, {"events", {{{"type", "t"}}}}}, number);
    }
    void cancel(std::uint64_t number) { tell("cancel", {{"op", number}}); }
    void tell(const char* method, const json& body) { peer_->notify(method, body); }
    bool is_under_way() {
        std::unique_lock lock(mutex_);
        return heard_.wait_for(lock, std::chrono::seconds(20), [&] { return under_way_; });
    }
    bool lives() { return process_->end(0).empty(); }

private:
    wire::Reply answer(wire::Message&) {
        begin();  // a stream it asks for: it gets none
        return {{{"rc", BKT_UNAVAILABLE}}, {}};
    }
    void hear(wire::Message& notice) {
        if (notice.method == "progress") begin();
    }
    void begin() {
        const std::lock_guard lock(mutex_);
        under_way_ = true;
        heard_.notify_all();
    }

    std::unique_ptr<plugin::worker::Process> process_;
    std::optional<wire::Peer> peer_;
    std::mutex mutex_;
    std::condition_variable heard_;
    bool under_way_ = false;
};

}  // namespace bkt::test
