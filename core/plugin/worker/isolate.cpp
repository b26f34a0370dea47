#include "core/plugin/worker/isolate.hpp"

#include <fcntl.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "core/plugin/worker/proxy.hpp"

namespace bkt::plugin::worker {

namespace {

// A built-in is not read before it is admitted; in a worker it is loaded from memory as all others.
Result<std::shared_ptr<const SealedFile>> library_of(const Component& component) {
    if (component.file) return component.file;
    const UniqueFd fd(::open(component.path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!fd)
        return Error{Code::not_found,
                     "cannot open '" + component.path + "': " + std::strerror(errno)};
    BKT_LET(SealedFile sealed, SealedFile::read(fd.get(), component.path));
    return std::shared_ptr<const SealedFile>(std::make_shared<SealedFile>(std::move(sealed)));
}

}  // namespace

Isolate isolate_with(
    std::string program, Limits limits,
    std::function<void(const std::string& module, const std::string& what)> on_fault) {
    return [=](const Component& component) -> Result<const void*> {
        auto isolated = std::make_unique<Isolated>();
        isolated->kind = component.kind;
        isolated->name = component.name;
        auto& image = isolated->image;
        image.module = component.module;
        image.program = program;
        BKT_LET(image.library, library_of(component));
        image.trusted = component.trust == Trust::builtin;
        image.needs = component.needs;
        image.experimental = component.experimental;
        if (component.manifest) image.manifest = to_json(*component.manifest);
        image.limits = limits;
        image.on_fault = on_fault;
        return make_table(std::move(isolated));
    };
}

std::string plugin_host_program() {
    std::error_code ec;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", ec);
    return (self.parent_path().parent_path() / "lib/baktainer/baktainer-plugin-host").string();
}

}  // namespace bkt::plugin::worker
