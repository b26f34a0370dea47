#include "core/plugin/wire/channel.hpp"

#include <poll.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>

#include <cerrno>
#include <cstring>

namespace bkt::wire {
namespace {

// A datagram that is this alone means: the message is in the memory file that comes with it.
constexpr std::uint8_t kElsewhere = 0xff;
constexpr timeval kSendLimit{10, 0};
constexpr std::size_t kBufferBytes = kMaxInlineBytes + 1024;

Error failure(const char* what) {
    return {Code::unavailable, std::string(what) + ": " + std::strerror(errno)};
}

Result<UniqueFd> memory_file(const std::vector<std::uint8_t>& bytes) {
    UniqueFd file(::memfd_create("message", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!file) return failure("memfd_create");
    for (std::size_t at = 0; at < bytes.size();) {
        const auto n = ::write(file.get(), bytes.data() + at, bytes.size() - at);
        if (n <= 0) return failure("writing a memory file");
        at += static_cast<std::size_t>(n);
    }
    return file;
}

Result<std::vector<std::uint8_t>> content(const UniqueFd& file) {
    struct stat st {};
    if (::fstat(file.get(), &st) != 0 || !S_ISREG(st.st_mode) || st.st_size < 0 ||
        static_cast<std::size_t>(st.st_size) > kMaxMessageBytes)
        return Error{Code::corrupt, "a message too large"};
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(st.st_size));
    for (std::size_t at = 0; at < bytes.size();) {
        const auto n =
            ::pread(file.get(), bytes.data() + at, bytes.size() - at, static_cast<off_t>(at));
        if (n <= 0) return Error{Code::corrupt, "a message that shrinks"};
        at += static_cast<std::size_t>(n);
    }
    return bytes;
}

// The descriptors of a received datagram; every one is owned at once, wanted or not.
std::vector<UniqueFd> descriptors(msghdr& header) {
    std::vector<UniqueFd> fds;
    for (cmsghdr* c = CMSG_FIRSTHDR(&header); c; c = CMSG_NXTHDR(&header, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) continue;
        const std::size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int fd = -1;
            std::memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof fd);
            fds.emplace_back(fd);
        }
    }
    return fds;
}

Result<std::optional<Message>> read_message(std::span<const std::uint8_t> bytes, msghdr& header) {
    auto fds = descriptors(header);
    if (header.msg_flags & (MSG_TRUNC | MSG_CTRUNC))
        return Error{Code::corrupt, "a message too large, or with too many descriptors"};
    std::vector<std::uint8_t> large;
    if (bytes.size() == 1 && bytes[0] == kElsewhere) {
        if (fds.empty()) return Error{Code::corrupt, "a message without its content"};
        BKT_LET(large, content(fds.front()));
        fds.erase(fds.begin());
        bytes = large;
    }
    auto decoded_message = decoded(bytes);
    if (!large.empty()) ::explicit_bzero(large.data(), large.size());
    BKT_LET(Message message, std::move(decoded_message));
    message.fds = std::move(fds);
    return std::optional(std::move(message));
}

}  // namespace

Channel::Channel(UniqueFd socket)
    : socket_(std::move(socket)), buffer_(new std::uint8_t[kBufferBytes]) {
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_SNDTIMEO, &kSendLimit, sizeof kSendLimit);
}

Result<std::pair<UniqueFd, UniqueFd>> Channel::pair() {
    int fds[2];
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) != 0)
        return failure("socketpair");
    return std::pair(UniqueFd(fds[0]), UniqueFd(fds[1]));
}

void Channel::shut() const { ::shutdown(socket_.get(), SHUT_RDWR); }

Status Channel::send(Type type, std::uint64_t id, std::string_view method, const json& body,
                     std::span<const int> fds) const {
    std::vector<std::uint8_t> bytes = encoded(type, id, method, body);
    std::vector<int> all(fds.begin(), fds.end());
    UniqueFd elsewhere;
    if (bytes.size() > kMaxMessageBytes) return Error{Code::corrupt, "a message too large"};
    if (bytes.size() > kMaxInlineBytes) {
        BKT_LET(elsewhere, memory_file(bytes));
        bytes.assign(1, kElsewhere);
        all.insert(all.begin(), elsewhere.get());
    }
    if (all.size() > kMaxFds + 1) return Error{Code::bug, "too many descriptors"};
    iovec data{bytes.data(), bytes.size()};
    alignas(cmsghdr) char control[CMSG_SPACE((kMaxFds + 1) * sizeof(int))] = {};
    msghdr header{};
    header.msg_iov = &data;
    header.msg_iovlen = 1;
    if (!all.empty()) {
        header.msg_control = control;
        header.msg_controllen = CMSG_SPACE(all.size() * sizeof(int));
        cmsghdr* c = CMSG_FIRSTHDR(&header);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(all.size() * sizeof(int));
        std::memcpy(CMSG_DATA(c), all.data(), all.size() * sizeof(int));
    }
    ssize_t n = -1;
    do n = ::sendmsg(socket_.get(), &header, MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    const auto sent = n < 0 ? Status(failure("sending a message")) : Status();
    ::explicit_bzero(bytes.data(), bytes.size());  // a tool's environment may hold a password
    return sent;
}

bool Channel::await(std::chrono::milliseconds limit, std::chrono::microseconds spin) const {
    pollfd look{socket_.get(), POLLIN, 0};
    if (spin.count() > 0) {
        const auto until = std::chrono::steady_clock::now() + spin;
        do {
            if (::poll(&look, 1, 0) > 0) return true;
            ::sched_yield();  // the other side may need this very processor
        } while (std::chrono::steady_clock::now() < until);
    }
    const int ready = ::poll(&look, 1, static_cast<int>(limit.count()));
    return ready > 0 || (ready < 0 && errno != EINTR);
}

Result<std::optional<Message>> Channel::receive() const {
    iovec data{buffer_.get(), kBufferBytes};
    alignas(cmsghdr) char control[CMSG_SPACE((kMaxFds + 1) * sizeof(int))];
    msghdr header{};
    header.msg_iov = &data;
    header.msg_iovlen = 1;
    header.msg_control = control;
    header.msg_controllen = sizeof control;
    ssize_t n = -1;
    do n = ::recvmsg(socket_.get(), &header, MSG_CMSG_CLOEXEC);
    while (n < 0 && errno == EINTR);
    if (n <= 0) return std::optional<Message>();
    const std::span<std::uint8_t> bytes(buffer_.get(), static_cast<std::size_t>(n));
    auto message = read_message(bytes, header);
    ::explicit_bzero(bytes.data(), bytes.size());
    return message;
}

}  // namespace bkt::wire
