// twin.hpp: state that two plugins hold under the same name, as two authors with one library would.
#pragma once

#include <baktainer/plugin.hpp>

struct Shared {
    inline static int count = 0;
    static std::string& text() {
        static std::string kept;
        return kept;
    }
};

template <class T>
int counted() {
    static int n = 0;
    return ++n;
}

// Its recipe tells how often recipes were made: by this plugin, if the twin stayed out of it.
struct Twin : bkt::Engine {
    explicit Twin(bkt::Call&) {}
    bkt::Status plan(bkt::Call&, bkt::Plan& p) override { return p.part("all"); }
    bkt::Status dump(bkt::Call&, bkt::PartsOut&) override { return {}; }
    bkt::Status restore(bkt::Call&, bkt::PartsIn&) override { return {}; }
    bkt::Result<std::string> recipe(bkt::Call&, const std::vector<std::string>&) override {
        Shared::text() += "x";
        return std::to_string(++Shared::count) + " " + std::to_string(counted<int>()) + " " +
               Shared::text();
    }
};
