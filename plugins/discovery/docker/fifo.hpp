// fifo.hpp: a way out of a container that does not lead through its engine: a FIFO in its /dev/shm, read here.
//
// An engine hands every byte of an attached stream through three processes, which costs more than the dump does.
// The tool is started by the engine all the same, as who and with what limits it always is, and the engine says
// how it ended; only its standard output is another. The end of a FIFO proves nothing: the exit status does.
#pragma once

#include <optional>
#include <span>

#include "plugins/discovery/docker/container_root.hpp"

namespace bkt::docker {

inline constexpr const char* kFifoVariable = "BAKTAINER_FIFO";

class Fifo final {
public:
    // Whether a container can have one: it has a /bin/sh, to open it, and a /dev/shm of its own in memory.
    // Code::unsupported with the reason.
    static Status check(const ContainerRoot& root);
    // `name` is the secret part of its path: who may not read the tool's environment does not learn it, and the
    // folder it is in cannot be listed. Code::unsupported as above, or where it cannot be made.
    static Result<Fifo> make(const ContainerRoot& root, const std::string& name);
    Fifo(Fifo&&) noexcept = default;
    Fifo& operator=(Fifo&&) = delete;
    ~Fifo() { remove(); }

    // In the container. Who opens it for writing waits for nobody: it is open for reading.
    const std::string& path() const { return path_; }
    int fd() const { return reader_.get(); }

    // Without blocking: nullopt = nothing now; 0 = nobody has it open for writing, yet or any more.
    Result<std::optional<std::size_t>> try_read(std::span<std::byte> into);
    // Somebody had it open for writing, and nobody has it now.
    bool is_over() const;

private:
    Fifo(UniqueFd shm, std::string folder, std::string name);
    Status open();
    void remove();

    UniqueFd shm_, folder_fd_, reader_;
    std::string folder_, name_, path_;
};

}  // namespace bkt::docker
