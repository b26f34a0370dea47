#include "core/plugin/elf_rules.hpp"

#include <algorithm>

#include "baktainer/abi/abi.h"

namespace bkt::plugin {

namespace {

constexpr std::string_view kEntry = "bkt_module_v";
constexpr const char* kBuildRight = "build it with baktainer_add_plugin(), which sees to it";

bool is_entry(std::string_view symbol) {
    return symbol.starts_with(kEntry) && symbol.size() > kEntry.size() &&
           std::all_of(symbol.begin() + kEntry.size(), symbol.end(),
                       [](char c) { return c >= '0' && c <= '9'; });
}

Status check_kind(const ElfFacts& f) {
    if (!f.native_form || f.machine != host_machine())
        return Error{Code::unsupported,
                     "it is built for " +
                         (f.native_form ? machine_name(f.machine) : "another kind of machine") +
                         ", this host is " + machine_name(host_machine()),
                     "install the plugin's build for this machine"};
    if (!f.library)
        return Error{Code::invalid, "it is a program or an object, not a library", kBuildRight};
    return {};
}

Status check_exports(const ElfFacts& f) {
    const auto& all = f.exports;
    if (!f.unique.empty())
        return Error{Code::invalid,
                     "it exports the unique symbol '" + f.unique.front() +
                         "', which every library of the process would share",
                     kBuildRight};
    const auto stray = std::find_if_not(all.begin(), all.end(), is_entry);
    const bool ours = std::find(all.begin(), all.end(), BKT_MODULE_SYMBOL) != all.end();
    if (!ours && stray == all.end() && !all.empty())
        return Error{Code::unsupported,
                     "it speaks only '" + all.front() + "', this program speaks " BKT_MODULE_SYMBOL,
                     "install the plugin's build for this version of Baktainer"};
    if (!ours)
        return Error{Code::invalid, "it exports no " BKT_MODULE_SYMBOL,
                     "it is not a Baktainer plugin, or was built for another version"};
    if (stray != all.end())
        return Error{Code::invalid, "it exports '" + *stray + "' besides " BKT_MODULE_SYMBOL,
                     kBuildRight};
    return {};
}

Status check_linkage(const ElfFacts& f) {
    const auto refuse = [](const char* what, const char* hint) {
        return Error{Code::invalid, what, hint};
    };
    if (f.text_relocations)
        return refuse("its code must be rewritten to load (text relocations)",
                      "compile it with -fPIC");
    if (f.executable_stack)
        return refuse("it asks for an executable stack", "link it with -z noexecstack");
    if (f.static_tls)
        return refuse(
            "it needs static thread-local memory, which a process has little of",
            "do not link an allocator such as jemalloc into it, nor use initial-exec TLS");
    for (const auto& dir : f.run_path)
        if (!dir.starts_with('/') || dir.find('$') != dir.npos)
            return Error{
                Code::invalid, "it looks for libraries in '" + dir + "'",
                "link without a relative RPATH: it is loaded from a copy that has no place"};
    return {};
}

}  // namespace

Status check_elf(const ElfFacts& facts) {
    BKT_TRY(check_kind(facts));
    BKT_TRY(check_exports(facts));
    return check_linkage(facts);
}

std::string runtime_of(const ElfFacts& facts) {
    const auto needs = [&](std::string_view prefix) {
        return std::any_of(facts.needed.begin(), facts.needed.end(),
                           [&](const auto& name) { return name.starts_with(prefix); });
    };
    const bool gnu = needs("libstdc++.so."), llvm = needs("libc++.so.");
    return gnu && llvm ? "both" : gnu ? "libstdc++" : llvm ? "libc++" : "none";
}

}  // namespace bkt::plugin
