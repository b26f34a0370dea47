// A host never unloads a plugin; that one could is only tried to see what loading leaves behind.
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "baktainer/abi/abi.h"
#include "core/plugin/module.hpp"

namespace bkt::plugin {
namespace {

namespace fs = std::filesystem;

std::size_t mappings_of(const std::string& what) {
    std::ifstream in("/proc/self/maps");
    std::size_t n = 0;
    for (std::string line; std::getline(in, line);) n += line.find(what) != line.npos;
    return n;
}

std::string library_of(const fs::path& unit) {
    for (const auto& file : fs::directory_iterator(unit))
        if (file.path().extension() == ".so") return file.path().string();
    return {};
}

// Whether or not another test has loaded it before.
TEST(Unload, DoesNotHappenToAPluginWhoseModuleNobodyHolds) {
    const std::string library = library_of(BAKTAINER_PLUGIN_DIR "/baktainer.storage.local");
    ASSERT_TRUE(load_module(library));
    const auto mapped = mappings_of(library);
    EXPECT_GT(mapped, 0u);
    void* again = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
    ::dlclose(again);
    EXPECT_EQ(mappings_of(library), mapped) << "our own reference was the last";
}

#ifndef BAKTAINER_SANITIZED
long resident_kib() {
    std::ifstream in("/proc/self/status");
    for (std::string line; std::getline(in, line);)
        if (line.starts_with("VmRSS:"))
            return std::stol(line.substr(line.find_first_of("0123456789")));
    return 0;
}

TEST(Unload, OfEachPluginAThousandTimesLeavesNoTrend) {
    for (const auto& unit : fs::directory_iterator(BAKTAINER_PLUGIN_DIR)) {
        const auto library = library_of(unit.path());
        if (library.empty() || mappings_of(library) > 0) continue;  // another test loaded it
        SCOPED_TRACE(library);
        long settled = 0;
        for (int round = 0; round < 1000; ++round) {
            void* handle = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
            ASSERT_TRUE(handle) << ::dlerror();
            const auto entry = reinterpret_cast<bkt_module_fn>(::dlsym(handle, BKT_MODULE_SYMBOL));
            ASSERT_TRUE(entry && entry());
            ::dlclose(handle);
            if (round == 99) settled = resident_kib();
        }
        // Linked so that even a host that would unload it cannot.
        EXPECT_GT(mappings_of(library), 0u);
        EXPECT_LT(resident_kib(), settled + 1024) << "KiB; after 100 rounds it was " << settled;
    }
}
#endif

}  // namespace
}  // namespace bkt::plugin
