#include "core/plugin/elf.hpp"

#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>

#include <charconv>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>

#include "baktainer/unique_fd.hpp"

namespace bkt::plugin {

namespace {

constexpr std::size_t kMaxSymbols = 100'000;
constexpr std::size_t kMaxEntries = 4096;  // segments, sections, needed versions
constexpr std::size_t kMaxNameBytes = 4096;

using ElfHandle = std::unique_ptr<Elf, decltype(&elf_end)>;

Error broken(const std::string& why) {
    return {Code::invalid, "not a whole ELF library: " + why,
            "copy the file again, or ask its author for one"};
}

// Whether [offset, offset + size) lies in a file of `whole` bytes.
bool inside(std::uint64_t offset, std::uint64_t size, std::uint64_t whole) {
    return offset <= whole && size <= whole - offset;
}

struct Section {
    Elf_Scn* scn;
    GElf_Shdr head;
    Elf_Data* data;  // may be nullptr
    std::size_t entries() const {
        return head.sh_entsize ? static_cast<std::size_t>(head.sh_size / head.sh_entsize) : 0;
    }
};

class Reader final {
public:
    explicit Reader(std::span<const std::byte> file) : file_(file) {
        elf_version(EV_CURRENT);
        // libelf takes char*, and writes only when told to (elf_update, elf_flagdata).
        auto* bytes = const_cast<char*>(reinterpret_cast<const char*>(file.data()));
        elf_ = ElfHandle(elf_memory(bytes, file.size()), &elf_end);
    }

    Result<ElfFacts> read() {
        BKT_TRY(header());
        if (!facts_.native_form) return std::move(facts_);  // the rest would be read as ours
        BKT_TRY(segments());
        BKT_TRY(sections());
        return std::move(facts_);
    }

private:
    Status header() {
        if (!elf_ || elf_kind(elf_.get()) != ELF_K_ELF) return broken("it does not begin as one");
        GElf_Ehdr head;
        if (!gelf_getehdr(elf_.get(), &head)) return broken("it has no header");
        facts_.library = head.e_type == ET_DYN;
        facts_.machine = head.e_machine;
        facts_.native_form =
            head.e_ident[EI_CLASS] == ELFCLASS64 && head.e_ident[EI_DATA] == ELFDATA2LSB;
        if (!facts_.native_form) return {};
        if (head.e_shnum > kMaxEntries || head.e_phnum > kMaxEntries)
            return broken("it has too many parts");
        if (!inside(head.e_phoff, std::uint64_t{head.e_phnum} * head.e_phentsize, file_.size()) ||
            !inside(head.e_shoff, std::uint64_t{head.e_shnum} * head.e_shentsize, file_.size()))
            return broken("it ends before its tables");
        return {};
    }

    Status segments() {
        std::size_t count = 0;
        if (elf_getphdrnum(elf_.get(), &count) != 0 || count > kMaxEntries)
            return broken("its segments cannot be read");
        facts_.executable_stack = true;  // the kernel's choice where a file does not say
        for (std::size_t i = 0; i < count; ++i) {
            GElf_Phdr head;
            if (!gelf_getphdr(elf_.get(), static_cast<int>(i), &head))
                return broken("its segments cannot be read");
            if (head.p_type == PT_GNU_STACK) facts_.executable_stack = head.p_flags & PF_X;
            if (head.p_type == PT_DYNAMIC) dynamic_offset_ = head.p_offset;
            if (head.p_type == PT_LOAD && !inside(head.p_offset, head.p_filesz, file_.size()))
                return broken("it ends before its last segment");
        }
        return dynamic_offset_ ? Status{} : broken("it has no dynamic segment");
    }

