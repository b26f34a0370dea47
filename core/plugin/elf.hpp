// plugin/elf.hpp: what a library's file tells about itself, read by libelf before any of it runs.
//
// dlopen runs a library's constructors, ends the process with SIGBUS on a cut file, and answers a missing
// symbol version with a riddle; so everything that can be known is known first. This guards against
// mistakes and damage and gives clear sentences. It is no wall against an author: whose code is loaded
// can do what this process can (docs/decisions/0005).
#pragma once

#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "baktainer/result.hpp"

namespace bkt::plugin {

// Version `name` of library `file`, e.g. GLIBCXX_3.4.30 of libstdc++.so.6.
struct VersionNeed {
    std::string file, name;
    auto operator<=>(const VersionNeed&) const = default;
};

struct ElfFacts {
    bool library = false;              // ET_DYN
    bool native_form = false;          // 64-bit little-endian
    unsigned machine = 0;              // EM_*
    std::vector<std::string> exports;  // every symbol it defines for others, in the file's order
    std::vector<std::string> unique;   // those of them that are STB_GNU_UNIQUE
    bool text_relocations = false;
    bool executable_stack = false;  // asked for, or not declined
    bool static_tls = false;
    std::vector<std::string> run_path;  // folders of RPATH and RUNPATH
    std::vector<std::string> needed;    // libraries, e.g. "libc.so.6"
    std::vector<VersionNeed> versions;  // that it needs of them
};

// Facts of a whole ELF file. Code::invalid for anything else: cut, tables that point outside, tables for
// people that differ from those the loader uses.
Result<ElfFacts> read_elf(std::span<const std::byte> file);

// "x86_64", "aarch64", or "machine 40".
std::string machine_name(unsigned machine);
// EM_* of this program.
unsigned host_machine();
// The highest version "<family>_a.b.c" needed, as "a.b.c"; "" when none is.
std::string highest_version(const std::vector<VersionNeed>& versions, std::string_view family);
// Compares "2.4" and "2.34" by their numbers: <0, 0, >0.
int compare_versions(std::string_view a, std::string_view b);

// The versions a library of this host defines. `file` is one of the system's own.
Result<std::set<std::string>> defined_versions(const std::string& file);

}  // namespace bkt::plugin
