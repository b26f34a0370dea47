// archive/store.hpp: a configured store, opened: the host's side of a storage plugin.
#pragma once

#include <functional>
#include <string>

#include "baktainer/abi/kinds/storage.h"
#include "core/plugin/instance.hpp"
#include "core/stream/ring.hpp"
#include "core/stream/stage.hpp"

namespace bkt::archive {

struct StoredObject {
    std::string key;
    std::uint64_t size_bytes = 0;
};

// Methods may be called on several threads at once.
class Store final {
public:
    static Result<Store> open(std::string name, const plugin::Component& component,
                              plugin::Grants grants, const plugin::CallScope& scope);

    const std::string& name() const { return name_; }
    // Stores what `from` gives until its end; when `from` fails, nothing is stored.
    Status put(const plugin::CallScope& scope, const std::string& key, stream::Ring& from) const;
    // Stores a small text; `replace` overwrites.
    Status put_text(const plugin::CallScope& scope, const std::string& key, std::string_view text,
                    bool replace) const;
    // Pushes the whole object into `to` and finishes it.
    Status get(const plugin::CallScope& scope, const std::string& key, stream::Stage& to) const;
    // At most `bytes_max`, else Code::corrupt.
    Result<std::string> get_text(const plugin::CallScope& scope, const std::string& key,
                                 std::size_t bytes_max) const;
    Result<StoredObject> stat(const plugin::CallScope& scope, const std::string& key) const;
    Status list(const plugin::CallScope& scope, const std::string& prefix,
                const std::function<void(const StoredObject&)>& out) const;
    Status remove(const plugin::CallScope& scope, const std::string& key) const;
    Result<std::uint64_t> sweep(const plugin::CallScope& scope, const std::string& prefix) const;
    Result<std::string> health(const plugin::CallScope& scope) const {
        return opened_.health(scope);
    }

private:
    using Opened = plugin::Instance<bkt_storage_ops>;
    Store(std::string name, Opened opened) : name_(std::move(name)), opened_(std::move(opened)) {}
    Status named(Status status) const;

    std::string name_;
    Opened opened_;
};

}  // namespace bkt::archive
