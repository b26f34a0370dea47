#!/bin/sh
# headers.sh COMPILER INCLUDE LIST: compiles each file of LIST alone, C as C11, C++ as C++20, with every
# warning an error. Says SKIPPED where the compiler is not installed.
set -eu
case $1 in
    gcc*) cxx=g++${1#gcc} ;;
    clang*) cxx=clang++${1#clang} ;;
esac
if ! command -v "$1" >/dev/null || ! command -v "$cxx" >/dev/null; then
    echo "SKIPPED: $1 is not installed: run scripts/deps --test"
    exit 0
fi
flags="-Wall -Wextra -Wpedantic -Werror -fsyntax-only -I$2"
failed=0
while read -r file; do
    # shellcheck disable=SC2086  # several flags
    case $file in
        *.c) "$1" -std=c11 $flags "$file" || failed=1 ;;
        *) "$cxx" -std=c++20 $flags "$file" || failed=1 ;;
    esac
done <"$3"
exit "$failed"
