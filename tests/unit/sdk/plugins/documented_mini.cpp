// The mini engine of the plugin guide: it asks for the container by name. It must compile as it stands.
// clang-format off
#include <baktainer/plugin.hpp>

struct Mini final : bkt::Engine {
  std::string box;
  static auto config() { return std::vector{bkt::text("container").required()}; }
  explicit Mini(bkt::Call& c) : box(c.config("container")) {}

  bkt::Status plan(bkt::Call&, bkt::Plan& p) override { return p.part("all.sql"); }
  bkt::Status dump(bkt::Call& c, bkt::PartsOut& out) override {
    return c.exec(box, {"mysqldump", "--single-transaction", "--all-databases"}).out(out.begin("all.sql")).run(); }
  bkt::Status restore(bkt::Call& c, bkt::PartsIn& in) override { return c.exec(box, {"mysql"}).in(in.open("all.sql")).run(); }
  std::unique_ptr<bkt::Tap> validator(std::string_view) override { return bkt::ends_with("-- Dump completed"); }
};

BKT_PLUGIN("com.acme.mini", "1.0.0", "mini-mysql", Mini)
