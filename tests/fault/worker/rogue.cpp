// A plugin that misbehaves as its setting "mode" says. Written against the bare C contract: the author layer
// would forbid most of it.
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "baktainer/abi/draft/net.h"
#include "baktainer/abi/kinds/engine.h"
#include "baktainer/abi/kinds/notifier.h"
#include "baktainer/abi/kinds/storage.h"
#include "baktainer/abi/services/config.h"
#include "baktainer/abi/services/exec.h"
#include "baktainer/abi/services/http.h"
#include "baktainer/abi/services/log.h"
#include "baktainer/abi/services/secret.h"
#include "baktainer/abi/services/temp.h"

namespace {

struct Instance {
    const bkt_host* host;
    std::string mode;
};

bkt_str str(const char* text) { return {text, std::strlen(text)}; }
bool is(const Instance& i, const char* mode) { return i.mode == mode; }

template <class Table>
const Table* service(const bkt_host* host, const char* id) {
    return static_cast<const Table*>(host->service(host, str(id)));
}

// The one socket there is: the host's.
int control_socket() { return 3; }

[[noreturn]] void hang() {
    for (;;) ::pause();
}

// Says to the host's log that it is there now, for a test that waits for it.
void say(const Instance& i, const char* what) {
    service<bkt_log>(i.host, BKT_SERVICE_LOG)->log(i.host, BKT_LOG_INFO, str(what));
}

// What may happen in any call. `noexcept` in the table makes a throw end the process.
void misbehave(const Instance& i) {
    if (is(i, "segfault")) {
        volatile int* nowhere = nullptr;
        *nowhere = 1;
    }
    if (is(i, "abort")) std::abort();
    if (is(i, "exit")) std::exit(0);
    if (is(i, "_exit")) ::_exit(3);
    if (is(i, "kill")) ::kill(::getpid(), SIGKILL);
    if (is(i, "throw int")) throw 42;
    if (is(i, "throw runtime_error")) throw std::runtime_error("from a plugin");
    if (is(i, "throw bad_alloc")) throw std::bad_alloc();
    if (is(i, "out of memory")) {
        std::vector<char*> all;
        for (;;) {
            all.push_back(new char[64 << 20]);
            std::memset(all.back(), 1, 4096);
        }
    }
    if (is(i, "hang")) {
        say(i, "hangs");
        hang();
    }
    if (is(i, "ignore SIGTERM and hang")) {
        ::signal(SIGTERM, SIG_IGN);
        say(i, "hangs");
        hang();
    }
    if (is(i, "stack overflow")) {
        volatile char big[1 << 20];
        big[0] = 1;
        misbehave(i);
        big[1] = big[0];
    }
    if (is(i, "close every descriptor"))
        for (int fd = 3; fd < 256; ++fd) ::close(fd);
    if (is(i, "garbage on the socket")) {
        ::send(control_socket(), "garbage", 7, 0);
        hang();
    }
    if (is(i, "huge on the socket")) {
        const std::string big(100'000, 'x');
        ::send(control_socket(), big.data(), big.size(), 0);
        hang();
    }
    if (is(i, "descriptors on the socket")) {
        alignas(cmsghdr) char control[CMSG_SPACE(30 * sizeof(int))] = {};
        char byte = 'x';
        iovec data{&byte, 1};
        msghdr header{};
        header.msg_iov = &data, header.msg_iovlen = 1;
        header.msg_control = control, header.msg_controllen = sizeof control;
        cmsghdr* c = CMSG_FIRSTHDR(&header);
        c->cmsg_level = SOL_SOCKET, c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(30 * sizeof(int));
        ::sendmsg(control_socket(), &header, 0);
        hang();
    }
}

bkt_rc open(const bkt_host* host, const bkt_call* call, void** self) noexcept {
    const auto* config = service<bkt_config>(host, BKT_SERVICE_CONFIG);
    const bkt_str mode = config->get(host, str("mode"));
    auto instance = new Instance{host, std::string(mode.ptr ? mode.ptr : "", mode.len)};
    if (is(*instance, "open: segfault")) ::raise(SIGSEGV);
    if (is(*instance, "open: hang")) {
        say(*instance, "hangs");
        hang();
    }
    if (is(*instance, "open: exit")) std::exit(0);
    if (is(*instance, "open: refuse")) {
        call->fail(call, BKT_INVALID, str("it will not"), str("ask nicely"), 0);
        delete instance;
        return BKT_INVALID;
    }
    *self = instance;
    return BKT_OK;
}

void close(void* self) noexcept {
    auto* i = static_cast<Instance*>(self);
    if (is(*i, "close: segfault")) ::raise(SIGSEGV);
    if (is(*i, "close: hang")) {
        say(*i, "hangs");
        hang();
    }
    delete i;
}

bool is_started = false;
bkt_rc start(const bkt_host* host, const bkt_call*) noexcept {
    is_started = host->service(host, str(BKT_SERVICE_LOG)) != nullptr;
    return BKT_OK;
}
void end() noexcept { is_started = false; }

// ---- notifier ----

const bkt_call* kept_call = nullptr;

bkt_rc notify(void* self, const bkt_call* call, const bkt_event* event) noexcept {
    auto& i = *static_cast<Instance*>(self);
    misbehave(i);
    if (is(i, "unknown code")) return -4711;
    if (is(i, "positive code")) return 7;
    if (is(i, "error without fail")) return BKT_DENIED;
    if (is(i, "fail and then fine")) {
        call->fail(call, BKT_DENIED, str("no"), str(""), 0);
        return BKT_OK;
    }
    if (is(i, "fail with wild text")) {
        const std::string wild("\xff\xfe\0 secret", 10);
        call->fail(call, BKT_DENIED, {wild.data(), wild.size()}, {nullptr, 0}, 0);
        return BKT_DENIED;
    }
    if (is(i, "fail with much text")) {
        const std::string much(20u << 20, 'x');
        call->fail(call, BKT_DENIED, {much.data(), much.size()}, {nullptr, 0}, 0);
        return BKT_DENIED;
    }
    if (is(i, "print")) {
        std::printf("a word on stdout\n");
        std::fprintf(stderr, "a word on stderr\n");
        std::fflush(stdout);
    }
    if (is(i, "flood of output"))
        for (int n = 0; n < 100'000; ++n) std::fprintf(stderr, "line %d\n", n);
    if (is(i, "last words")) {
        std::fprintf(stderr, "assertion failed: left > right\n");
        std::abort();
    }
    if (is(i, "ungranted service")) {
        const bool none = !service<void>(i.host, BKT_SERVICE_EXEC) &&
                          !service<void>(i.host, "bkt.net/1") &&
                          !service<void>(i.host, "bkt.none/1");
        return none ? BKT_OK : BKT_FAILED;
    }
    if (is(i, "started")) return is_started ? BKT_OK : BKT_FAILED;
    if (is(i, "wait for cancel")) {
        call->progress(call, 0, 0, str("waiting"));
        while (!call->cancelled(call)) ::usleep(1000);
        return BKT_CANCELLED;
    }
    if (is(i, "ignore cancel")) hang();
    if (is(i, "keep the call")) kept_call = call;
    static bool has_late_thread = false;
    if (is(i, "late thread") && !std::exchange(has_late_thread, true)) {
        std::thread([host = i.host, call] {
            ::usleep(200'000);
            bkt_str value{};
            service<bkt_secret>(host, BKT_SERVICE_SECRET)
                ->resolve(host, call, str("token"), &value);
        }).detach();
    }
    if (is(i, "leak")) {
        for (int n = 0; n < 50; ++n) static_cast<void>(::open("/dev/null", O_RDONLY));
        static_cast<void>(new char[1 << 20]);
        std::thread(hang).detach();
    }
    if (is(i, "fork")) {
        const pid_t child = ::fork();
        if (child == 0) hang();
        return child < 0 ? BKT_OK : BKT_FAILED;
    }
    if (is(i, "exec")) {
        ::execl("/bin/true", "true", nullptr);
        return BKT_OK;  // it was refused
    }
    if (is(i, "read a private file"))
        return ::open("/etc/shadow", O_RDONLY) < 0 && ::open("/root", O_RDONLY) < 0 ? BKT_OK
                                                                                    : BKT_FAILED;
    if (is(i, "write a file"))
        return ::open("/var/tmp/bkt-rogue", O_CREAT | O_WRONLY, 0644) < 0 ? BKT_OK : BKT_FAILED;
    if (is(i, "write its folder")) {
        bkt_str dir{};
        if (service<bkt_temp>(i.host, BKT_SERVICE_TEMP)->dir(i.host, call, &dir) != BKT_OK)
            return BKT_FAILED;
        const std::string path = std::string(dir.ptr, dir.len) + "/file";
        return ::open(path.c_str(), O_CREAT | O_WRONLY, 0600) >= 0 ? BKT_OK : BKT_FAILED;
    }
    if (is(i, "fork, spawn, exec and connect")) {
        if (const pid_t child = ::fork(); child == 0) ::_exit(0);
        static_cast<void>(!std::system("true"));
        ::execl("/bin/true", "true", nullptr);
        sockaddr_in nobody{};
        nobody.sin_family = AF_INET, nobody.sin_port = htons(1);
        nobody.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        static_cast<void>(
            !::connect(fd, reinterpret_cast<const sockaddr*>(&nobody), sizeof nobody));
        ::close(fd);
    }
    if (is(i, "die of an odd text"))
        for (std::uint64_t n = 0; n < event->text.len; ++n)
            if (event->text.ptr[n] == '\xff') std::abort();
    if (is(i, "dial")) {
        const auto* net = service<bkt_net>(i.host, BKT_SERVICE_NET);
        if (!net) return BKT_UNSUPPORTED;
        const auto* config = service<bkt_config>(i.host, BKT_SERVICE_CONFIG);
        const bkt_str port = config->get(i.host, str("port"));
        std::int32_t fd = -1;
        if (const bkt_rc rc = net->dial(
                i.host, call, config->get(i.host, str("host")),
                static_cast<std::uint32_t>(std::stoul(std::string(port.ptr, port.len))), &fd);
            rc != BKT_OK)
            return rc;
        char answer[4] = {};
        const bool same = ::write(fd, "ping", 4) == 4 && ::read(fd, answer, 4) == 4 &&
                          std::memcmp(answer, "ping", 4) == 0;
        ::close(fd);
        return same ? BKT_OK : BKT_FAILED;
    }
    if (is(i, "write its folder and crash")) {
        bkt_str dir{};
        service<bkt_temp>(i.host, BKT_SERVICE_TEMP)->dir(i.host, call, &dir);
        const std::string path = std::string(dir.ptr, dir.len) + "/left";
        if (::open(path.c_str(), O_CREAT | O_WRONLY, 0600) < 0) return BKT_FAILED;
        ::raise(SIGSEGV);
    }
    if (is(i, "secret")) {
        bkt_str value{};
        const bkt_rc rc = service<bkt_secret>(i.host, BKT_SERVICE_SECRET)
                              ->resolve(i.host, call, str("token"), &value);
        return rc != BKT_OK                                    ? rc
               : std::string(value.ptr, value.len) == "s3cr3t" ? BKT_OK
                                                               : BKT_FAILED;
    }
    if (is(i, "speak of tomorrow")) {
        service<bkt_log>(i.host, BKT_SERVICE_LOG)->log(i.host, 99, str("a level of tomorrow"));
        call->fail(call, -99, str("a code of tomorrow"), str(""), 0);
        return -99;
    }
    if (is(i, "say the event")) {
        service<bkt_log>(i.host, BKT_SERVICE_LOG)->log(i.host, BKT_LOG_INFO, event->json);
        call->progress(call, 1, 2, str("half"));
    }
    if (is(i, "change the process")) {
        ::umask(0);
        ::setenv("PATH", "/nowhere", 1);
        static_cast<void>(::chdir("/"));
        ::signal(SIGTERM, SIG_IGN);
    }
    return BKT_OK;
}

bkt_rc health(void*, const bkt_call* call, bkt_str* text) noexcept {
    auto* memory = static_cast<char*>(call->alloc(call, 4));
    std::memcpy(memory, "fine", 4);
    *text = {memory, 4};
    return BKT_OK;
}
constexpr bkt_notifier_ops kNotifier = {sizeof kNotifier, 0,       &open,   &close,
                                        &notify,          nullptr, &health, nullptr};

// ---- storage: streams ----

bkt_rc put(void* self, const bkt_call*, bkt_str, std::uint32_t, const bkt_source* source) noexcept {
    auto& i = *static_cast<Instance*>(self);
    misbehave(i);
    std::vector<char> buffer(is(i, "read by bytes") ? 1 : 1 << 20);
    if (is(i, "read nothing")) return BKT_OK;
    for (std::uint64_t total = 0;;) {
        std::uint64_t n = 0;
        if (const bkt_rc rc = source->read(source, buffer.data(), buffer.size(), &n); rc != BKT_OK)
            return rc;
        if (n == 0) break;
        total += n;
        if (is(i, "take its time")) ::usleep(2'000);
        if (is(i, "crash in mid-stream") && total > 3'000'000) std::abort();
        if (is(i, "stop in mid-stream") && total > 3'000'000) return BKT_NO_SPACE;
        if (is(i, "hang in mid-stream") && total > 3'000'000) {
            say(i, "hangs");
            hang();
        }
    }
    std::uint64_t n = 1;
    if (is(i, "read after the end"))
        return source->read(source, buffer.data(), buffer.size(), &n) == BKT_OK && n == 0
                   ? BKT_OK
                   : BKT_FAILED;
    return BKT_OK;
}

bkt_rc get(void* self, const bkt_call*, bkt_str, std::uint64_t, std::uint64_t length,
           const bkt_sink* sink) noexcept {
    auto& i = *static_cast<Instance*>(self);
    misbehave(i);
    std::string chunk(is(i, "write by bytes") ? 1 : 65'536, 'x');
    if (is(i, "bench")) {  // text as dumps have it: some of it repeats
        chunk.clear();
        for (unsigned n = 1; chunk.size() < 32u << 20; n = n * 1'103'515'245u + 12'345u)
            chunk += std::to_string(n) + "\tcustomer\t" + std::to_string(n % 977) + "\n";
        for (std::uint64_t total = 0; total < length; total += 1 << 20)
            if (const bkt_rc rc = sink->write(sink, chunk.data() + total % (32u << 20), 1 << 20);
                rc != BKT_OK)
                return rc;
        return BKT_OK;
    }
    for (std::uint64_t total = 0; total < length;) {
        const auto n = std::min<std::uint64_t>(chunk.size(), length - total);
        if (const bkt_rc rc = sink->write(sink, chunk.data(), n); rc != BKT_OK)
            return is(i, "ignore a failed sink") ? BKT_OK : rc;
        total += n;
        if (is(i, "crash in mid-stream") && total > 3'000'000) std::abort();
        if (is(i, "hang in mid-stream") && total > 3'000'000) hang();
        if (is(i, "take its time")) ::usleep(400'000);
        if (is(i, "copy the descriptor") && total == n)
            for (int fd = 4; fd < 64; ++fd) static_cast<void>(::dup(fd));
    }
    if (is(i, "write nothing at the end")) return sink->write(sink, "", 0);
    return BKT_OK;
}
bkt_rc stat(void*, const bkt_call*, bkt_str key, const bkt_object_out* out) noexcept {
    const bkt_object object{sizeof object, 0, key, 7, 0};
    return out->object(out, &object);
}
bkt_rc list(void* self, const bkt_call*, bkt_str prefix, const bkt_object_out* out) noexcept {
    auto& i = *static_cast<Instance*>(self);
    for (int n = 0; n < 1000; ++n) {
        if (is(i, "crash in mid-list") && n == 500) std::abort();
        const auto key = std::string(prefix.ptr, prefix.len) + std::to_string(n);
        const bkt_object object{sizeof object, 0, {key.data(), key.size()}, 7, 0};
        if (const bkt_rc rc = out->object(out, &object); rc != BKT_OK) return rc;
    }
    return BKT_OK;
}
bkt_rc remove(void*, const bkt_call*, bkt_str) noexcept { return BKT_OK; }
bkt_rc sweep(void*, const bkt_call*, bkt_str, std::uint64_t* removed) noexcept {
    *removed = 3;
    return BKT_OK;
}
bkt_rc free_bytes(void*, const bkt_call*, std::uint64_t* bytes) noexcept {
    *bytes = 1234;
    return BKT_OK;
}
constexpr bkt_storage_ops kStorage = {sizeof kStorage, 0,     &open,   &close, &put,        &get,
                                      &stat,           &list, &remove, &sweep, &free_bytes, &health,
                                      nullptr};

// ---- engine: what the author layer and the proxies in this process would not let through ----

bkt_rc recognise(const bkt_call*, const bkt_target*, const bkt_recognition*) noexcept {
    return BKT_OK;
}
bkt_rc plan(void*, const bkt_call*, const bkt_plan* plan) noexcept {
    return plan->part(plan, str("p"), str("text/plain"), 0);
}
// Asks the host by hand for the stream of a part that is over: [0, 999999, "sink.open", {op: 2, handle: 1}].
void ask_for_a_stream_that_is_over() {
    const std::string asked = std::string("\x84\x00\x1a\x00\x0f\x42\x3f\x69", 8) +
                              "sink.open\xa2\x62op\x02\x66handle\x01";
    ::send(control_socket(), asked.data(), asked.size(), 0);
    hang();
}
bkt_rc dump(void* self, const bkt_call* call, const bkt_parts_out* out) noexcept {
    auto& i = *static_cast<Instance*>(self);
    const bkt_sink* sink = nullptr;
    if (const bkt_rc rc = out->begin(out, call, str("p"), &sink); rc != BKT_OK) return rc;
    if (const bkt_rc rc = sink->write(sink, "a dump", 6); rc != BKT_OK) return rc;
    if (is(i, "crash before the end of a part")) std::abort();
    if (is(i, "lie about the tool's bytes")) return out->finish(out, call, sink, 0, 7);
    if (const bkt_rc rc = out->finish(out, call, sink, 0, 6); rc != BKT_OK) return rc;
    if (is(i, "use a part that is over")) ask_for_a_stream_that_is_over();
    return BKT_OK;
}
// Counts; its verdict is BKT_CORRUPT once its instance is closed, which must not be seen.
struct Counting {
    bkt_tap raw;
    Instance* instance;
};
bool is_closed = false;
bkt_rc feed(const bkt_tap*, const bkt_call*, const void*, std::uint64_t) noexcept { return BKT_OK; }
bkt_rc finish(const bkt_tap*, const bkt_call*) noexcept { return is_closed ? BKT_CORRUPT : BKT_OK; }
void release(const bkt_tap* tap) noexcept {
    auto* counting = static_cast<Counting*>(tap->ctx);
    if (is(*counting->instance, "slow release")) ::usleep(300'000);
    if (is_closed) std::abort();
    delete counting;
}
bkt_rc validator(void* self, const bkt_call*, bkt_str, bkt_str, std::uint32_t,
                 const bkt_tap** tap) noexcept {
    auto* made = new Counting{{sizeof(bkt_tap), 0, nullptr, &feed, &finish, &release, 0},
                              static_cast<Instance*>(self)};
    made->raw.ctx = made;
    *tap = &made->raw;
    return BKT_OK;
}
void close_engine(void* self) noexcept {
    is_closed = true;
    close(self);
}
bkt_rc restore(void*, const bkt_call*, const bkt_parts_in*) noexcept { return BKT_OK; }
bkt_rc recipe(void*, const bkt_call*, const bkt_str*, std::uint64_t, bkt_str*) noexcept {
    return BKT_UNSUPPORTED;
}
constexpr bkt_engine_ops kEngine = {sizeof kEngine, 0,       &recognise, &open,
                                    &close_engine,  &plan,   &dump,      &validator,
                                    &restore,       &recipe, nullptr};

constexpr bkt_component kComponents[] = {
    {sizeof(bkt_component), 0, BKT_KIND_ENGINE, "rogue", "misbehaves", &kEngine, nullptr},
    {sizeof(bkt_component), 0, BKT_KIND_NOTIFIER, "rogue", "misbehaves", &kNotifier, nullptr},
    {sizeof(bkt_component), 0, BKT_KIND_STORAGE, "rogue", "misbehaves", &kStorage, nullptr},
};
constexpr const bkt_component* kAll[] = {&kComponents[0], &kComponents[1], &kComponents[2]};
constexpr const char* kNeeds[] = {BKT_SERVICE_SECRET, BKT_SERVICE_TEMP};
constexpr bkt_module kModule = {sizeof kModule, 0, "test.rogue", "1.0.0", "",     kAll, 3,
                                kNeeds,         2, nullptr,      0,       &start, &end};

}  // namespace

BKT_EXPORT const bkt_module* bkt_module_v0(void) noexcept;
BKT_EXPORT const bkt_module* bkt_module_v0(void) noexcept { return &kModule; }
