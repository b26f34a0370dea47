#!/bin/sh
# deb.sh CMAKE SOURCE BUILD WORK: makes the package baktainer-sdk twice, compares, asks lintian, unpacks it and
# builds an example with nothing else of ours.
set -eu
cmake=$1 source=$2 build=$3 work=$4
if ! command -v dpkg-shlibdeps >/dev/null || ! command -v lintian >/dev/null; then
    echo "SKIPPED: dpkg-dev or lintian is not installed: run scripts/deps --test"
    exit 0
fi
rm -rf "$work"
mkdir -p "$work"
first=$("$source/scripts/package-sdk" --build "$build" --out "$work/1")
second=$("$source/scripts/package-sdk" --build "$build" --out "$work/2")
cmp "$first" "$second"
lintian --allow-root --fail-on error,warning "$first"
dpkg-deb -x "$first" "$work/root"
"$cmake" -S "$work/root/usr/share/baktainer/examples/hello-notifier" -B "$work/hello" -G Ninja \
    -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$work/root/usr" >"$work/log" || { cat "$work/log"; exit 1; }
"$cmake" --build "$work/hello"
grep -q '"id": "com.acme.hello"' "$work/hello/lib/baktainer/plugins/com.acme.hello/plugin.json"
