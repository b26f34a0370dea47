// Ways in which the rogue's process ends, hangs, stops or is used up.
#include <signal.h>

#include <any>
#include <bitset>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <future>
#include <ios>
#include <new>
#include <optional>
#include <regex>
#include <stdexcept>
#include <system_error>
#include <typeinfo>
#include <variant>
#include <vector>

#include "tests/fault/worker/rogue/instance.hpp"

namespace rogue {
namespace {

// One of each type the standard library throws, and two it does not.
const struct {
    const char* mode;
    void (*now)();
} kThrows[] = {
    {"throw int", [] { throw 42; }},
    {"throw a type of its own", [] { throw Instance{}; }},
    {"throw exception", [] { throw std::exception(); }},
    {"throw bad_alloc", [] { throw std::bad_alloc(); }},
    {"throw bad_array_new_length", [] { throw std::bad_array_new_length(); }},
    {"throw bad_any_cast", [] { throw std::bad_any_cast(); }},
    {"throw bad_cast", [] { throw std::bad_cast(); }},
    {"throw bad_exception", [] { throw std::bad_exception(); }},
    {"throw bad_function_call", [] { throw std::bad_function_call(); }},
    {"throw bad_optional_access", [] { throw std::bad_optional_access(); }},
    {"throw bad_typeid", [] { throw std::bad_typeid(); }},
    {"throw bad_variant_access", [] { throw std::bad_variant_access(); }},
    {"throw bad_weak_ptr", [] { throw std::bad_weak_ptr(); }},
    {"throw domain_error", [] { throw std::domain_error("x"); }},
    {"throw filesystem_error", [] { throw std::filesystem::filesystem_error("x", {}); }},
    {"throw future_error", [] { throw std::future_error(std::future_errc::no_state); }},
    {"throw invalid_argument", [] { throw std::invalid_argument("x"); }},
    {"throw ios_base::failure", [] { throw std::ios_base::failure("x"); }},
    {"throw length_error", [] { throw std::length_error("x"); }},
    {"throw logic_error", [] { throw std::logic_error("x"); }},
    {"throw out_of_range", [] { throw std::out_of_range("x"); }},
    {"throw overflow_error", [] { throw std::overflow_error("x"); }},
    {"throw range_error", [] { throw std::range_error("x"); }},
    {"throw regex_error", [] { throw std::regex_error(std::regex_constants::error_brack); }},
    {"throw runtime_error", [] { throw std::runtime_error("from a plugin"); }},
    {"throw system_error", [] { throw std::system_error(EIO, std::generic_category()); }},
    {"throw underflow_error", [] { throw std::underflow_error("x"); }},
};

void use_up_memory() {
    std::vector<char*> all;
    for (;;) {
        all.push_back(new char[64 << 20]);
        std::memset(all.back(), 1, 4096);
    }
}

void use_up_the_stack(int depth) {
    volatile char big[1 << 20];
    big[0] = static_cast<char>(depth);
    if (depth < 1'000'000) use_up_the_stack(depth + 1);  // an end that is never reached
    big[1] = big[0];
}

}  // namespace

void misbehave(const Instance& i) {
    attack_the_wire(i);
    for (const auto& one : kThrows)
        if (is(i, one.mode)) one.now();
    if (is(i, "segfault")) {
        volatile int* nowhere = nullptr;
        *nowhere = 1;
    }
    if (is(i, "abort")) std::abort();
    if (is(i, "exit")) std::exit(0);
    if (is(i, "_exit")) ::_exit(3);
    if (is(i, "kill")) ::kill(::getpid(), SIGKILL);
    if (is(i, "out of memory")) use_up_memory();
    if (is(i, "stack overflow")) use_up_the_stack(0);
    if (is(i, "hang")) {
        say(i, "hangs");
        hang();
    }
    if (is(i, "ignore SIGTERM and hang")) {
        ::signal(SIGTERM, SIG_IGN);
        say(i, "hangs");
        hang();
    }
    // Every thread of it: nobody is left there to hear the host, or that it is gone.
    if (is(i, "stop")) {
        say(i, "stops");
        ::raise(SIGSTOP);
    }
    if (is(i, "close every descriptor"))
        for (int fd = 3; fd < 256; ++fd) ::close(fd);
}

}  // namespace rogue
