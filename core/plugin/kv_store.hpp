// plugin/kv_store.hpp: the small state of plugins, one SQLite file for all, each component in a name space of
// its own.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "baktainer/result.hpp"

struct sqlite3;

namespace bkt::plugin {

inline constexpr std::size_t kMaxKvKeyBytes = 200;
inline constexpr std::size_t kMaxKvValueBytes = 64 * 1024;
inline constexpr std::int64_t kMaxKvKeys = 1000;  // a component

// Thread-safe, and several processes may use one file. Opened on first use, so that a command no plugin
// stores anything in makes no file. Code::invalid for a key or a value out of bounds, Code::no_space for
// one key too many or a full disk, Code::unavailable when another process holds the file for long.
class KvStore final {
public:
    explicit KvStore(std::string path) : path_(std::move(path)) {}
    ~KvStore();

    Result<std::optional<std::string>> get(const std::string& owner, std::string_view key);
    // Durable once it returns.
    Status put(const std::string& owner, std::string_view key, std::string_view value);
    // Code::conflict when the present value is not `expected` (nullopt = there is none).
    Status swap(const std::string& owner, std::string_view key,
                std::optional<std::string_view> expected, std::string_view value);
    Status remove(const std::string& owner, std::string_view key);

private:
    struct Close {
        void operator()(sqlite3* db) const;
    };
    Status open();
    Error failed(int rc) const;
    Result<std::optional<std::string>> read(const std::string& owner, std::string_view key);
    Status write(const std::string& owner, std::string_view key, std::string_view value);
    template <class Body>
    Status transaction(Body&& body);

    const std::string path_;
    std::mutex mutex_;
    std::unique_ptr<sqlite3, Close> db_;
};

}  // namespace bkt::plugin
