#include "core/plugin_host/server.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

#include "baktainer/abi/kinds/discovery.h"
#include "baktainer/abi/kinds/storage.h"
#include "baktainer/abi/services/thread.h"
#include "baktainer/call.hpp"
#include "core/plugin/describe.hpp"
#include "core/plugin/module.hpp"
#include "core/plugin/thread_tag.hpp"
#include "core/plugin_host/asked_streams.hpp"
#include "core/plugin_host/host_watch.hpp"
#include "core/plugin_host/open_tap.hpp"
#include "core/plugin_host/sandbox.hpp"

namespace bkt::plugin_host {

using plugin::load_module;

namespace {

constexpr std::chrono::seconds kRelease{5};

json failed(bkt_rc rc, const std::string& message, const std::string& hint = "") {
    return {{"rc", rc}, {"message", message}, {"hint", hint}};
}

json refused_module(const std::string& module, Error error) {
    error = std::move(error).within("plugin '" + module + "'");
    return failed(static_cast<bkt_rc>(error.code), error.message, error.hint);
}

// The reply to a call that never reached the plugin.
json not_called(const std::string& why) {
    return {{"rc", BKT_BUG}, {"said", failed(BKT_BUG, why)}};
}

const MethodRow* find_method(std::string_view name) {
    for (const auto rows : {instance_methods(), engine_methods(), storage_methods(),
                            discovery_methods(), small_methods()})
        for (const auto& row : rows)
            if (row.name == name) return &row;
    return nullptr;
}

std::set<std::string> texts(const json& list) {
    std::set<std::string> made;
    for (const auto& entry : list) made.insert(wire::text_of(entry));
    return made;
}

}  // namespace

void Server::serve() {
    ::signal(SIGPIPE, SIG_IGN);  // a stream nobody reads is an error to report
    if (shake_hands()) {
        peer_.start({[this](wire::Message& m) { return answer(m); },
                     [this](wire::Message& m) { hear(m); },
                     // At once: a plugin that hangs or holds locks must not keep this process.
                     [](const std::string&) { ::_exit(0); }});
        for (;;) ::pause();
    }
    ::_exit(0);
}

// On the one thread there is yet: a sandbox holds for the threads made after it only.
bool Server::shake_hands() {
    auto first = peer_.channel().receive();
    if (!first || !*first || (*first)->method != "load") return false;
    const json reply = load(**first);
    return static_cast<bool>(peer_.channel().send(wire::Type::reply, (*first)->id, "", reply));
}

wire::Reply Server::answer(wire::Message& request) {
    try {
        if (request.method == "source.end") return end_own(request);
        return op(request);
    } catch (const std::exception& e) {
        return {not_called(e.what()), {}};
    } catch (...) {
        return {not_called("unexpected exception"), {}};
    }
}

// The sandbox closes before anything of the library runs.
json Server::load(wire::Message& request) {
    if (request.fds.empty()) return failed(BKT_BUG, "no library");
    needs_ = texts(wire::list(request.body, "needs"));
    allowed_ = texts(wire::list(request.body, "experimental"));
    temp_dir_ = wire::text(request.body, "temp_dir");
    const json& trusted = wire::at(request.body, "trusted");
    auto sandbox = close_sandbox(temp_dir_, trusted.is_boolean() && trusted.get<bool>());
    if (!sandbox) {
        const auto& error = sandbox.error();
        return failed(static_cast<bkt_rc>(error.code), error.message, error.hint);
    }
    end_with_host(peer_.channel().fd());
    static UniqueFd library;  // open for life: its number must not come to name another file
    library = std::move(request.fds[0]);
    const plugin::ThreadTag tag(BKT_THREAD_CONTROL);
    // This names the memory file the host has checked, not a path that may change.
    auto module = load_module("/proc/self/fd/" + std::to_string(library.get()));
    hide_memory();
    if (!module)
        return refused_module(wire::text(request.body, "module"), std::move(module).error());
    if (const auto said = wire::text(request.body, "manifest"); !said.empty()) {
        const auto manifest = plugin::parse_manifest(said);
        const auto same =
            manifest ? plugin::check_described(**module, *manifest) : Status(manifest.error());
        if (!same) return refused_module(wire::text(request.body, "module"), same.error());
    }
    module_ = *module;
    if (const auto refused = start_module(); refused.is_object()) return refused;
    return {{"rc", BKT_OK}, {"sandbox", *sandbox}};
}

// Its init(), with a host that has no settings. Null when all is well.
json Server::start_module() {
    if (!BKT_HAS(module_, bkt_module, deinit) || !module_->init) return nullptr;
    static const HostView host(*this, {});
    OpCall call(peer_, 0, 0);
    const bkt_rc rc = module_->init(host.raw(), call.raw());
    if (rc == BKT_OK) return nullptr;
    const json said = wire::at(call.reply(rc), "said");
    return failed(rc, wire::text(said, "message"), wire::text(said, "hint"));
}

void Server::end_module() {
    if (BKT_HAS(module_, bkt_module, deinit) && module_->init && module_->deinit) module_->deinit();
}

wire::Reply Server::op(wire::Message& request) {
    const auto* method = find_method(request.method);
    if (!method || !module_) return {failed(BKT_UNSUPPORTED, "no such call"), {}};
    const auto kept = std::make_shared<OpCall>(peer_, wire::number(request.body, "op"),
                                               wire::number(request.body, "deadline_ns"));
    OpCall& call = *kept;
    {
        const std::lock_guard lock(mutex_);
        ops_.emplace(call.id(), &call);
        // A plugin that goes on with a call that is over must meet that call, not what lies there now: the
        // host then hears its number and names the rule.
        calls_.push_back(kept);
        if (calls_.size() > kKeptCalls) calls_.pop_front();
    }
    struct Forget {
        Server& server;
        OpCall& call;
        ~Forget() {
            const std::lock_guard lock(server.mutex_);
            const auto [begin, end] = server.ops_.equal_range(call.id());
            for (auto it = begin; it != end; ++it)
                if (it->second == &call) {
                    server.ops_.erase(it);
                    return;
                }
        }
    } forget{*this, call};
    const plugin::ThreadTag tag(BKT_THREAD_OP);
    Asked asked{*this, call, wire::at(request.body, "args"), request.fds};
    return {method->answer(asked), {}};
}

void Server::hear(wire::Message& notice) {
    const auto id = wire::number(notice.body, notice.method == "cancel" ? "op" : "tap");
    if (notice.method == "cancel") {
        const std::lock_guard lock(mutex_);
        const auto [begin, end] = ops_.equal_range(id);
        for (auto it = begin; it != end; ++it) it->second->cancel();
    } else if (notice.method == "tap.release") {
        // Releasing may take the plugin a while: not on the thread that hears the host.
        if (auto tap = find_tap(id, true))
            std::thread([t = std::move(tap)]() mutable { t.reset(); }).detach();
    }
}

wire::Reply Server::end_own(wire::Message& request) {
    std::shared_ptr<wire::SourcePump> own;
    {
        const std::lock_guard lock(mutex_);
        const auto found = own_.find(wire::number(request.body, "own"));
        if (found != own_.end()) own = found->second;
    }
    if (!own || !own->wait(std::chrono::seconds(1))) return {failed(BKT_BUG, "not at its end"), {}};
    const auto carried = own->finish();
    return {{{"rc", carried.rc}, {"bytes", carried.bytes}}, {}};
}

const bkt_component* Server::component(std::string_view kind, std::string_view name) const {
    for (std::uint64_t i = 0; module_ && i < module_->component_count; ++i)
        if (module_->components[i]->kind == kind && module_->components[i]->name == name)
            return module_->components[i];
    return nullptr;
}

std::uint64_t Server::add(Opened opened) {
    const std::lock_guard lock(mutex_);
    instances_[next_id_] = std::make_shared<Opened>(std::move(opened));
    return next_id_++;
}

std::shared_ptr<Opened> Server::enter(std::uint64_t id, bool nested) {
    const std::lock_guard lock(mutex_);
    const auto found = instances_.find(id);
    if (found == instances_.end()) throw std::runtime_error("no such instance");
    auto& opened = found->second;
    const std::string_view kind = opened->component->kind;
    const bool many = nested || kind == BKT_KIND_STORAGE || kind == BKT_KIND_DISCOVERY;
    if (!many && opened->calls > 0)
        throw std::runtime_error("another call on this instance is under way");
    ++opened->calls;
    return {opened.get(), [this, opened](Opened*) {
                const std::lock_guard leaving(mutex_);
                --opened->calls;
            }};
}

std::shared_ptr<Opened> Server::keep_for_tap(const json& args) {
    const std::lock_guard lock(mutex_);
    const auto opened = instances_.at(wire::number(args, "instance"));
    ++opened->taps;
    return {opened.get(), [this, opened](Opened*) {
                const std::lock_guard leaving(mutex_);
                --opened->taps;
                released_.notify_all();
            }};
}

std::shared_ptr<Opened> Server::take(std::uint64_t id) {
    std::unique_lock lock(mutex_);
    const auto is_free = [&] {
        const auto found = instances_.find(id);
        return found == instances_.end() || found->second->taps == 0;
    };
    // The host lets go of a validator by a notice, which it does not wait for.
    if (!released_.wait_for(lock, kRelease, is_free))
        throw std::runtime_error("a validator of this instance is still open");
    const auto found = instances_.find(id);
    if (found == instances_.end()) throw std::runtime_error("no such instance");
    if (found->second->calls > 0)
        throw std::runtime_error("a call on this instance is still under way");
    had_one_ = true;
    return std::move(instances_.extract(found).mapped());
}

bool Server::may_open() {
    const std::lock_guard lock(mutex_);
    return instances_.empty() && !had_one_;
}

std::uint64_t Server::add(std::shared_ptr<OpenTap> tap) {
    const std::lock_guard lock(mutex_);
    taps_[next_id_] = std::move(tap);
    return next_id_++;
}

std::shared_ptr<OpenTap> Server::find_tap(std::uint64_t id, bool take) {
    const std::lock_guard lock(mutex_);
    const auto found = taps_.find(id);
    if (found == taps_.end()) return nullptr;
    auto tap = found->second;
    if (take) taps_.erase(found);
    return tap;
}

std::uint64_t Server::add(std::unique_ptr<wire::SourcePump> own) {
    const std::lock_guard lock(mutex_);
    own_[next_id_] = std::move(own);
    return next_id_++;
}

void Server::forget_own(std::uint64_t id) {
    std::shared_ptr<wire::SourcePump> own;
    const std::lock_guard lock(mutex_);
    const auto found = own_.find(id);
    if (found != own_.end()) own = std::move(found->second), own_.erase(found);
}

std::shared_ptr<Opened> Asked::instance(std::string_view kind, bool nested) const {
    auto opened = server.enter(wire::number(args, "instance"), nested);
    if (!kind.empty() && opened->component->kind != kind)
        throw std::runtime_error("no such instance");
    return opened;
}

}  // namespace bkt::plugin_host
