#include "core/plugin/quarantine.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "baktainer/unique_fd.hpp"
#include "core/plugin/manifest.hpp"
#include "core/plugin/safe_path.hpp"

namespace bkt::plugin {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxRecordBytes = 64 << 10;

Status check_id(const std::string& id) {
    if (is_plugin_id(id)) return {};
    return Error{Code::invalid, "'" + id + "' is no plugin id"};
}

Error corrupt(const std::string& file, const std::string& id) {
    return {Code::corrupt, "the record of faults '" + file + "' cannot be read",
            "`baktainer plugin reset " + id + "` removes it"};
}

// Held while a record is read and written again; the kernel drops it with its holder. One for all plugins:
// faults are rare.
Result<UniqueFd> lock(const std::string& folder) {
    std::error_code ec;
    fs::create_directories(folder, ec);
    const auto path = folder + "/.lock";
    UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!fd || ::flock(fd.get(), LOCK_EX) != 0)
        return Error{Code::denied, "cannot lock '" + path + "': " + std::strerror(errno),
                     "set state_dir to a folder you may write to"};
    return fd;
}

Result<std::vector<Fault>> read_record(const std::string& file, const std::string& id) {
    const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!fd && errno == ENOENT) return std::vector<Fault>{};
    if (!fd) return corrupt(file, id);
    const auto text = read_text(fd.get(), file, kMaxRecordBytes);
    if (!text) return corrupt(file, id);
    try {
        const auto record = Json::parse(*text);
        std::vector<Fault> faults;
        for (const auto& one : record.at("faults")) {
            const auto time = base::parse_rfc3339(one.at("time").get<std::string>());
            if (!time) return corrupt(file, id);
            faults.push_back({*time, one.at("what").get<std::string>()});
        }
        return faults;
    } catch (const Json::exception&) {
        return corrupt(file, id);
    }
}

// Whole or not at all: a crash meanwhile leaves the record before.
Status write_record(const std::string& file, const std::vector<Fault>& faults) {
    Json list = Json::array();
    for (const auto& fault : faults)
        list.push_back({{"time", base::rfc3339(fault.time)}, {"what", fault.what}});
    const auto text =
        Json{{"faults", list}}.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
    const auto partial = file + ".partial";
    std::ofstream out(partial, std::ios::binary);
    out << text;
    out.close();
    std::error_code ec;
    if (out) fs::rename(partial, file, ec);
    if (out && !ec) return {};
    return Error{Code::failed, "cannot write '" + file + "'",
                 "check the space and rights of state_dir"};
}

bool too_many(const std::vector<Fault>& faults) {
    for (std::size_t i = kMostFaults - 1; i < faults.size(); ++i)
        if (faults[i].time - faults[i + 1 - kMostFaults].time <= kFaultWindow) return true;
    return false;
}

}  // namespace

Result<bool> Quarantine::note_fault(const std::string& id, const std::string& what,
                                    base::WallTime now) const {
    BKT_TRY(check_id(id));
    BKT_LET(const UniqueFd held, lock(folder_));
    BKT_LET(auto faults, read_record(file(id), id));
    faults.push_back({now, what.substr(0, kMaxFaultBytes)});
    // What put a plugin here is kept; only the faults of one that still runs are forgotten in time.
    const bool out = too_many(faults);
    if (faults.size() > kKeptFaults) faults.erase(out ? faults.end() - 1 : faults.begin());
    BKT_TRY(write_record(file(id), faults));
    return out;
}

Result<std::vector<Fault>> Quarantine::faults(const std::string& id) const {
    BKT_TRY(check_id(id));
    return read_record(file(id), id);
}

Result<bool> Quarantine::is_quarantined(const std::string& id) const {
    BKT_LET(const auto all, faults(id));
    return too_many(all);
}

Result<bool> Quarantine::reset(const std::string& id) const {
    BKT_TRY(check_id(id));
    std::error_code ec;
    if (!fs::exists(fs::symlink_status(file(id), ec))) return false;
    BKT_LET(const UniqueFd held, lock(folder_));
    const bool removed = fs::remove(file(id), ec);
    if (ec) return Error{Code::denied, "cannot remove '" + file(id) + "': " + ec.message()};
    return removed;
}

}  // namespace bkt::plugin
