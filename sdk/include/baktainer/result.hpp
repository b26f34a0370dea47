// result.hpp: what a fallible function returns, in the host and in plugins alike.
//
// Result<T> wears std::expected's member names (GCC 12 in C++20 mode has none), so that one day it can
// become an alias. Error says what the caller can do (code), what happened (message), and what the
// operator can try (hint); callers add context as it travels up.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "baktainer/abi/status.h"

namespace bkt {

enum class Code : std::int32_t {
    cancelled = BKT_CANCELLED,
    timeout = BKT_TIMEOUT,
    invalid = BKT_INVALID,
    not_found = BKT_NOT_FOUND,
    exists = BKT_EXISTS,
    denied = BKT_DENIED,
    unavailable = BKT_UNAVAILABLE,
    no_space = BKT_NO_SPACE,
    truncated = BKT_TRUNCATED,
    corrupt = BKT_CORRUPT,
    unsupported = BKT_UNSUPPORTED,
    conflict = BKT_CONFLICT,
    failed = BKT_FAILED,
    bug = BKT_BUG,
    fault = BKT_FAULT,
};

// The code's word in logs and JSON, e.g. "no_space"; "unknown" for a number from a newer peer.
constexpr std::string_view code_name(Code code) {
    switch (code) {
        case Code::cancelled: return "cancelled";
        case Code::timeout: return "timeout";
        case Code::invalid: return "invalid";
        case Code::not_found: return "not_found";
        case Code::exists: return "exists";
        case Code::denied: return "denied";
        case Code::unavailable: return "unavailable";
        case Code::no_space: return "no_space";
        case Code::truncated: return "truncated";
        case Code::corrupt: return "corrupt";
        case Code::unsupported: return "unsupported";
        case Code::conflict: return "conflict";
        case Code::failed: return "failed";
        case Code::bug: return "bug";
        case Code::fault: return "fault";
    }
    return "unknown";
}

struct [[nodiscard]] Error {
    Code code = Code::bug;
    std::string message;  // lowercase, names in 'single quotes', no full stop, never a secret
    std::string hint;     // one sentence an operator can act on; may be empty
    std::uint64_t retry_after_ms = 0;  // with Code::unavailable: not before; 0 = unknown

    Error(Code c, std::string msg, std::string advice = {})
        : code(c), message(std::move(msg)), hint(std::move(advice)) {}

    // Prepends where it happened: error.within("dumping 'orders'") -> "dumping 'orders': ...".
    Error within(std::string_view where) && {
        // An empty message stands for one the host already has: context would hide it.
        if (!message.empty()) message = std::string(where) + ": " + message;
        return std::move(*this);
    }
    bool operator==(const Error&) const = default;
};

template <class T>
class [[nodiscard]] Result {
public:
    using value_type = T;
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}
    template <class U>
    requires(std::is_convertible_v<U, T> && !std::is_same_v<std::decay_t<U>, T> &&
             !std::is_same_v<std::decay_t<U>, Error> && !std::is_same_v<std::decay_t<U>, Result>)
        Result(U&& value)
        : state_(std::in_place_index<0>, std::forward<U>(value)) {}

    bool has_value() const noexcept { return state_.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }
    T& value() & { return std::get<0>(state_); }
    const T& value() const& { return std::get<0>(state_); }
    T&& value() && { return std::get<0>(std::move(state_)); }
    T& operator*() & { return *std::get_if<0>(&state_); }
    const T& operator*() const& { return *std::get_if<0>(&state_); }
    T&& operator*() && { return std::move(*std::get_if<0>(&state_)); }
    T* operator->() { return std::get_if<0>(&state_); }
    const T* operator->() const { return std::get_if<0>(&state_); }
    T value_or(T other) && { return has_value() ? std::move(**this) : std::move(other); }
    Error& error() & { return *std::get_if<1>(&state_); }
    const Error& error() const& { return *std::get_if<1>(&state_); }
    Error&& error() && { return std::move(*std::get_if<1>(&state_)); }

private:
    std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
public:
    using value_type = void;
    Result() = default;
    Result(Error error) : error_(std::move(error)) {}

    bool has_value() const noexcept { return !error_; }
    explicit operator bool() const noexcept { return has_value(); }
    Error& error() & { return *error_; }
    const Error& error() const& { return *error_; }
    Error&& error() && { return std::move(*error_); }

private:
    std::optional<Error> error_;
};

using Status = Result<void>;

// Returns the error of `expr` from the calling function, if it has one.
#define BKT_TRY(expr)                                      \
    do {                                                   \
        if (auto bkt_try_result = (expr); !bkt_try_result) \
            return std::move(bkt_try_result).error();      \
    } while (0)

#define BKT_CONCAT_(a, b) a##b
#define BKT_CONCAT(a, b) BKT_CONCAT_(a, b)
// BKT_LET(auto x, f()): x is f()'s value, or the calling function returns f()'s error.
#define BKT_LET(decl, expr) BKT_LET_(BKT_CONCAT(bkt_let_, __LINE__), decl, expr)
#define BKT_LET_(tmp, decl, expr)            \
    auto tmp = (expr);                       \
    if (!tmp) return std::move(tmp).error(); \
    decl = *std::move(tmp)

}  // namespace bkt
