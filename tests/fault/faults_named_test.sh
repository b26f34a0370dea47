#!/usr/bin/env bash
# faults_named_test.sh BUILD - every test that docs/abi/faults.md names exists in the build folder BUILD.
set -euo pipefail
page=$(dirname "${BASH_SOURCE[0]}")/../../docs/abi/faults.md
there=$(ctest --test-dir "$1" -N | sed -nE 's/^ *Test +#[0-9]+: //p')
# shellcheck disable=SC2016  # backquotes of Markdown
named=$(grep -oE '`[A-Za-z]+\.[A-Za-z0-9]+`' "$page" | tr -d '`' | sort -u)
[ "$(wc -l <<<"$named")" -ge 20 ] || { printf '%s names almost no test\n' "$page" >&2; exit 1; }
missing=$(grep -vxF -f <(printf '%s\n' "$there") <<<"$named" || true)
[ -z "$missing" ] || { printf '%s names tests that are not there:\n%s\n' "$page" "$missing" >&2; exit 1; }