    Status sections() {
        std::optional<Section> dynamic, symbols, versions;
        for (Elf_Scn* scn = elf_nextscn(elf_.get(), nullptr); scn;
             scn = elf_nextscn(elf_.get(), scn)) {
            Section s{scn, {}, nullptr};
            if (!gelf_getshdr(scn, &s.head)) return broken("its sections cannot be read");
            auto* slot = s.head.sh_type == SHT_DYNAMIC       ? &dynamic
                         : s.head.sh_type == SHT_DYNSYM      ? &symbols
                         : s.head.sh_type == SHT_GNU_verneed ? &versions
                                                             : nullptr;
            if (!slot) continue;
            if (*slot) return broken("it has a table twice");
            s.data = elf_getdata(scn, nullptr);
            if (!s.data) return broken("a table of it lies outside the file");
            *slot = s;
        }
        if (!dynamic || !symbols) return broken("it was stripped of its section table");
        BKT_TRY(read_dynamic(*dynamic, *symbols));
        BKT_TRY(read_symbols(*symbols));
        return versions ? read_versions(*versions) : Status{};
    }

    Result<std::string> text(std::size_t section, std::size_t offset) {
        const char* at = elf_strptr(elf_.get(), section, offset);
        if (!at) return broken("a name lies outside its table");
        const std::size_t length = ::strnlen(at, kMaxNameBytes);
        if (length == kMaxNameBytes) return broken("a name is too long");
        return std::string(at, length);
    }

    // The loader goes by the dynamic segment, we by sections: both must mean the same tables.
    Status read_dynamic(const Section& s, const Section& symbols) {
        if (s.head.sh_offset != *dynamic_offset_) return broken("its tables contradict each other");
        for (std::size_t i = 0; i < s.entries(); ++i) {
            GElf_Dyn entry;
            if (!gelf_getdyn(s.data, static_cast<int>(i), &entry))
                return broken("its dynamic table cannot be read");
            switch (entry.d_tag) {
                case DT_NULL: return {};
                case DT_NEEDED: {
                    BKT_LET(auto name, text(s.head.sh_link, entry.d_un.d_val));
                    facts_.needed.push_back(std::move(name));
                    break;
                }
                case DT_RPATH:
                case DT_RUNPATH: {
                    BKT_LET(const auto path, text(s.head.sh_link, entry.d_un.d_val));
                    add_run_path(path);
                    break;
                }
                case DT_TEXTREL: facts_.text_relocations = true; break;
                case DT_FLAGS:
                    facts_.text_relocations |= (entry.d_un.d_val & DF_TEXTREL) != 0;
                    facts_.static_tls |= (entry.d_un.d_val & DF_STATIC_TLS) != 0;
                    break;
                case DT_SYMTAB:
                    if (entry.d_un.d_ptr != symbols.head.sh_addr)
                        return broken("its tables contradict each other");
                    break;
                default: break;
            }
            if (facts_.needed.size() > kMaxEntries) return broken("it needs too many libraries");
        }
        return {};
    }

    void add_run_path(std::string_view path) {
        for (;;) {  // an empty piece means the current folder, so it is kept
            const auto at = path.find(':');
            facts_.run_path.emplace_back(path.substr(0, at));
            if (at == path.npos) return;
            path.remove_prefix(at + 1);
        }
    }

    Status read_symbols(const Section& s) {
        if (s.entries() > kMaxSymbols) return broken("it has too many symbols");
        for (std::size_t i = 0; i < s.entries(); ++i) {
            GElf_Sym symbol;
            if (!gelf_getsym(s.data, static_cast<int>(i), &symbol))
                return broken("its symbols cannot be read");
            const auto bind = GELF_ST_BIND(symbol.st_info);
            if (symbol.st_shndx == SHN_UNDEF || bind == STB_LOCAL) continue;
            BKT_LET(auto name, text(s.head.sh_link, symbol.st_name));
            if (bind == STB_GNU_UNIQUE) facts_.unique.push_back(name);
            facts_.exports.push_back(std::move(name));
        }
        return {};
    }

