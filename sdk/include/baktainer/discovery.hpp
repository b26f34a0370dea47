// discovery.hpp: derive from bkt::Discovery to find servers in a new place and run tools in them.
#pragma once

#include <array>
#include <functional>
#include <span>

#include "baktainer/abi/kinds/discovery.h"
#include "baktainer/abi/services/events.h"
#include "baktainer/abi/services/metrics.h"
#include "baktainer/abi/services/secret.h"
#include "baktainer/http.hpp"
#include "baktainer/stream.hpp"

namespace bkt {

struct FoundTarget {
    std::string id, name, image, image_digest, state = "running";
    bool host_files = false;
    std::uint64_t memory_limit_bytes = 0;  // 0 = none
    std::string address;                   // where this machine reaches it; "" = unknown
    std::vector<std::string> programs;     // that run there; none = unknown
    std::string transport;                 // how a tool's output leaves it, for people; "" = unsaid
    std::string transport_reason;
    std::vector<std::pair<std::string, std::string>> labels;
    std::vector<std::pair<std::string, std::string>> env;  // may hold secrets
};
using TargetOut = std::function<Status(const FoundTarget&)>;

enum class Change {
    added = BKT_CHANGE_ADDED,
    removed = BKT_CHANGE_REMOVED,
    resync = BKT_CHANGE_RESYNC
};
using ChangeOut = std::function<Status(Change, std::string_view id)>;

// What a tool run needs; borrowed for the call.
struct ExecRequest {
    std::string target;
    std::vector<std::string> argv;
    std::vector<std::string> env;  // "NAME=value", may hold secrets
    std::string user;
    bool beside = false;       // BKT_EXEC_BESIDE
    std::string_view program;  // to be run beside in place of argv[0]; empty = the image's own tool
    std::optional<Source> in;
    std::optional<Sink> out;
};

struct ExecOutcome {
    std::int32_t exit_code = -1;
    std::uint32_t how = 0;  // BKT_EXIT_*
    std::uint64_t stdin_bytes = 0;
    std::uint64_t stdout_bytes = 0;
    std::string stderr_tail;  // last 64 KiB at most
};
inline constexpr std::size_t kStderrTailBytes = 64 * 1024;

// The contract of each method is that of bkt_discovery_ops. exec() may run on several threads at once.
class Discovery {
public:
    static constexpr std::array needs{BKT_SERVICE_HTTP, BKT_SERVICE_SECRET, BKT_SERVICE_METRICS,
                                      BKT_SERVICE_EVENTS};
    static constexpr std::span<const char* const> experimental{};

    virtual ~Discovery() = default;
    virtual Status scan(Call& call, const TargetOut& out) = 0;
    virtual Status watch(Call&, const ChangeOut&) {
        return Error{Code::unsupported, "this source cannot watch"};
    }
    virtual Result<ExecOutcome> exec(Call& call, const ExecRequest& request) = 0;
    virtual Result<FoundTarget> clone(Call&, const std::string& id, const std::string& name) {
        (void)id, (void)name;
        return Error{Code::unsupported, "this source cannot make a new server",
                     "restore to files (--to file:DIR) or in place"};
    }
    virtual Status remove_clone(Call&, const std::string&) {
        return Error{Code::unsupported, "this source makes no new servers"};
    }
    virtual Result<std::string> health(Call& call) = 0;
    virtual const void* extension(std::string_view) { return nullptr; }
};

}  // namespace bkt
