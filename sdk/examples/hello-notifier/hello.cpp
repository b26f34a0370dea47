#include <baktainer/plugin.hpp>

struct Hello final : bkt::Notifier {
  std::string url;
  static auto config() { return std::vector{bkt::text("url", "Where to POST the event").required()}; }

  explicit Hello(bkt::Call& c) : url(c.config("url")) {}
  bkt::Status notify(bkt::Call& c, const bkt::Event& e) override { return c.post(url, e.json()); }
};

BKT_PLUGIN("com.acme.hello", "1.0.0", "hello", Hello)
