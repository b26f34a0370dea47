// A provider that makes its secrets up.
#include <baktainer/plugin.hpp>

struct SparseSecrets final : bkt::Secrets {
    std::string prefix;
    static bkt::Result<std::unique_ptr<SparseSecrets>> create(bkt::Call& c) {
        auto made = std::make_unique<SparseSecrets>();
        made->prefix = c.config("container") + " and the rest of the prefix";
        return made;
    }
    bkt::Result<bkt::SecretValue> resolve(bkt::Call&, std::string_view ref) override {
        return bkt::SecretValue{prefix + std::string(ref), 60};
    }
};

BKT_PLUGIN("test.sparse.secrets", "1.0.0", "sparse-secrets", SparseSecrets)
