// Real libraries that break one rule each. The host reads, judges and loads them as it would a stranger's
// plugin in its own process, says which rule was broken, and the plugin beside them is loaded all the same.
#include <elf.h>
#include <gtest/gtest.h>

#include "core/plugin/elf.hpp"
#include "core/plugin/registry.hpp"
#include "tests/fault/load/shelf.hpp"

namespace bkt::plugin {
namespace {

constexpr const char* kNotifier = "notifier/0";

void as_neighbour(Manifest& m) { m.components[0].name = "neighbour"; }

struct Case {
    const char* name;  // of the library too
    Code code;
    const char* why;  // in the message
    std::function<void(Manifest&)> edit = {};
};

void expect_refused(const std::string& library, const Case& c) {
    SCOPED_TRACE(c.name);
    Shelf shelf;
    shelf.put("com.acme.test", library, c.edit);
    shelf.allow("com.acme.test");
    shelf.put("com.acme.neighbour", fault_library("neighbour"), as_neighbour);
    shelf.allow("com.acme.neighbour");
    const auto registry = shelf.load();
    EXPECT_EQ(registry.components().size(), 1u);
    EXPECT_TRUE(registry.find(kNotifier, "neighbour")) << texts(registry.problems());
    const auto why = registry.why_not("com.acme.test");
    ASSERT_TRUE(why) << "it was loaded";
    EXPECT_EQ(why->code, c.code) << why->message;
    EXPECT_NE(why->message.find(c.why), std::string::npos) << why->message;
    EXPECT_NE(why->message.find("com.acme.test"), std::string::npos) << why->message;
    EXPECT_FALSE(why->hint.empty()) << why->message;
    EXPECT_NE(texts(registry.problems()).find(c.why), std::string::npos);
}

TEST(LoadFault, ARightPluginIsLoaded) {
    for (const char* name : {"good", "both_majors"}) {
        SCOPED_TRACE(name);
        Shelf shelf;
        shelf.put("com.acme.test", fault_library(name));
        shelf.allow("com.acme.test");
        const auto registry = shelf.load();
        EXPECT_EQ(texts(registry.problems()), "");
        const auto found = registry.find(kNotifier, "test");
        ASSERT_TRUE(found);
        EXPECT_EQ((*found)->trust, Trust::pinned);
        EXPECT_EQ((*found)->isolation, Isolation::in_process);
    }
}

// 1
TEST(LoadFault, WhatIsNoLibraryForThisMachineIsRefused) {
    const auto good = bytes_of(fault_library("good"));
    const auto patched = [&](std::size_t at, std::string_view bytes) {
        auto copy = good;
        copy.replace(at, bytes.size(), bytes);
        return copy;
    };
    const unsigned other = host_machine() == EM_AARCH64 ? EM_X86_64 : EM_AARCH64;
    const std::string machine{static_cast<char>(other & 0xff), static_cast<char>(other >> 8)};
    const struct {
        const char* name;
        std::string bytes;
        Code code;
        const char* why;
    } kCases[] = {
        {"a text", "#!/bin/sh\necho hello\n", Code::invalid, "not a whole ELF library"},
        {"empty", "", Code::invalid, "is empty"},
        {"four bytes", "\177ELF", Code::invalid, "not a whole ELF library"},
        {"another machine", patched(offsetof(Elf64_Ehdr, e_machine), machine), Code::unsupported,
         "this host is"},
        {"32 bit", patched(EI_CLASS, "\1"), Code::unsupported, "another kind of machine"},
        {"big endian", patched(EI_DATA, "\2"), Code::unsupported, "another kind of machine"},
        {"a program", patched(offsetof(Elf64_Ehdr, e_type), "\2"), Code::invalid, "not a library"},
    };
    test::TempDir dir;
    for (const auto& c : kCases) {
        const auto file = dir.path() + "/lib.so";
        std::ofstream(file, std::ios::binary) << c.bytes;
        expect_refused(file, {c.name, c.code, c.why});
    }
}

// 1: dlopen of a cut library ends the process with SIGBUS.
TEST(LoadFault, ACutLibraryIsRefusedWhereverItIsCut) {
    const auto good = bytes_of(fault_library("good"));
    test::TempDir dir;
    const auto file = dir.path() + "/lib.so";
    for (std::size_t size = 1; size < good.size(); size += good.size() / 61 + 1) {
        std::ofstream(file, std::ios::binary) << good.substr(0, size);
        expect_refused(file, {"cut", Code::invalid, "not a whole ELF library"});
    }
    std::ofstream(file, std::ios::binary) << good.substr(0, good.size() - 1);
    expect_refused(file, {"one byte short", Code::invalid, "not a whole ELF library"});
}

// 2, 3 and the link rules of 9
TEST(LoadFault, ALibraryThatBreaksALinkRuleIsRefused) {
    const Case kCases[] = {
        {"no_entry", Code::invalid, "exports no bkt_module_v0"},
        {"extra_export", Code::invalid, "exports 'acme_helper' besides bkt_module_v0"},
        {"only_v2", Code::unsupported, "speaks only 'bkt_module_v2'"},
        {"executable_stack", Code::invalid, "executable stack"},
        {"static_tls", Code::invalid, "static thread-local memory"},
        {"text_relocation", Code::invalid, "text relocations"},
        {"relative_runpath", Code::invalid, "looks for libraries in 'lib'"},
        {"origin_runpath", Code::invalid, "looks for libraries in '$ORIGIN/lib'"},
        {"tmp_runpath", Code::denied, "everybody may write '/tmp'"},
#ifndef __clang__  // which makes no such symbols
        {"unique", Code::invalid, "exports the unique symbol"},
#endif
    };
    for (const auto& c : kCases) expect_refused(fault_library(c.name), c);
}

// 3, 4
TEST(LoadFault, AModuleThatBreaksARuleIsRefused) {
    const Case kCases[] = {
        {"newer_minor", Code::unsupported, "needs plugin interface 0.99, this program offers 0."},
        {"entry_null", Code::fault, "its entry returned nothing"},
        {"size_0", Code::fault, "its module has the size 0"},
        {"size_1", Code::fault, "its module has the size 1"},
        {"size_huge", Code::fault, "its module has the size 4294967295"},
        {"null_id", Code::fault, "its id is missing"},
        {"odd_id", Code::fault, "its id is missing or not made of letters"},
        {"null_ops", Code::fault, "component 'test' has no table"},
        {"null_kind", Code::fault, "a component has no kind"},
        {"null_name", Code::fault, "a component's name is missing"},
        {"null_component", Code::fault, "a component is NULL"},
        {"null_list", Code::fault, "its list of components is NULL"},
        {"component_size_8", Code::fault, "a component has the size 8"},
        {"no_component", Code::fault, "it offers nothing"},
        {"count_huge", Code::fault, "it lists too many components"},
        {"twin_names", Code::fault, "it offers 'test' twice"},
        {"bad_schema", Code::fault, "is not a JSON object"},
        {"bad_utf8", Code::fault, "is not UTF-8"},
    };
    // The manifest says nothing wrong: only the loaded module can.
    for (const auto& c : kCases) expect_refused(fault_library(c.name), c);
}

// 3: told by the manifest alone, before any of its code runs.
TEST(LoadFault, AnInterfaceThisProgramLacksIsRefusedUnloaded) {
    expect_refused(fault_library("witness"),
                   {"minor", Code::unsupported, "it needs plugin interface 0.7",
                    [](Manifest& m) { m.abi_min_minor = 7; }});
    expect_refused(fault_library("witness"),
                   {"major", Code::unsupported, "it needs plugin interface 2.0",
                    [](Manifest& m) { m.abi_major = 2; }});
}

// 6
TEST(LoadFault, WhatThisHostLacksIsNamedBeforeTheLoaderWould) {
    expect_refused(fault_library("needs_absent"), {"missing library", Code::unsupported,
                                                   "it needs the library 'libbkt_absent.so'"});
    expect_refused(fault_library("newer_glibcxx"),
                   {"newer runtime", Code::unsupported,
                    "it needs GLIBCXX_3.4.99, this host's libstdc++.so.6 has up to GLIBCXX_3.4."});
}

TEST(LoadFault, AManifestThatDescribesAnotherModuleIsRefused) {
    const Case kCases[] = {
        {"version", Code::fault, "its version differs", [](Manifest& m) { m.version = "9.9.9"; }},
        {"components", Code::fault, "what it offers differs",
         [](Manifest& m) { m.components[0].name = "other"; }},
        {"needs", Code::fault, "what it needs differs",
         [](Manifest& m) { m.needs = {"bkt.exec/1"}; }},
    };
    for (const auto& c : kCases) expect_refused(fault_library("good"), c);
}

// 9: built by baktainer_add_plugin, each of two plugins has its own inline static.
TEST(LoadFault, TwoPluginsWithTheSameInlineStaticHaveOneEach) {
    Shelf shelf;
    for (const std::string n : {"1", "2"}) {
        const auto id = "com.acme.static" + n;
        shelf.put(id, BAKTAINER_STATIC_PLUGINS "/libfault_static_" + n + ".so", [&](Manifest& m) {
            m.vendor = "", m.components = {{"count/0", "static" + n, "static" + n, ""}};
        });
        shelf.allow(id);
    }
    const auto registry = shelf.load();
    ASSERT_EQ(registry.components().size(), 2u) << texts(registry.problems());
    struct Ops {
        std::uint32_t size, flags;
        int (*count)();
    };
    for (const int n : {1, 2}) {
        const auto found = registry.find("count/0", "static" + std::to_string(n));
        ASSERT_TRUE(found);
        const auto* ops = static_cast<const Ops*>((*found)->ops);
        EXPECT_EQ(ops->count(), n * 100);
        EXPECT_EQ(ops->count(), n * 100 + 1);
    }
}

}  // namespace
}  // namespace bkt::plugin