    Status read_versions(const Section& s) {
        GElf_Verneed need;
        GElf_Vernaux aux;
        for (std::size_t at = 0;; at += need.vn_next) {
            if (at > s.data->d_size || !gelf_getverneed(s.data, static_cast<int>(at), &need))
                return broken("its versions cannot be read");
            BKT_LET(const auto file, text(s.head.sh_link, need.vn_file));
            std::size_t aux_at = at + need.vn_aux;
            for (unsigned i = 0; i < need.vn_cnt; ++i, aux_at += aux.vna_next) {
                if (aux_at > s.data->d_size ||
                    !gelf_getvernaux(s.data, static_cast<int>(aux_at), &aux))
                    return broken("its versions cannot be read");
                BKT_LET(auto name, text(s.head.sh_link, aux.vna_name));
                // A weak need may be unmet: the loader only warns.
                if (!(aux.vna_flags & VER_FLG_WEAK))
                    facts_.versions.push_back({file, std::move(name)});
                if (++seen_versions_ > kMaxEntries) return broken("it needs too many versions");
                if (aux.vna_next == 0) break;
            }
            if (need.vn_next == 0) return {};
            if (++seen_versions_ > kMaxEntries) return broken("it needs too many versions");
        }
    }

    std::span<const std::byte> file_;
    ElfHandle elf_{nullptr, &elf_end};
    ElfFacts facts_;
    std::optional<std::uint64_t> dynamic_offset_;
    std::size_t seen_versions_ = 0;
};

}  // namespace

Result<ElfFacts> read_elf(std::span<const std::byte> file) { return Reader(file).read(); }

std::string machine_name(unsigned machine) {
    switch (machine) {
        case EM_X86_64: return "x86_64";
        case EM_AARCH64: return "aarch64";
        default: return "machine " + std::to_string(machine);
    }
}

unsigned host_machine() {
#if defined(__x86_64__)
    return EM_X86_64;
#elif defined(__aarch64__)
    return EM_AARCH64;
#else
#error "say which EM_* this machine is"
#endif
}

int compare_versions(std::string_view a, std::string_view b) {
    const auto next = [](std::string_view& text) {
        unsigned n = 0;
        const auto at = text.find('.');
        const auto piece = text.substr(0, at);
        std::from_chars(piece.data(), piece.data() + piece.size(), n);
        text = at == text.npos ? std::string_view{} : text.substr(at + 1);
        return n;
    };
    while (!a.empty() || !b.empty())
        if (const auto x = next(a), y = next(b); x != y) return x < y ? -1 : 1;
    return 0;
}

std::string highest_version(const std::vector<VersionNeed>& versions, std::string_view family) {
    std::string highest;
    const std::string prefix = std::string(family) + "_";
    for (const auto& [file, name] : versions)
        if (name.starts_with(prefix) && name.size() > prefix.size() && name[prefix.size()] >= '0' &&
            name[prefix.size()] <= '9' && compare_versions(name.substr(prefix.size()), highest) > 0)
            highest = name.substr(prefix.size());
    return highest;
}

Result<std::set<std::string>> defined_versions(const std::string& file) {
    const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    elf_version(EV_CURRENT);
    const ElfHandle elf(fd ? elf_begin(fd.get(), ELF_C_READ_MMAP, nullptr) : nullptr, &elf_end);
    if (!elf) return Error{Code::failed, "cannot read '" + file + "'"};
    std::set<std::string> names;
    for (Elf_Scn* scn = elf_nextscn(elf.get(), nullptr); scn; scn = elf_nextscn(elf.get(), scn)) {
        GElf_Shdr head;
        if (!gelf_getshdr(scn, &head) || head.sh_type != SHT_GNU_verdef) continue;
        Elf_Data* data = elf_getdata(scn, nullptr);
        GElf_Verdef def;
        GElf_Verdaux aux;
        for (std::size_t at = 0; data && gelf_getverdef(data, static_cast<int>(at), &def);
             at += def.vd_next) {
            if (gelf_getverdaux(data, static_cast<int>(at + def.vd_aux), &aux))
                if (const char* name = elf_strptr(elf.get(), head.sh_link, aux.vda_name))
                    names.emplace(name);
            if (def.vd_next == 0) break;
        }
    }
    return names;
}

}  // namespace bkt::plugin
