// plugin.cpp: the one exported symbol of the "mysql" and "mariadb" engines.
//
// Two names for one engine: an operator sees which server it is, and a label may say either.
#include "baktainer/plugin.hpp"

#include "plugins/engines/mysql/mysql_engine.hpp"

namespace {

template <class EngineClass>
constexpr bkt_component component(const char* name, const char* title) {
    bkt_component made{};
    made.size = sizeof made;
    made.kind = BKT_KIND_ENGINE;
    made.name = name;
    made.title = title;
    made.ops = &bkt::detail::EngineOps<EngineClass>::kOps;
    return made;
}

constexpr bkt_component kMysql = component<bkt::mysql::MysqlEngine>("mysql", "MySQL");
constexpr bkt_component kMariadb = component<bkt::mysql::MariadbEngine>("mariadb", "MariaDB");
constexpr const bkt_component* kComponents[] = {&kMariadb, &kMysql};

constexpr bkt_module make_module() {
    bkt_module made{};
    made.size = sizeof made;
    made.id = "baktainer.engine.mysql";
    made.version = "0.1.0";
    made.vendor = "";
    made.components = kComponents;
    made.component_count = std::size(kComponents);
    made.needs = bkt::Engine::needs.data();
    made.need_count = bkt::Engine::needs.size();
    return made;
}
constexpr bkt_module kModule = make_module();

}  // namespace

BKT_EXPORT const bkt_module* bkt_module_v0(void) noexcept;
BKT_EXPORT const bkt_module* bkt_module_v0(void) noexcept { return &kModule; }
