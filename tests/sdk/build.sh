#!/bin/sh
# build.sh CMAKE SOURCE PREFIX OUT COMPILER FLAGS: builds SOURCE against the SDK in PREFIX with gcc-12,
# clang-14, ... and these C++ flags. Says SKIPPED where that compiler or its library is not installed.
set -eu
cmake=$1 source=$2 prefix=$3 out=$4 compiler=$5 flags=$6
case $compiler in
    gcc*) cxx=g++${compiler#gcc} ;;
    clang*) cxx=clang++${compiler#clang} ;;
esac
# shellcheck disable=SC2086  # several flags
if ! echo '#include <string>' | "$cxx" $flags -x c++ -fsyntax-only - 2>/dev/null; then
    echo "SKIPPED: $cxx $flags is not installed: run scripts/deps --test"
    exit 0
fi
warnings="-Wall -Wextra -Wpedantic -Werror"
mkdir -p "${out%/*}"
rm -rf "${out:?}/lib"
launcher=$(command -v ccache || true)
"$cmake" -S "$source" -B "$out" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_C_COMPILER_LAUNCHER="$launcher" -DCMAKE_CXX_COMPILER_LAUNCHER="$launcher" \
    -DCMAKE_C_COMPILER="$compiler" -DCMAKE_CXX_COMPILER="$cxx" \
    -DCMAKE_C_FLAGS="-std=c11 $warnings" -DCMAKE_CXX_FLAGS="$warnings $flags" \
    -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_FIND_USE_PACKAGE_REGISTRY=OFF >"$out.log" 2>&1 ||
    { cat "$out.log"; exit 1; }
"$cmake" --build "$out" -j 2
