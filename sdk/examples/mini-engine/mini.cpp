#include <baktainer/plugin.hpp>

struct Mini final : bkt::Engine {
  explicit Mini(bkt::Call&) {}

  bkt::Status plan(bkt::Call&, bkt::Plan& p) override { return p.part("all.sql"); }
  bkt::Status dump(bkt::Call& c, bkt::PartsOut& out) override {
    return c.exec({"mysqldump", "--single-transaction", "--all-databases"}).out(out.begin("all.sql")).run(); }
  bkt::Status restore(bkt::Call& c, bkt::PartsIn& in) override { return c.exec({"mysql"}).in(in.open("all.sql")).run(); }
  std::unique_ptr<bkt::Tap> validator(std::string_view) override { return bkt::ends_with("-- Dump completed"); }
};

BKT_PLUGIN("com.acme.mini", "1.0.0", "mini-mysql", Mini)
