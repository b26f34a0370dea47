// Knows one secret, and cannot be made without its setting: fails without throwing.
#include <baktainer/plugin.hpp>

struct TableSecrets final : bkt::Secrets {
    std::string name;
    static bkt::Result<std::unique_ptr<TableSecrets>> create(bkt::Call& c) {
        auto made = std::make_unique<TableSecrets>();
        made->name = c.config("name");
        if (made->name.empty()) return bkt::Error{bkt::Code::invalid, "no 'name' is set"};
        return made;
    }

    bkt::Result<bkt::SecretValue> resolve(bkt::Call&, std::string_view ref) override {
        if (ref != name)
            return bkt::Error{bkt::Code::not_found, "no secret '" + std::string(ref) + "'"};
        return bkt::SecretValue{"swordfish", 60};
    }
};

BKT_PLUGIN("com.acme.table", "1.0.0", "table", TableSecrets)
