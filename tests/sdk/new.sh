#!/bin/sh
# new.sh BAKTAINER CMAKE PREFIX WORK KIND LANG: what `baktainer plugin new` writes, built against the SDK in
# PREFIX, passes its own tests and the conformance suite, and installs to where plugins are looked for.
set -eu
baktainer=$1 cmake=$2 prefix=$3 work=$4 kind=$5 lang=$6
rm -rf "$work"
mkdir -p "$work"
cd "$work"
"$baktainer" plugin new "$kind" "com.acme.my-$kind" --lang "$lang" >written
if grep -rnE '@[A-Z]+@' "my-$kind"; then
    echo "the words above were not replaced"
    exit 1
fi
launcher=$(command -v ccache || true)
"$cmake" -S "my-$kind" -B build -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_PREFIX_PATH="$prefix" \
    -DCMAKE_C_COMPILER_LAUNCHER="$launcher" -DCMAKE_CXX_COMPILER_LAUNCHER="$launcher" \
    -DCMAKE_C_FLAGS="-Wall -Wextra -Wpedantic -Werror" \
    -DCMAKE_CXX_FLAGS="-Wall -Wextra -Wpedantic -Werror" >configured || { cat configured; exit 1; }
"$cmake" --build build -j 2
ctest --test-dir build --output-on-failure --no-tests=error
echo '{"config": {"url": "https://service.example.org"}, "secrets": {"token": "t0ken"}}' >check.json
"$baktainer" plugin check "build/lib/baktainer/plugins/com.acme.my-$kind/libmy_$kind.so" --config check.json
"$cmake" --install build --prefix "$work/installed" >/dev/null
test -f "installed/lib/baktainer/plugins/com.acme.my-$kind/libmy_$kind.so"
test -f "installed/lib/baktainer/plugins/com.acme.my-$kind/plugin.json"
