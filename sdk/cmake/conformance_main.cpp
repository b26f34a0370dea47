// conformance_main.cpp: the conformance suite as a GoogleTest program: one test a case and component.
//     program LIBRARY [--config key=value]... [--secret key]... [GoogleTest's own options]
// A secret is given by its key alone, its value is made up: nothing secret stands in an argument list.
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "baktainer/testing/conformance/cases.hpp"

namespace {

namespace suite = bkt::testing::conformance;
using Settings = std::map<std::string, std::string>;

class OneCase final : public ::testing::Test {
public:
    OneCase(const suite::Subject& subject, const suite::Case& one)
        : subject_(subject), case_(one) {}
    void TestBody() override {
        suite::Findings found;
        case_.run(subject_, found);
        for (const auto& finding : found.all()) ADD_FAILURE() << finding;
    }

private:
    const suite::Subject subject_;
    const suite::Case case_;
};

const bkt_module* load(const char* file) {
    void* library = ::dlopen(file, RTLD_NOW | RTLD_LOCAL);
    void* entry = library ? ::dlsym(library, BKT_MODULE_SYMBOL) : nullptr;
    if (!entry) {
        std::fprintf(stderr, "%s\n", ::dlerror());
        return nullptr;
    }
    return reinterpret_cast<bkt_module_fn>(entry)();
}

bool take(const std::string& setting, Settings& into) {
    const auto equals = setting.find('=');
    if (equals == setting.npos) return false;
    into[setting.substr(0, equals)] = setting.substr(equals + 1);
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    ::testing::InitGoogleTest(&argc, argv);
    ::signal(SIGPIPE, SIG_IGN);
    Settings config, secrets;
    for (int i = 2; i + 1 < argc; i += 2) {
        const std::string_view option = argv[i];
        if (option == "--config" && take(argv[i + 1], config)) continue;
        if (option == "--secret") {
            secrets[argv[i + 1]] = "a-made-up-secret";
            continue;
        }
        std::fprintf(stderr, "usage: %s LIBRARY [--config key=value] [--secret key]\n", argv[0]);
        return 2;
    }
    const bkt_module* module = argc > 1 ? load(argv[1]) : nullptr;
    if (!module) return 2;
    const auto seed = static_cast<std::uint64_t>(::testing::GTEST_FLAG(random_seed));
    for (std::uint64_t i = 0; i < module->component_count; ++i) {
        const bkt_component& component = *module->components[i];
        const auto group =
            std::string(component.kind).substr(0, std::string(component.kind).find('/')) + "_" +
            component.name;
        for (const auto& one : suite::cases_of(component.kind))
            ::testing::RegisterTest(group.c_str(), one.name, nullptr, nullptr, __FILE__, __LINE__,
                                    [=, &component]() -> ::testing::Test* {
                                        return new OneCase({component, config, secrets, seed}, one);
                                    });
    }
    return RUN_ALL_TESTS();
}
