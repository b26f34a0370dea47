// local_storage.hpp: the "local" store: objects as files below one folder of this machine.
//
// Settings: "path", the absolute folder (made with 0700 at the first put); "min_free", bytes that must
// stay free (optional). A missing folder reads as an empty store.
#pragma once

#include "baktainer/storage.hpp"
#include "plugins/storage/local/root.hpp"

namespace bkt::local {

class LocalStorage final : public Storage {
public:
    explicit LocalStorage(Call& call);  // throws Error

    Status put(Call& call, const std::string& key, bool replace, const Source& source) override;
    Status get(Call& call, const std::string& key, std::uint64_t offset, std::uint64_t length,
               const Sink& sink) override;
    Status stat(Call& call, const std::string& key, const ObjectOut& out) override;
    Status list(Call& call, const std::string& prefix, const ObjectOut& out) override;
    Status remove(Call& call, const std::string& key) override;
    Result<std::uint64_t> sweep(Call& call, const std::string& prefix) override;
    Result<std::uint64_t> free_bytes(Call& call) override;
    Result<std::string> health(Call& call) override;

private:
    Status write_all(Call& call, const Key& key, bool replace, const Source& source);
    Status check_free(std::uint64_t wanted_bytes) const;
    Result<std::uint64_t> free_now() const;

    Root root_;
    std::uint64_t min_free_bytes_ = 0;
};

}  // namespace bkt::local
