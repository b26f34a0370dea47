// Plugins whose files change after they were looked at.
#include "tests/fault/load/trust_fixture.hpp"

namespace bkt::plugin {
namespace {

// What was verified is what is loaded: the file on disk is another by then, whose constructor would leave a
// marker.
TEST_F(TrustFault, AFileSwappedBetweenVerifyAndLoadIsNotTheOneLoaded) {
    for (const bool by_rename : {true, false}) {
        SCOPED_TRACE(by_rename ? "renamed over it" : "written over it");
        shelf_.put(kId, fault_library("good"));
        const auto marker = shelf_.home() + "/marker";
        ::setenv("BKT_TEST_MARKER", marker.c_str(), 1);
        auto judged = shelf_.judge();
        if (by_rename) {
            fs::copy_file(fault_library("witness"), shelf_.home() + "/new.so",
                          fs::copy_options::overwrite_existing);
            fs::rename(shelf_.home() + "/new.so", library_);
        } else {
            fs::copy_file(fault_library("witness"), library_, fs::copy_options::overwrite_existing);
        }
        const auto registry = Registry::load(std::move(judged));
        EXPECT_EQ(health_of(registry), "1.0.0");
        EXPECT_FALSE(fs::exists(fs::symlink_status(marker)));
        ::unsetenv("BKT_TEST_MARKER");
    }
}

// 10: the loader takes /proc/self/fd/N for the library it loaded under that name before.
TEST_F(TrustFault, ADescriptorsNumberNeverMeansTwoLibraries) {
    const std::pair<const char*, const char*> kVersions[] = {
        {"good", "1.0.0"}, {"good2", "2.0.0"}, {"witness", "6.6.6"}, {"good", "1.0.0"}};
    for (const auto& [name, version] : kVersions) {
        SCOPED_TRACE(name);
        shelf_.put(kId, fault_library(name), [&, v = version](Manifest& m) { m.version = v; });
        shelf_.allow(kId);
        EXPECT_EQ(health_of(shelf_.load()), version);  // the registry is gone after each
    }
}

// 45: an upgrade while the plugin is in use, by a careful installer and by a careless one.
TEST_F(TrustFault, AFileReplacedWhileItsPluginRunsDisturbsNothing) {
    for (const bool by_rename : {true, false}) {
        SCOPED_TRACE(by_rename ? "renamed over it" : "cut and written over");
        shelf_.put(kId, fault_library("good"));
        const auto registry = shelf_.load();
        ASSERT_EQ(health_of(registry), "1.0.0");
        if (by_rename) {
            fs::copy_file(fault_library("good2"), shelf_.home() + "/new.so");
            fs::rename(shelf_.home() + "/new.so", library_);
        } else {
            fs::resize_file(library_, 0);  // a mapped file would end us with SIGBUS here
        }
        EXPECT_EQ(health_of(registry), "1.0.0");
    }
}

}  // namespace
}  // namespace bkt::plugin
